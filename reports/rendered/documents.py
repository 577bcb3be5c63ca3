"""Every document that the portal draws, from disk where the same was drawn before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import downloads, workbook
from ..lke import Lke
from ..recap.lines import printed_of
from ..recap.shown import Shown
from . import store
from .keys import key_of

# The libraries behind PDFs and .docx take long to load: they are imported only where something has to be drawn.

RECAP = "recap.pdf"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document; `is_kept` says that it was on disk already."""

    content: bytes
    content_type: str
    ending: str
    is_kept: bool


def lke(lke: Lke, form: str) -> Drawn:
    """Return an LKE as "xlsx" or "pdf"."""
    draw = {"xlsx": workbook.build, "pdf": _lke_pdf}[form]
    kind = {"xlsx": workbook.CONTENT_TYPE, "pdf": downloads.PDF}[form]
    return _drawn(f"lke.{form}", kind, lambda: draw(lke), lke)


def recap_pdf(shown: Shown) -> Drawn:
    """Return a recap as PDF. Its key has what stands in it, not what it was chosen from."""
    return _drawn(RECAP, downloads.PDF, lambda: _recap_pdf(shown), printed_of(shown))


def kept_recap_pdf(shown: Shown) -> Drawn | None:
    """Return a recap as PDF if the same was drawn before."""
    kept = store.found(key_of(RECAP, printed_of(shown)))
    return None if kept is None else Drawn(kept, downloads.PDF, "pdf", is_kept=True)


def sptjm(data: dict[str, Any]) -> Drawn:
    return _official("sptjm.pdf", data)


def lhe(data: dict[str, Any], form: str) -> Drawn:
    """Return an LHE as "pdf" or "docx"."""
    return _official(f"lhe.{form}", data)


def letter(data: dict[str, Any], form: str) -> Drawn:
    """Return a letter to TPN as "pdf" or "docx"."""
    return _official(f"letter.{form}", data)


def _official(kind: str, data: dict[str, Any]) -> Drawn:
    def draw() -> bytes:
        from .. import documents

        name, _, form = kind.partition(".")
        made: bytes = getattr(documents, f"{name}_{form}")(data)
        return made

    return _drawn(kind, downloads.DOCX if kind.endswith("docx") else downloads.PDF, draw, data)


def _drawn(kind: str, content_type: str, draw: Callable[[], bytes], *content: object) -> Drawn:
    key, ending = key_of(kind, *content), kind.rpartition(".")[2]
    kept = store.found(key)
    if kept is not None:
        return Drawn(kept, content_type, ending, is_kept=True)
    made = draw()
    store.keep(key, made)
    return Drawn(made, content_type, ending, is_kept=False)


def _lke_pdf(lke: Lke) -> bytes:
    from .. import pdf

    return pdf.render(lke)


def _recap_pdf(shown: Shown) -> bytes:
    from ..recap import pdf

    return pdf.render(shown)
