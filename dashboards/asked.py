"""What is asked of the page "Jalan menuju WBK/WBBM": its query string, so that a link keeps everything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from assessment.access import May
from assessment.models import Assessment, Stage
from assessment.worksheet import Worksheet

from . import whatif
from .whatif import Tried

# Stages whose answers say what would have to be better; TPN's are its own.
STAGES = (Stage.UNIT, Stage.PRELIM, Stage.TPI)
WRONG_PREDICATE = "Predikat yang diminta tidak ada; yang ditampilkan target unit."
WRONG_STAGE = "Nilai tahap yang diminta tidak dapat Anda lihat; yang ditampilkan nilai unit."
WRONG_KEPT = "Ada kriteria yang diminta tetap, tetapi tidak ada di lembar kerja."


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid question; `problems` say what of it was not, and what was taken instead."""

    predicate: str
    stage: str
    fixed: tuple[str, ...]  # criteria that are not to be suggested
    tried: Tried
    is_trying: bool
    stages: tuple[str, ...]  # that may be asked for
    plain_predicate: str  # the one without asking
    problems: tuple[str, ...]

    def query(self, **changed: Any) -> str:
        """Return the query string of the same question, but for what is changed; without what is tried."""
        asked: dict[str, Any] = {
            "predikat": "" if self.predicate == self.plain_predicate else self.predicate,
            "tahap": "" if self.stage == Stage.UNIT else self.stage,
            "tetap": self.fixed,
        } | changed
        if asked["predikat"] == self.plain_predicate:
            asked["predikat"] = ""
        return urlencode({key: value for key, value in asked.items() if value}, doseq=True)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields that keep the question while somebody tries."""
        fields = [("coba", "1"), ("predikat", self.predicate)]
        if self.stage != Stage.UNIT:
            fields.append(("tahap", self.stage))
        return [*fields, *(("tetap", code) for code in self.fixed)]

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def stage_links(self) -> list[tuple[str, str, bool]]:
        """Label, query and whether it is the present one, for every stage; none where there is no choice."""
        if len(self.stages) < 2:
            return []
        links = [(s, "" if s == Stage.UNIT else s) for s in self.stages]
        return [(str(Stage(s).label), self.query(tahap=asked), s == self.stage) for s, asked in links]


def read(params: QueryDict, assessment: Assessment, may: May, worksheet: Worksheet, scored: Collection[str]) -> Asked:
    """Read the question; `scored` are the stages that have scores."""
    problems: list[str] = []
    stages = tuple(s for s in STAGES if s in may.sees and s in scored)
    stage = params.get("tahap") or Stage.UNIT
    if stage not in stages:
        stage, problems = Stage.UNIT, [*problems, WRONG_STAGE]
    predicate = params.get("predikat") or assessment.target
    if predicate not in worksheet.predicates:
        predicate, problems = assessment.target, [*problems, WRONG_PREDICATE]
    kept = _unique(params.getlist("tetap"))
    fixed = tuple(code for code in kept if code in worksheet.criteria)
    if len(fixed) < len(kept):
        problems = [*problems, WRONG_KEPT]
    tried = whatif.read(worksheet, params)
    is_trying = "coba" in params or bool(tried.typed)
    return Asked(
        str(predicate), str(stage), fixed, tried, is_trying, tuple(map(str, stages)), assessment.target, tuple(problems)
    )


def _unique(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))
