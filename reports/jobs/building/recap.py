"""A recap as PDF, chosen as the page had it, of the units that its owner may see now."""

from django.http import Http404

from assessment.models import Assessment

from ... import rendered
from ...recap.choosing import RecapForm
from ...recap.collect import get_recap
from ...recap.shown import shown_of
from ..access import scope_of
from ..files import Target
from ..models import Job
from .base import Built, CannotBuild, Progress


def build(job: Job, progress: Progress, target: Target) -> Built:
    """Draw the recap; what it may show is read before and after, so that a right that changes meanwhile counts."""
    year, owner = job.params["year"], job.owner
    progress.step(0, 3, "Membaca nilai")
    seen = Assessment.objects.visible_to(owner).filter(period__year=year).select_related("unit")
    before = scope_of(owner, seen.all())
    try:
        found, _ = get_recap(owner, year)
    except Http404:
        raise CannotBuild("Anda tidak lagi berhak melihat penilaian periode ini.") from None
    form = RecapForm(found, job.params["look"])
    if not form.is_valid():
        raise CannotBuild("Saringan rekap ini tidak berlaku lagi. Buka halaman Rekap, pilih lagi, lalu minta lagi.")
    shown = shown_of(found, form)
    after = scope_of(owner, seen.all())
    progress.step(1, 3, f"Menyusun PDF untuk {len(shown.lines)} unit")
    drawn = rendered.recap_pdf(shown)
    target.write(drawn.content)
    pks = [str(line.subject.pk) for line in shown.lines]
    scope = {pk: sorted({*before.get(pk, ()), *after.get(pk, ())}) for pk in pks}
    return Built(f"{shown.file_stem}.pdf", drawn.content_type, scope=scope)
