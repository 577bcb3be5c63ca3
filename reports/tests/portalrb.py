"""Builders for the tests about PortalRB: a proposed unit with evidence and notes, an open window, a token."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Role, Unit, User
from accounts.tests.factories import UserFactory
from assessment import services
from assessment.models import Assessment, Period, Snapshot, Stage
from assessment.tests.factories import best_entries, judge, opened, reviewer
from evidence.tests.factories import attachment, document
from reports.portalrb.models import ApiToken
from reports.portalrb.services import make_token
from review.proposing import get_period
from review.services.proposals import make_proposal
from review.services.snapshots import digest_of
from review.services.steps import take_step
from review.tests.deciding import LETTER, agency, meet_conditions
from review.tests.factories import UnitFactory, member, refreshed

PCT = "A.II.1.i.a"  # two counts
PLAIN = "A.I.1.i.a"
LINKED = "A.I.1.i.b"
TPI_NOTES = {PCT: "Sesuai laporan.", "B.II.a": "Sesuai hasil survei."}
NOTES = {PCT: "Agen perubahan ada di tiap bidang.", PLAIN: "Tim dibentuk Januari.", "B.I.a": "Survei KPK."}


def open_window(*, days: int = 10, year: int = 2026, **fields: Any) -> Period:
    """Mark a period for PortalRB, with a window that closes in `days`."""
    values = {"is_proposing": True, "proposal_closes": timezone.now() + timedelta(days=days), **fields}
    Period.objects.filter(year=year).update(**values)
    return Period.objects.get(year=year)


def token_for(agency: Unit, name: str = "PortalRB", by: User | None = None) -> tuple[ApiToken, str]:
    """Make a token; return its row and the secret."""
    row = ApiToken(name=name, agency=agency)
    return row, make_token(row, by=by or UserFactory())


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def evidenced(row: Assessment) -> None:
    """Attach a file to a plain criterion, a link to another, one document to a PCT criterion."""
    attachment(row, PLAIN)
    attachment(row, LINKED, document(row.unit, title="Notulen rapat", url="https://drive.example.go.id/notulen"))
    attachment(row, PCT, document(row.unit, title="SK Agen Perubahan", number="12/2026", name="sk.pdf"))


def decided(unit: Unit, *, target: str = "WBK", evidence: bool = True) -> Assessment:
    """Return a unit that TPI decided on, with evidence and notes of both sides, and with Tabel 5 met."""
    row = opened(unit)
    if target != row.target:
        services.set_target(assessment=row, target=target, by=UserFactory())
    if evidence:
        evidenced(row)
    entries = [replace(entry, note=NOTES.get(entry.code, "")) for entry in best_entries(row)]
    services.record_answers(assessment=row, entries=entries, by=UserFactory())
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    row = take_step(assessment=row, name="submit", by=member(unit, Role.HEAD))
    row = take_step(assessment=row, name="start_review", by=lead)
    judged = [replace(entry, note=TPI_NOTES.get(entry.code, "")) for entry in best_entries(row)]
    judge(row, Stage.TPI, *judged, by=lead)
    for name, by, reason in (("finish", lead, ""), ("pass_on", lead, ""), ("approve", controller, "Layak.")):
        row = take_step(assessment=row, name=name, by=by, reason=reason)
    meet_conditions(row)
    return refreshed(row)


def propose(*rows: Assessment, by: User) -> list[Assessment]:
    """Name decided units in a letter; return them as they are then."""
    make_proposal(period=get_period(2026), assessments=rows, letter=LETTER, by=by)
    return [refreshed(row) for row in rows]


@dataclass(frozen=True)
class Sent:
    """One proposed unit of an agency, its window open, and a token of that agency."""

    row: Assessment
    agency: Unit
    admin: User
    token: ApiToken
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.secret)


def sent(**about: Any) -> Sent:
    """Return a proposed unit with all that the API needs to tell of it."""
    top, admin = agency()
    row = propose(decided(UnitFactory(parent=top, **about)), by=admin)[0]
    open_window()
    token, secret = token_for(top, by=admin)
    return Sent(refreshed(row), top, admin, token, secret)


def damage(copy: Snapshot) -> None:
    """Change a fixed copy past the portal, as nobody should."""
    copy.data["answers"][PLAIN]["choice"] = "T"
    QuerySet(Snapshot).filter(pk=copy.pk).update(data=copy.data)


def resealed(copy: Snapshot) -> None:
    """Change a fixed copy together with its digest, to try what no builder makes."""
    copy.digest = digest_of(copy)
    QuerySet(Snapshot).filter(pk=copy.pk).update(data=copy.data, digest=copy.digest)
