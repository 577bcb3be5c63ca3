"""What the page of a single step shows."""

from typing import Any

from django.forms import Form

from assessment import trace
from assessment.models import Assessment, Stage
from assessment.scoring import Check as Threshold

from .. import comparison
from ..access import ReviewMay
from ..comparison import Comparison
from ..workflow import Step
from .comparing import sign_of, summary
from .todos import PAGED, next_step

__all__ = ["PAGED", "step_page"]

# Before these somebody looks at the whole.
COMPARED = frozenset({"declare_fit", "declare_unfit", "finish", "pass_on", "send_back", "hand_back", "approve"})
WHAT_HAPPENS = {
    "start_prelim": "Anda mulai menilai. Isian unit tetap seperti yang diajukan; tim unit diberi tahu.",
    "declare_fit": "Hasil penilaian pendahuluan ditetapkan sebagai salinan tetap, dan penilaian diteruskan kepada TPI.",
    "declare_unfit": "Hasil penilaian pendahuluan ditetapkan sebagai salinan tetap. Penilaian berhenti di sini sampai "
    "admin membukanya kembali bagi unit.",
    "reopen": "Penilaian kembali menjadi draf. Unit dapat mengubah semua isiannya selama waktu pengisian dibuka.",
    "start_review": "Anda mulai menilai bersama tim. Isian unit tetap seperti yang diajukan; tim unit diberi tahu.",
    "take_back": "Putaran perbaikan ditutup dengan keadaan isian unit sekarang, dan penilaian dilanjutkan.",
    "finish": "Hasil kerja anggota diserahkan. Setelah ini hanya ketua tim yang dapat mengubah jawaban TPI.",
    "send_back": "Penilaian kembali kepada anggota tim agar dilengkapi.",
    "pass_on": "Penilaian diteruskan untuk disetujui. Jawaban TPI tidak dapat diubah selama menunggu persetujuan.",
    "hand_back": "Penilaian kembali kepada ketua tim agar diperbaiki.",
    "approve": "Hasil TPI ditetapkan sebagai salinan tetap, LHE dibuat, dan unit dapat melihat hasilnya. "
    "Keputusan ini tidak dapat dibatalkan.",
    "unpropose": "Unit ditandai ditarik dari surat pengajuan dan kembali berstatus memenuhi.",
}
NOT_OPEN = (
    " Waktu pengisian periode ini sedang tidak dibuka: perpanjang dahulu pada periode di Administrasi, "
    "supaya unit dapat mengisi dan mengajukan lagi."
)
# These cannot simply be undone by the next person.
GRAVE = frozenset({"approve", "declare_fit", "declare_unfit", "reopen", "take_back", "unpropose"})


def step_page(assessment: Assessment, may: ReviewMay, step: Step, form: Form) -> dict[str, Any]:
    """Build the page that asks for a step, with what the person must know before."""
    context: dict[str, Any] = {
        "assessment": assessment,
        "may": may,
        "step": step,
        "form": form,
        "happens": _happens(assessment, step),
        "next": next_step(assessment, may, step),
        "is_grave": step.name in GRAVE,
    }
    if step.name in COMPARED:
        found = comparison.compare(assessment, may.base.sees)
        context |= summary(assessment, found) | {"differing": str(len(found.differences()))}
        if step.name == "approve":
            context |= _outcome(assessment, found)
    return context


def _happens(assessment: Assessment, step: Step) -> str:
    is_in_vain = step.name == "reopen" and not assessment.period.is_open_for_units()
    return WHAT_HAPPENS[step.name] + (NOT_OPEN if is_in_vain else "")


def _outcome(assessment: Assessment, found: Comparison) -> dict[str, Any]:
    side = found.side(Stage.TPI)
    checks = [c for c in side.result.checks_of(assessment.target) if c.decides] if side else []
    passed = bool(side) and side.result.passed(assessment.target) if side else False
    return {"passed": passed, "failing": [_failing(c) for c in checks if not c.passed]}


def _failing(check: Threshold) -> str:
    if check.measure == "award":
        return f"{check.name}: belum"
    sign = sign_of(check)
    return f"{check.name}: {trace.comma(check.value)}{sign}, minimum {trace.comma(check.minimum)}{sign}"
