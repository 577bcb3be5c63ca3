"""What the recap's PDF says, as plain strings: its template's context, and what of it is content."""

from typing import Any

from accounts.letterheads.selectors import letterhead_data
from assessment import history

from .pages import row_of, summary_of
from .shown import Shown, data_of

# They change with the time of making alone, or are made of what is content already.
UNLIKE = frozenset({"made", "digest"})


def context_of(shown: Shown) -> dict[str, Any]:
    """Return what the template shows, as plain strings."""
    recap = shown.recap
    return {
        "title": shown.title,
        "agency": recap.agency,
        "facts": shown.facts(),
        "made": shown.made,
        "digest": history.digest("", data_of(shown)),
        "stage_name": shown.stage_name,
        "heads": [m.short for m in recap.measures],
        "legend": [(m.short, m.label) for m in recap.measures if m.short != m.label],
        "rows": [row_of(recap, line) for line in shown.lines],
        "summary": summary_of(recap, shown.lines),
    }


def letterhead_of(shown: Shown) -> dict[str, Any]:
    """Return the letterhead of the agency whose units these are, {} without one: one query."""
    top = next((unit for unit in shown.recap.uppers if unit.parent_id is None), None)
    return letterhead_data(top) if top and shown.recap.agency else {}


def printed_of(shown: Shown) -> dict[str, Any]:
    """Return all that a recap shows but the time of its making."""
    context = context_of(shown)
    facts = [(label, text) for label, text in context["facts"] if text != shown.made]
    kept = {name: value for name, value in context.items() if name not in UNLIKE}
    return kept | {"facts": facts, "head": letterhead_of(shown)}
