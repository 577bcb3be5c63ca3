"""Which stages an LKE shows to whom, live and from fixed copies."""

import io
from decimal import Decimal

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role
from assessment.access import May
from assessment.models import Assessment, Period, Snapshot
from assessment.models.history import FixedQuerySet
from assessment.scoring import Given
from assessment.services import Entry
from assessment.tests.bundled import bundled_worksheet
from assessment.tests.factories import judge, member, opened, person, reviewer
from evidence.models import Attachment
from evidence.tests.factories import attachment
from reports import fixed
from reports.collecting import EVERYTHING, full_lke_of, printed_lke_of, sides_lke_of
from reports.lke import Lke
from review.models import Finding, Verdict
from review.tests.factories import approved, in_review, refreshed, second_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

HEADS = ["Jawaban Unit", "Jawaban Pendahuluan", "Jawaban TPI", "Jawaban TPN"]
NOTE = "Bukti tidak cukup."


def stages(lke: Lke) -> list[str]:
    return [side.stage for side in lke.sides]


def judged(*codes: str) -> Assessment:
    """Return an assessment in review on which TPI wrote an answer, a verdict and a finding; `codes` have evidence."""
    row = opened()
    held, *_ = [attachment(row, code) for code in ("A.I.1.i.a", *codes)]
    row = in_review(row)
    by = reviewer(row)
    judge(row, "tpi", Entry("A.I.1.i.a", Given(choice="T"), NOTE, 0), by=by)
    Verdict.objects.create(
        attachment=held, stage="tpi", verdict="partial", reason="Nomor kabur", version=held.document.current, by=by,
        at=timezone.now(),
    )  # fmt: skip
    Finding.objects.create(
        assessment=row, criterion=held.criterion, stage="tpi", text="Lengkapi", created_by=by, created_at=timezone.now()
    )
    return refreshed(row)


def book_of(client, row):
    content = client.get(reverse("reports:lke-xlsx", args=[2026, row.unit.code])).content
    return load_workbook(io.BytesIO(content))


def test_stages_without_answers_and_those_not_to_be_seen_are_left_out(instrument):
    row = judged()
    assert stages(sides_lke_of(row, EVERYTHING)) == ["unit", "tpi"]
    assert stages(sides_lke_of(row, May())) == ["unit"]
    assert stages(sides_lke_of(row, EVERYTHING, "tpi")) == ["tpi"]
    with pytest.raises(LookupError):
        sides_lke_of(row, May(), "tpi")


def test_the_unit_gets_nothing_of_tpi_before_the_decision(client, instrument):
    row = judged()
    client.force_login(member(row.unit, Role.HEAD))
    book = book_of(client, row)
    heads = [cell.value for cell in book["LKE ZI"][4]]
    assert [h for h in heads if h in HEADS] == ["Jawaban Unit"]
    texts = str([[c.value for c in line] for sheet in book.worksheets for line in sheet.iter_rows()])
    assert NOTE not in texts
    assert "Nomor kabur" not in texts
    assert "Lengkapi" in texts  # a finding is the unit's from the moment it is written


def test_a_blind_second_reviewer_gets_nothing_of_tpis_work(client, instrument):
    row = judged()
    Attachment.objects.update(verdict="partial")  # published in an earlier round
    user = reviewer(row)
    second_of(row, user, ["A.I.1.i.a"])
    client.force_login(user)
    book = book_of(client, row)
    assert book.sheetnames == ["LKE ZI", "Ringkasan", "Bukti dukung", "Riwayat", "Petunjuk"]
    texts = str([[c.value for c in line] for sheet in book.worksheets for line in sheet.iter_rows()])
    for hidden in (NOTE, "Nomor kabur", "Lengkapi", "Kurang", "Jawaban TPI"):
        assert hidden not in texts, hidden
    for name in ("lke-xlsx", "lke-pdf"):
        url = reverse(f"reports:{name}", args=[2026, row.unit.code])
        assert client.get(url, {"tahap": "tpi"}).status_code == 404
        assert client.get(url, {"tahap": "bukan"}).status_code == 404


def test_a_reviewer_gets_both_sides_links_verdicts_and_may_write_in_the_own_column(client, instrument, settings):
    settings.PORTAL_URL = "https://zi.contoh.go.id/"
    row = judged()
    held = Attachment.objects.get(criterion__code="A.I.1.i.a")
    client.force_login(reviewer(row, Role.TPI_LEAD))
    book = book_of(client, row)
    sheet = book["LKE ZI"]
    heads = {cell.value: cell.column for cell in sheet[4] if cell.value}
    line = next(n for n in range(5, sheet.max_row + 1) if sheet.cell(n, 1).value == "A.I.1.i.a")
    assert sheet.cell(line, heads["Jawaban TPI"]).value == "Tidak"
    assert not sheet.cell(line, heads["Jawaban TPI"]).protection.locked
    assert sheet.cell(line, heads["Catatan TPI"]).value == NOTE
    evidence = sheet.cell(line, heads["Bukti dukung"])
    page = f"https://zi.contoh.go.id{held.document.get_absolute_url()}"
    assert (evidence.value, evidence.hyperlink.target) == (held.document.title, page)
    assert sheet.cell(line, heads["Hasil pemeriksaan bukti"]).value == "TPI: Kurang"
    listed = [[c.value for c in cells] for cells in book["Bukti dukung"].iter_rows(min_row=5)]
    assert [(r[0], r[1], r[7], r[8]) for r in listed] == [
        ("A.I.1.i.a", held.document.title, "TPI: Kurang", "TPI: Nomor kabur")
    ]
    assert book["Bukti dukung"]["B5"].hyperlink.target == page
    assert book["Catatan penilai"]["E5"].value == "Lengkapi"
    assert book["Riwayat"]["A5"].value == row.event_count


