"""What the address asks for, and what comes back to be corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from assessment.models import Stage

from ...access import ReviewMay
from ...forms.judging import JudgeForm, VerdictForm
from ...models import Verdict

FILTERS = {
    "beda": "Berbeda dari unit",
    "belum": "Belum dinilai",
    "bukti": "Bukti kurang atau tidak relevan",
    "berubah": "Berubah sejak dikembalikan",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    wanted: str = ""  # a key of FILTERS
    shown: str = ""  # the attachment to preview
    leaf: int = 0

    @property
    def keep(self) -> str:
        """Return the query that brings back the same choice of criteria."""
        return f"?saring={self.wanted}" if self.wanted else ""

    @property
    def again(self) -> str:
        """Return the query that brings back the preview too."""
        values = {"saring": self.wanted, "lihat": self.shown, "halaman": str(self.leaf or "")}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else ""


def asked(params: Mapping[str, str]) -> Asked:
    wanted, leaf = params.get("saring", ""), params.get("halaman", "")
    number = int(leaf) if leaf.isdecimal() and leaf.isascii() and len(leaf) < 7 else 0
    return Asked(wanted if wanted in FILTERS else "", params.get("lihat", "").replace("\0", "")[:40], number)


def filters_of(may: ReviewMay) -> dict[str, str]:
    if may.stage in {Stage.PRELIM, Stage.TPI}:
        return FILTERS
    return {key: FILTERS[key] for key in ("beda", "belum")}


@dataclass(slots=True)
class Bound:
    """What comes back: forms refused or overtaken, by criterion; a verdict's form, by attachment."""

    forms: Mapping[str, JudgeForm] = field(default_factory=dict)
    verdict: VerdictForm | None = None
    attachment: str = ""
    stored: Verdict | None = None
