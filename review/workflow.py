"""The path from a finished self-assessment to TPN's result, as a table (Lampiran II). Pure; services enforce it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Role
from assessment.models import Snapshot, Stage, State


class Window(StrEnum):
    """Which of the period's windows must be open."""

    NONE = ""
    UNIT = "unit"
    RETURN = "return"
    PRELIM = "prelim"
    TPI = "tpi"


class Check(StrEnum):
    """What must hold before a step; `review.obstacles` says what is missing."""

    ANSWERED = "answered"
    PRELIM_USED = "prelim_used"
    PRELIM_UNUSED = "prelim_unused"
    JUDGED = "judged"
    RECHECKED = "rechecked"
    RETURN_LISTED = "return_listed"
    RETURN_SENT_OR_EMPTY = "return_sent_or_empty"
    SECOND_SETTLED = "second_settled"
    SECOND_FINISHED = "second_finished"
    CONFLICTS_DECIDED = "conflicts_decided"
    CONDITIONS_MET = "conditions_met"


class Group(StrEnum):
    """Whom a step is told to."""

    TEAM = "team"  # the unit's team and head
    PRELIM = "prelim"
    REVIEWERS = "reviewers"  # the whole TPI team
    LEAD = "lead"
    CONTROLLER = "controller"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    `target` is None where it depends on what is found: after a correction the stage that asked for it, after the
    approval on the thresholds. `reason` is the label of the text that must come along, "" for none.
    """

    name: str
    label: str
    done: str
    source: frozenset[State]
    target: State | None
    hats: frozenset[Role]
    stage: Stage
    window: Window = Window.NONE
    checks: tuple[Check, ...] = ()
    reason: str = ""
    snapshot: Snapshot.Kind | None = None
    tells: frozenset[Group] = frozenset()

    @property
    def targets(self) -> frozenset[State]:
        """Return every state that the step can lead to."""
        return frozenset({self.target}) if self.target else OPEN_TARGETS[self.name]


OPEN_TARGETS = {
    "resubmit": frozenset({State.PRELIM, State.REVIEW}),
    "take_back": frozenset({State.PRELIM, State.REVIEW}),
    "approve": frozenset({State.FULFILS, State.NOT_YET}),
}
REVIEWED = (Check.JUDGED, Check.RECHECKED)
COMPLETE = (*REVIEWED, Check.RETURN_SENT_OR_EMPTY, Check.SECOND_SETTLED, Check.CONFLICTS_DECIDED)
REASON = "Alasan"
CONCLUSION = "Simpulan"


def _step(
    name: str, label: str, done: str, source: Iterable[State], target: State | None, hats: Iterable[Role],
    stage: Stage, window: Window = Window.NONE, checks: tuple[Check, ...] = (), reason: str = "",
    snapshot: Snapshot.Kind | None = None, tells: Iterable[Group] = (),
) -> Step:  # fmt: skip
    return Step(
        name, label, done, frozenset(source), target, frozenset(hats), stage, window, checks, reason, snapshot,
        frozenset(tells),
    )  # fmt: skip


_S, _R, _G = State, Role, Group
STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        _step("submit", "Ajukan penilaian mandiri", "Penilaian mandiri diajukan", [_S.DRAFT], _S.SUBMITTED, [_R.HEAD],
              Stage.UNIT, Window.UNIT, (Check.ANSWERED,), "", Snapshot.Kind.SUBMISSION,
              [_G.TEAM, _G.PRELIM, _G.REVIEWERS, _G.ADMIN]),
        _step("start_prelim", "Mulai penilaian pendahuluan", "Penilaian pendahuluan dimulai", [_S.SUBMITTED],
              _S.PRELIM, [_R.PRELIM], Stage.PRELIM, Window.PRELIM, (Check.PRELIM_USED,), tells=[_G.TEAM]),
        _step("declare_fit", "Nyatakan layak dinilai TPI", "Dinyatakan layak dinilai TPI", [_S.PRELIM], _S.REVIEW,
              [_R.PRELIM], Stage.PRELIM, Window.PRELIM, (*REVIEWED, Check.RETURN_SENT_OR_EMPTY), CONCLUSION,
              Snapshot.Kind.PRELIM, [_G.TEAM, _G.REVIEWERS, _G.ADMIN]),
        _step("declare_unfit", "Nyatakan belum layak", "Dinyatakan belum layak dinilai TPI", [_S.PRELIM], _S.UNFIT,
              [_R.PRELIM], Stage.PRELIM, Window.PRELIM, (*REVIEWED, Check.RETURN_SENT_OR_EMPTY), CONCLUSION,
              Snapshot.Kind.PRELIM, [_G.TEAM, _G.ADMIN]),
        _step("reopen", "Buka kembali untuk unit", "Dibuka kembali untuk unit", [_S.UNFIT], _S.DRAFT, [_R.ADMIN],
              Stage.UNIT, reason=REASON, tells=[_G.TEAM, _G.PRELIM]),
        _step("start_review", "Mulai penilaian TPI", "Penilaian TPI dimulai", [_S.SUBMITTED], _S.REVIEW,
              [_R.TPI_MEMBER, _R.TPI_LEAD], Stage.TPI, Window.TPI, (Check.PRELIM_UNUSED,), tells=[_G.TEAM]),
        _step("return_prelim", "Kembalikan untuk diperbaiki", "Dikembalikan untuk diperbaiki", [_S.PRELIM],
              _S.RETURNED, [_R.PRELIM], Stage.PRELIM, Window.PRELIM, (Check.RETURN_LISTED,), tells=[_G.TEAM]),
        _step("return_tpi", "Kembalikan untuk diperbaiki", "Dikembalikan untuk diperbaiki",
              [_S.REVIEW, _S.LEAD_CHECK], _S.RETURNED, [_R.TPI_LEAD], Stage.TPI, Window.TPI, (Check.RETURN_LISTED,),
              tells=[_G.TEAM, _G.REVIEWERS]),
        _step("resubmit", "Ajukan kembali", "Perbaikan diajukan kembali", [_S.RETURNED], None, [_R.HEAD], Stage.UNIT,
              Window.RETURN, (Check.ANSWERED,), "", Snapshot.Kind.SUBMISSION, [_G.TEAM, _G.PRELIM, _G.REVIEWERS]),
        _step("take_back", "Lanjutkan tanpa menunggu perbaikan", "Penilaian dilanjutkan", [_S.RETURNED], None,
              [_R.PRELIM, _R.TPI_LEAD], Stage.UNIT, Window.NONE, (), REASON, Snapshot.Kind.SUBMISSION,
              [_G.TEAM, _G.REVIEWERS]),
        _step("finish", "Serahkan kepada ketua tim", "Diserahkan kepada ketua tim", [_S.REVIEW], _S.LEAD_CHECK,
              [_R.TPI_MEMBER, _R.TPI_LEAD], Stage.TPI, Window.TPI, (*REVIEWED, Check.SECOND_FINISHED),
              tells=[_G.LEAD]),
        _step("send_back", "Kembalikan kepada anggota", "Dikembalikan kepada anggota tim", [_S.LEAD_CHECK], _S.REVIEW,
              [_R.TPI_LEAD], Stage.TPI, Window.TPI, (), REASON, tells=[_G.REVIEWERS]),
        _step("pass_on", "Teruskan kepada pengendali teknis", "Diteruskan kepada pengendali teknis",
              [_S.LEAD_CHECK], _S.APPROVAL, [_R.TPI_LEAD], Stage.TPI, Window.TPI, COMPLETE, tells=[_G.CONTROLLER]),
        _step("hand_back", "Kembalikan kepada ketua tim", "Dikembalikan kepada ketua tim", [_S.APPROVAL],
              _S.LEAD_CHECK, [_R.TPI_CONTROLLER], Stage.TPI, Window.TPI, (), REASON, tells=[_G.LEAD]),
        _step("approve", "Setujui dan putuskan", "Hasil penilaian TPI diputuskan", [_S.APPROVAL], None,
              [_R.TPI_CONTROLLER], Stage.TPI, Window.TPI, COMPLETE, CONCLUSION, Snapshot.Kind.DECISION,
              [_G.TEAM, _G.PRELIM, _G.REVIEWERS, _G.ADMIN]),
        _step("propose", "Usulkan kepada TPN", "Diusulkan kepada TPN", [_S.FULFILS], _S.PROPOSED, [_R.ADMIN],
              Stage.TPN, checks=(Check.CONDITIONS_MET,), tells=[_G.TEAM, _G.REVIEWERS]),
        _step("unpropose", "Tarik usulan", "Usulan ditarik", [_S.PROPOSED], _S.FULFILS, [_R.ADMIN], Stage.TPN,
              reason=REASON, tells=[_G.TEAM, _G.REVIEWERS]),
        _step("record_result", "Catat hasil TPN", "Hasil TPN dicatat", [_S.PROPOSED], _S.RESULT, [_R.ADMIN],
              Stage.TPN, snapshot=Snapshot.Kind.RESULT, tells=[_G.TEAM, _G.PRELIM, _G.REVIEWERS, _G.ADMIN]),
    )
}  # fmt: skip


def steps_from(state: str, hats: Iterable[str]) -> frozenset[str]:
    """Return the steps that somebody with these roles may take from a state; windows and checks come later."""
    worn = frozenset(hats)
    return frozenset(name for name, step in STEPS.items() if state in step.source and worn & step.hats)
