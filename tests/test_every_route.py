"""Every route refuses strangers. A new route is covered the moment it is added to a URLconf."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Role
from accounts.notifications.models import Notification
from accounts.notifications.services import notify
from accounts.tests.factories import UserFactory
from assessment import services
from assessment.models import (
    Answer,
    Assessment,
    Award,
    Conflict,
    Criterion,
    Event,
    Return,
    Snapshot,
    TeamMember,
)
from assessment.tests.factories import UnitFactory, member, opened, person, team_of
from assessment.tests.test_access import MATRIX
from evidence.models import Attachment, Document, DocumentEvent, DocumentVersion, ImportBatch
from evidence.services.documents import set_public
from evidence.tests.factories import attachment
from evidence.tests.test_access import LIBRARY_MATRIX
from news.tests import routes as news
from planning.tests import routes as planning
from portal.tests.routes import PORTAL_OWN, PORTAL_VALUES
from reports.models import EvidenceGrant, Job, LkeImport, MonitoringLetter
from reports.tests import routes_jobs as job_routes
from reports.tests import routes_monev as monev
from reports.tests.routes_importing import IMPORT_READS, IMPORT_WRITES, import_rows
from review.models import Finding, Proposal
from review.services.snapshots import make_snapshot
from review.tests.test_access import has_right

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

PUBLIC = {
    "login", "password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete",
    "review:predicates", *news.PUBLIC,
}  # fmt: skip
# Public for what a unit published, not there for anything else.
PUBLISHED = {"evidence:public-file"}
# For the ministry: by a token, or by a signed link; signing in opens neither.
BY_TOKEN = {"reports:portalrb-units-wbk", "reports:portalrb-units-wbbm", "reports:portalrb-answers"}
BY_LINK = {"reports:portalrb-evidence", "reports:portalrb-evidence-file"}
FOREIGN = BY_TOKEN | BY_LINK
# About the signed-in person alone: there is no object that could be somebody else's.
OWN = {
    "assessment:index", "logout", "profile", "password_change", "password_change_done",
    "notifications", "notifications-read-all", "notification-choices", "notification-choices-save", "review:desk",
    "review:register", "reports:recap-home", "reports:recap", "reports:recap-xlsx", "reports:recap-pdf",
    "reports:recap-rank", "reports:recap-compare", "dashboards:home", *news.OWN, *job_routes.OWN,
    *job_routes.OWN_WRITES,
} | PORTAL_OWN  # fmt: skip
OWN_WRITES = {"logout", "profile", "password_change", "notifications-read-all", "notification-choices-save"}
OWN_WRITES |= job_routes.OWN_WRITES
# One's own rows: somebody else's are not there.
OWN_ROWS = {"notification-read"} | job_routes.OWN_ROWS
OWN_ROW_READS = job_routes.OWN_ROW_READS
# The agency as a whole: for its admins alone, everybody else is refused.
AGENCY_READS = {
    "review:teams", "review:team", "review:assign-page", "review:proposals", "review:proposal",
    "review:award-withdraw-page", "reports:letter-pdf", "reports:letter-docx", "reports:portalrb",
    "reports:portalrb-unit", "reports:portalrb-unit-json", "reports:portalrb-unit-xlsx",
}  # fmt: skip
AGENCY_WRITES = {
    "review:team-add", "review:team-rename", "review:team-remove", "review:member-add", "review:member-remove",
    "review:assign", "review:proposal-add", "review:award-withdraw", "reports:portalrb-links-revoke",
    "reports:portalrb-links-renew",
}  # fmt: skip
AGENCY_READS |= monev.MONEV_READS | planning.AGENCY_READS
AGENCY_WRITES |= monev.MONEV_WRITES | planning.AGENCY_WRITES
AGENCY = AGENCY_READS | AGENCY_WRITES
# Over many units: for admins and observers of any of them; each sees their own.
OVERSIGHT = {"dashboards:agency-home", "dashboards:agency"}
# The right that each write of the review needs, as `review.tests.test_access` has them.
REVIEW_WRITES = {
    "review:condition-save": "tick", "review:condition-attach": "tick", "review:condition-detach": "tick",
    "review:submit": "step:submit", "review:step": "step:finish", "review:result": "step:record_result",
    "review:judge-page-save": "write", "review:judge-save": "write", "review:agree": "write",
    "review:agree-rest": "write", "review:agree-undo": "write", "review:verdict": "judge",
    "review:finding-add": "judge", "review:follow-up": "follow_up", "review:finding-close": "close",
    "review:finding-reopen": "close", "review:return-item": "judge", "review:return-send": "step:return",
    "review:conflict-declare": "declare", "review:conflict-decide": "decide", "review:second-assign": "lead",
    "review:second-finish": "second", "review:second-settle": "lead",
}  # fmt: skip
# Pages of the review that not every insider may open.
REVIEW_READS = {
    "review:judge": "review", "review:judge-page": "review", "review:agree-rest-page": "write",
    "review:submit-page": "step:submit", "review:step-page": "step:finish", "review:result-page": "administer",
}  # fmt: skip
ANSWER_WRITES = {"assessment:page-save", "assessment:answer-save"}
EVIDENCE_WRITES = {
    "evidence:upload", "evidence:link", "evidence:pick", "evidence:change", "evidence:detach", "evidence:import-zip",
    "evidence:import-begin", "evidence:import-file", "evidence:import-step", "evidence:import-apply",
    "evidence:import-discard", *IMPORT_WRITES,
}  # fmt: skip
# These need the right in the unit's library, whatever the state of any assessment.
LIBRARY_WRITES = {
    "evidence:add": "edit", "evidence:bulk": "edit", "evidence:describe": "edit",
    "evidence:replace": "edit", "evidence:delete": "edit", "evidence:check-link": "edit", "evidence:publish": "publish",
}  # fmt: skip
WRITES = ANSWER_WRITES | EVIDENCE_WRITES | LIBRARY_WRITES.keys() | REVIEW_WRITES.keys() | AGENCY_WRITES
WRITES |= job_routes.INSIDER_WRITES | news.WRITES.keys() | planning.WRITES.keys()
# Reading them needs the right to answer too: an import that is under way is nobody else's matter.
READS_OF_WRITERS = {"evidence:import-start", "evidence:import", *IMPORT_READS}
VALUES = {
    "year": 2026,
    "page": "A.I.1",
    "criterion": "A.I.1.i.a",
    "node": "A.I.1.i",
    "uidb64": "MQ",
    "token": "x-y",
    "step": "finish",
    "key": "opini-bpk",
    "unit_id": "UNIT-01",
    "link": f"WzFd.{'a' * 43}",
    "number": 1,
    **news.VALUES,
    **PORTAL_VALUES,
}
# Parts of addresses that name rows.
ROW_KEYS = {
    "document", "attachment", "batch", "snapshot", "finding", "team", "member", "conflict", "proposal", "award",
    "version", "notification", "job", "lke", *monev.ROW_KEYS, *news.ROW_KEYS, *planning.ROW_KEYS,
}  # fmt: skip


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    for p in patterns:
        if isinstance(p, URLResolver):
            if p.namespace != "admin":
                yield from routes(p.url_patterns, f"{p.app_name}:" if p.app_name else namespace)
        elif p.name:
            yield namespace + p.name, sorted(p.pattern.converters)


ROUTES = dict(routes(get_resolver().url_patterns))
OBJECTS = sorted(
    set(ROUTES) - PUBLIC - OWN - OWN_ROWS - OWN_ROW_READS - AGENCY - FOREIGN - OVERSIGHT - news.PUBLIC_ROWS
)
OF_DOCUMENTS = sorted(name for name, keys in ROUTES.items() if "document" in keys and name not in PUBLISHED)


def url_of(name: str, where: Assessment | str) -> str:
    """Return a route's address, of the assessment's own rows where the route names any."""
    values = VALUES | {"code": where if isinstance(where, str) else where.unit.code}
    if isinstance(where, Assessment) and ROW_KEYS & set(ROUTES[name]):
        values = values | rows_of(where)
    if name == "evidence:page-image":
        values = values | {"page": 1}
    values = values | news.SPECIAL.get(name, {})
    return reverse(name, kwargs={key: values[key] for key in ROUTES[name]})


def rows_of(assessment: Assessment) -> dict[str, object]:
    held = Attachment.objects.filter(assessment=assessment).first() or attachment(assessment)
    batch = ImportBatch.objects.filter(assessment=assessment).first()
    batch = batch or ImportBatch.objects.create(assessment=assessment, source="bukti.zip", by=UserFactory())
    return {
        "code": assessment.unit.code, "document": held.document_id, "attachment": held.pk, "batch": batch.pk,
        "number": 1, "version": held.document.current_id, **review_rows_of(assessment), **import_rows(assessment),
        **news.rows_of(assessment), **planning.rows_of(assessment),
    }  # fmt: skip


def review_rows_of(assessment: Assessment) -> dict[str, object]:
    """Return rows of the review, made where there are none."""
    now = timezone.now()
    user = UserFactory()
    snapshot = assessment.snapshots.first()
    if snapshot is None:
        row = services.lock(assessment)
        snapshot = make_snapshot(row, kind="submission", stage="unit", by=None, at=now, extra={})
    criterion = Criterion.objects.get(instrument=assessment.period.instrument, code="A.I.1.i.a")
    finding = assessment.findings.first() or Finding.objects.create(
        assessment=assessment, criterion=criterion, stage="tpi", text="Lengkapi", created_by=user, created_at=now
    )
    team = team_of(assessment)
    part = team.members.first() or team.members.create(user=user, role=Role.TPI_MEMBER)
    conflict = assessment.conflicts.first() or Conflict.objects.create(
        assessment=assessment, user=part.user if part.user == user else user, reason="Kerabat", declared_at=now
    )
    proposal = Proposal.objects.first() or Proposal.objects.create(
        period=assessment.period, number="1", dated=now.date(), data={}, created_by=user, created_at=now
    )
    award = assessment.unit.awards.first() or Award.objects.create(
        unit=assessment.unit, predicate="WBK", decree_number="1", decree_date=now.date()
    )
    notify(recipients=[user], kind="finding", subject="Catatan", text="", url="/")
    return {
        "snapshot": snapshot.pk, "finding": finding.pk, "team": team.pk, "member": part.pk, "conflict": conflict.pk,
        "proposal": proposal.pk, "award": award.pk, "notification": Notification.objects.latest("pk").pk,
        **job_routes.rows_of(user), **monev.rows_of(award),
    }  # fmt: skip


def whole(response):
    """Read a response to its end, so that a file that is handed out is closed."""
    assert response.streaming is False or b"".join(response.streaming_content)
    return response


def stored_rows() -> list[object]:
    """Return all that a refused write must leave as it was."""
    return [
        Event.objects.count(), DocumentEvent.objects.count(), DocumentVersion.objects.count(),
        sorted(Document.objects.values_list("pk", "revision", "is_public", "current")),
        sorted(Attachment.objects.values_list("pk", "revision", "detached_by")),
        sorted(ImportBatch.objects.values_list("pk", "state")), sorted(LkeImport.objects.values_list("pk", "state")),
        sorted(Assessment.objects.values_list("pk", "state", "event_head")),
        sorted(Finding.objects.values_list("pk", "revision")), sorted(Conflict.objects.values_list("pk", "state")),
        sorted(TeamMember.objects.values_list("pk", "role")), Answer.objects.count(), Snapshot.objects.count(),
        Proposal.objects.count(), sorted(Award.objects.values_list("pk", "withdrawn_on")), Return.objects.count(),
        MonitoringLetter.objects.count(),
        sorted(EvidenceGrant.objects.values_list("pk", "generation", "revoked_at")),
        sorted(Job.objects.values_list("pk", "state")), *news.stored(), *planning.stored_rows(),
    ]  # fmt: skip


def test_every_pattern_has_a_name_and_the_lists_name_only_routes():
    def unnamed(patterns):
        for p in patterns:
            if isinstance(p, URLResolver):
                yield from unnamed(p.url_patterns) if p.namespace != "admin" else ()
            elif not p.name:
                yield str(p.pattern)

    assert list(unnamed(get_resolver().url_patterns)) == []
    assert set(ROUTES) >= PUBLIC | PUBLISHED | OWN | OWN_ROWS | WRITES | READS_OF_WRITERS | AGENCY | REVIEW_READS.keys()
    assert set(ROUTES) >= FOREIGN | OVERSIGHT | OWN_ROW_READS | planning.READS.keys()


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC - PUBLISHED - FOREIGN - news.PUBLIC_ROWS - {"logout"}))
def test_anonymous_is_sent_to_sign_in(client, assessment, name):
    url = url_of(name, assessment)
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 302
        assert response.url.startswith("/masuk/")


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_pages_open_without_signing_in(client, name):
    assert client.get(url_of(name, "X"), follow=True).status_code == 200


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_what_is_for_the_ministry_asks_for_a_token_or_a_link_of_everybody(client, assessment, name):
    url, status = url_of(name, assessment), 401 if name in BY_TOKEN else 404
    for user in (None, member(assessment.unit, Role.HEAD), UserFactory(is_superuser=True)):
        if user:
            client.force_login(user)
        assert client.get(url).status_code == status
        assert client.post(url).status_code == 405


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", OBJECTS)
def test_a_member_of_another_unit_finds_nothing(client, instrument, name, role):
    theirs, ours = opened(), opened()
    client.force_login(person(ours, role))
    url = url_of(name, theirs)
    codes = {client.get(url).status_code, client.post(url).status_code}
    assert codes <= {404, 405}
    assert 404 in codes


@pytest.mark.parametrize("name", OBJECTS)
def test_somebody_without_any_membership_finds_nothing(client, assessment, name):
    client.force_login(UserFactory(is_staff=True))
    url = url_of(name, assessment)
    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_a_document_of_another_unit_is_not_found_under_ones_own(client, assessment, name):
    """An id that somebody got hold of opens nothing, wherever it is put."""
    theirs = rows_of(opened())
    client.force_login(member(assessment.unit, Role.HEAD))
    values = VALUES | theirs | {"code": assessment.unit.code} | ({"page": 1} if name == "evidence:page-image" else {})
    url = reverse(name, kwargs={key: values[key] for key in ROUTES[name]})
    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_what_is_published_opens_for_everybody_and_nothing_else_does(client, assessment, name):
    url = url_of(name, assessment)
    assert client.get(url).status_code == 404
    held = Attachment.objects.get()
    set_public(unit=assessment.unit, documents=[held.document_id], public=True, by=held.attached_by)
    assert whole(client.get(url)).status_code == 200
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(("role", "state"), MATRIX)
@pytest.mark.parametrize("name", sorted(ANSWER_WRITES))
def test_a_write_needs_its_right(client, instrument, name, role, state):
    assessment = opened(state=state)
    client.force_login(person(assessment, role))
    response = client.post(url_of(name, assessment), {"A.I.1.i.a-choice": "Y", "A.I.1.i.a-version": "0"})
    allowed = MATRIX[role, state].answer
    assert (response.status_code != 403) is allowed
    assert assessment.answers.exists() is allowed


def is_allowed(right: str, role: str, state: str) -> bool:
    if right == "step:return":
        return has_right("step:return_prelim", role, state) or has_right("step:return_tpi", role, state)
    if right == "step:submit":
        return has_right(right, role, state) or has_right("step:resubmit", role, state)
    if right == "decide":  # the declarer is a member: the lead decides, the next one up where there is none
        return role in {Role.TPI_LEAD, Role.TPI_CONTROLLER, Role.ADMIN}
    return has_right(right, role, state)


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_the_review_is_written_by_who_has_the_right(client, instrument, role, state):
    assessment = opened()
    rows_of(assessment)
    client.force_login(person(assessment, role))
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    for name, right in sorted(REVIEW_WRITES.items()):
        before, allowed = stored_rows(), is_allowed(right, role, state)
        response = client.post(url_of(name, assessment))
        assert (response.status_code != 403) is allowed, (name, response.status_code)
        assert allowed or stored_rows() == before, name
        Assessment.objects.filter(pk=assessment.pk).update(state=state)
    for name, right in sorted(REVIEW_READS.items()):
        allowed = is_allowed(right, role, state)
        assert (client.get(url_of(name, assessment)).status_code == 200) is allowed, name


@pytest.mark.parametrize("name", sorted(AGENCY))
def test_the_agencys_matters_are_its_admins_alone(client, instrument, name):
    assessment = opened()
    url = url_of(name, assessment)
    send = client.post if name in AGENCY_WRITES else client.get
    for role in Role:
        before = stored_rows()
        client.force_login(member(UnitFactory(parent=UnitFactory()), role))
        assert send(url).status_code in ({403, 404} if "award" in ROUTES[name] else {403}), role
        assert stored_rows() == before, role
    client.force_login(member(UnitFactory(), Role.ADMIN))
    assert whole(send(url)).status_code != 403


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(OVERSIGHT))
def test_oversight_is_for_admins_and_observers(client, assessment, name, role):
    client.force_login(person(assessment, role))
    allowed = role in {Role.ADMIN, Role.OBSERVER}
    assert (client.get(url_of(name, assessment), follow=True).status_code == 200) is allowed
    assert allowed or client.get(url_of(name, assessment)).status_code == 403
    assert client.post(url_of(name, assessment)).status_code == 405


@pytest.mark.parametrize("name", sorted(OWN_ROWS | OWN_ROW_READS))
def test_somebody_elses_own_rows_are_not_there(client, assessment, name):
    url = url_of(name, assessment)
    client.force_login(member(assessment.unit, Role.HEAD))
    assert {client.get(url).status_code, client.post(url).status_code} == {404, 405}


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_evidence_is_written_by_who_may_answer(client, instrument, role, state):
    assessment = opened()
    rows_of(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    client.force_login(person(assessment, role))
    allowed = MATRIX[role, state].answer
    for name in sorted(EVIDENCE_WRITES):
        before, url = stored_rows(), url_of(name, assessment)
        response = client.post(url)
        assert (response.status_code != 403) is allowed, name
        assert allowed or stored_rows() == before, name
    for name in sorted(READS_OF_WRITERS):
        assert (client.get(url_of(name, assessment)).status_code == 200) is allowed, name


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", ["draft", "review"])
def test_documents_are_written_by_the_team_and_published_by_its_head(client, instrument, role, state):
    assessment = opened()
    rows_of(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    client.force_login(person(assessment, role))
    for name, right in sorted(LIBRARY_WRITES.items()):
        before, url = stored_rows(), url_of(name, assessment)
        allowed = getattr(LIBRARY_MATRIX[role], right)
        response = client.post(url, {"publik": "1"})
        assert (response.status_code not in {403, 404}) is allowed, name  # inspectors do not even see the library
        assert allowed or stored_rows() == before, name


@pytest.mark.parametrize("name", sorted(ANSWER_WRITES))
def test_a_write_stays_inside_the_areas_of_the_member(client, assessment, name):
    client.force_login(member(assessment.unit, areas=["2"]))
    data = {"A.I.1.i.a-choice": "Y", "A.I.1.i.a-version": "0"}
    assert client.post(url_of(name, assessment), data).status_code == 403
    assert not assessment.answers.exists()


@pytest.mark.parametrize("name", sorted(n for n in EVIDENCE_WRITES if "criterion" in ROUTES[n]))
def test_evidence_stays_inside_the_areas_of_the_member(client, assessment, name):
    url = url_of(name, assessment)
    before = stored_rows()
    client.force_login(member(assessment.unit, areas=["2"]))
    assert client.post(url).status_code == 403
    assert stored_rows() == before


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_needs_the_token_of_its_form(assessment, name):
    """Views that choose their own upload handlers check the token themselves; none may forget it."""
    url = url_of(name, assessment)
    before = stored_rows()
    client = Client(enforce_csrf_checks=True)
    client.force_login(member(assessment.unit, Role.HEAD))
    assert client.post(url).status_code == 403
    assert stored_rows() == before


def test_every_route_that_takes_post_is_named_as_a_write(client, assessment):
    user = member(assessment.unit)
    takes_post = set()
    for name in sorted(set(ROUTES) - PUBLIC):
        client.force_login(user)
        if client.post(url_of(name, assessment)).status_code != 405:
            takes_post.add(name)
    assert takes_post == WRITES | OWN_WRITES | OWN_ROWS


def test_reading_changes_nothing(client, assessment):
    client.force_login(member(assessment.unit))
    rows_of(assessment)
    before = stored_rows()
    for name in OBJECTS:
        whole(client.get(url_of(name, assessment)))
    assert stored_rows() == before
    assert Assessment.objects.get(pk=assessment.pk).state == "draft"
    assert not assessment.answers.exists()


def test_views_reach_rows_only_through_visible_to():
    """In a view, `Model.objects` may only be followed by `visible_to`, and a bare model is never looked up."""
    root = Path(__file__).parents[1]
    seen = 0
    for path in sorted([*root.glob("*/views.py"), *root.glob("*/views/*.py"), *root.glob("reports/*/views/*.py")]):
        seen += 1
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and getattr(node.value, "attr", "") in {"objects", "_default_manager"}:
                assert node.attr == "visible_to", f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("get_object"):
                assert not isinstance(node.args[0], ast.Name), f"{path.name}:{node.lineno}"
    assert seen >= 8


def test_templates_never_compare_roles():
    root = Path(__file__).parents[1] / "templates"
    for path in sorted(root.rglob("*.html")):
        assert "role ==" not in path.read_text(), path