def test_the_same_queries_whatever_is_attached(instrument, django_assert_num_queries):
    for row in (judged(), judged("A.I.1.i.b", "A.I.1.ii.a", "A.I.1.ii.b")):
        with django_assert_num_queries(9):
            full_lke_of(row, EVERYTHING, origin="https://x")


def test_verdicts_are_counted_for_the_printed_lke(instrument):
    row = judged("A.I.1.i.b")
    (checked,) = printed_lke_of(row, EVERYTHING).checked
    assert (checked.name, checked.counts, checked.attached) == ("TPI", ("1", "0", "1", "0"), "2")
    assert printed_lke_of(row, May()).checked == ()


def copies(row: Assessment) -> tuple[Snapshot, Snapshot]:
    return row.snapshots.get(kind="submission"), row.snapshots.get(kind="decision")


def test_a_decided_copy_stands_beside_the_submission_it_judged(instrument):
    row = refreshed(approved())
    submission, decision = copies(row)
    lke = fixed.fixed_lke_of(row, decision, "https://x/")
    assert stages(lke) == ["unit", "tpi"]
    for copy, side in ((submission, lke.sides[0]), (decision, lke.sides[1])):
        scores = copy.data["scores"]
        assert f"{side.result.total.numerator / side.result.total.denominator:.6f}" == f"{Decimal(scores['total']):.6f}"
        for name, predicate in scores["predicates"].items():
            assert side.result.passed(name) is predicate["passed"]
    assert [digest for _, _, digest in lke.fixed.sides] == [submission.digest, decision.digest]
    assert lke.signers == (
        ("Ketua Tim Penilai Internal", decision.data["lhe"]["lead"]),
        ("Pengendali teknis", decision.data["lhe"]["controller"]),
    )
    assert stages(fixed.fixed_lke_of(row, submission, "https://x/")) == ["unit"]


def test_settings_changed_since_do_not_change_a_fixed_copy(instrument):
    row = approved()
    Period.objects.update(area_reading="separate")
    row = refreshed(row)
    lke = fixed.fixed_lke_of(row, copies(row)[1], "https://x/")
    assert lke.area_reading_label == "Pemenuhan dan Reform digabung"
    assert {c.name for c in lke.result.checks if c.decides and c.measure == "area"} == {
        t.name for t in lke.result.worksheet.thresholds if t.measure == "area"
    }


@pytest.mark.parametrize("what", ["answers", "scores"])
def test_a_copy_that_is_not_whole_is_refused_on_its_receipt(client, instrument, what):
    row = refreshed(approved())
    submission, decision = copies(row)
    data = submission.data
    if what == "answers":
        data["answers"]["A.I.1.i.a"]["note"] = "lain"
        super(FixedQuerySet, Snapshot.objects.filter(pk=submission.pk)).update(data=data)
    else:  # a digest over figures that do not follow from the answers
        data["scores"]["total"] = "99.99"
        submission.data = data
        digest = fixed_digest(submission)
        super(FixedQuerySet, Snapshot.objects.filter(pk=submission.pk)).update(data=data, digest=digest)
    client.force_login(reviewer(row, Role.TPI_LEAD))
    url = reverse("reports:fixed-lke-pdf", args=[2026, row.unit.code, decision.pk])
    response = client.get(url)
    assert response.url == reverse("review:snapshot", args=[2026, row.unit.code, decision.pk])
    assert "tidak utuh lagi" in client.get(response.url).content.decode()


def fixed_digest(copy: Snapshot) -> str:
    from review.services.snapshots import digest_of

    return digest_of(copy)


def test_the_pdf_of_a_copy_carries_digest_and_receipt(client, instrument):
    row = refreshed(approved())
    decision = copies(row)[1]
    client.force_login(person(row, Role.HEAD))
    args = [2026, row.unit.code, decision.pk]
    response = client.get(reverse("reports:fixed-lke-pdf", args=args))
    last = pypdf.PdfReader(io.BytesIO(response.content)).pages[-1].extract_text().replace("\n", "")
    assert decision.digest in last
    assert reverse("review:snapshot", args=args) in last
    assert (
        f'href="{reverse("reports:fixed-lke-pdf", args=args)}"'
        in client.get(reverse("review:snapshot", args=args)).content.decode()
    )


def test_a_copy_of_a_stage_not_to_be_seen_is_not_there(client, instrument):
    row = refreshed(approved())
    decision = copies(row)[1]
    Assessment.objects.filter(pk=row.pk).update(state="review")
    client.force_login(member(row.unit, Role.HEAD))
    assert client.get(reverse("reports:fixed-lke-pdf", args=[2026, row.unit.code, decision.pk])).status_code == 404


def test_every_part_of_an_answer_survives_the_copy():
    criteria = bundled_worksheet().criteria
    data = {"choice": "", "counts": [0, None], "index": "", "ratio": "0.75", "reason": "Nihil", "note": ""}
    given = fixed.given_of(criteria["A.II.1.i.a"], data)
    assert given == Given(counts=(0, None), ratio=Decimal("0.75"), reason="Nihil")
    plain = data | {"counts": [], "ratio": "", "reason": ""}
    assert fixed.given_of(criteria["B.I.a"], plain | {"index": "3.60"}) == Given(index=Decimal("3.60"))
    assert fixed.given_of(criteria["A.I.1.i.a"], plain | {"choice": "Y"}) == Given(choice="Y")
