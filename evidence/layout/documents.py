"""Which of a criterion's expected documents a file is. Pure."""

from collections.abc import Sequence

from .headings import heading_of
from .titles import Titles

_CLEAR, _MARGIN = 0.6, 0.12


def guess_document(documents: Sequence[str], title: str) -> int | None:
    """Return the index of the expected document that a file's title names; None unless it is clearly one."""
    titles = Titles({str(index): document for index, document in enumerate(documents)})
    fits = titles.fits(heading_of(title).words)
    ranked = sorted(((score, int(index)) for index, score in fits.items()), reverse=True)
    if not ranked or ranked[0][0] < _CLEAR:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN:
        return None
    return ranked[0][1]
