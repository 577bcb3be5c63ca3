"""What the recap's PDF says, as plain strings: its template's context, and what of it is content."""

from typing import Any

from .pages import row_of, summary_of
from .shown import Shown


def context_of(shown: Shown) -> dict[str, Any]:
    """Return what the template shows, as plain strings."""
    recap = shown.recap
    return {
        "title": shown.title,
        "agency": recap.agency,
        "facts": shown.facts(),
        "made": shown.made,
        "stage_name": shown.stage_name,
        "heads": [m.short for m in recap.measures],
        "legend": [(m.short, m.label) for m in recap.measures if m.short != m.label],
        "rows": [row_of(recap, line) for line in shown.lines],
        "summary": summary_of(recap, shown.lines),
    }


def printed_of(shown: Shown) -> dict[str, Any]:
    """Return all that a recap shows but the time of its making."""
    context = context_of(shown)
    facts = [(label, text) for label, text in context["facts"] if text != shown.made]
    return {name: value for name, value in context.items() if name != "made"} | {"facts": facts}
