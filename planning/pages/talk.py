"""What the discussions show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from assessment.worksheet import Criterion

from ..access import PlanMay
from ..models import Message
from ..selectors import members_of
from ..services.messages import NAME


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: str
    by: str
    at: str
    text: SafeString | str  # "" where it was taken back
    is_gone: bool
    is_mine: bool
    code: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages about one criterion."""

    code: str
    title: str
    url: str
    rows: Sequence[MessageRow]


def messages_of(assessment: Assessment) -> QuerySet[Message]:
    """Return the messages of an assessment, oldest first, with what is shown of them."""
    return assessment.messages.select_related("by", "withdrawal").order_by("at", "pk")


def row_of(message: Message, code: str, user: User) -> MessageRow:
    """Build a message's row (from `messages_of`); the text of one taken back is not handed on."""
    is_gone = hasattr(message, "withdrawal")
    return MessageRow(
        id=str(message.pk),
        by=str(message.by),
        at=date_format(timezone.localtime(message.at), "j F Y H.i"),
        text="" if is_gone else marked(message.text, message.mentions),
        is_gone=is_gone,
        is_mine=message.by_id == user.pk,
        code=code,
    )


def marked(text: str, names: Iterable[str]) -> SafeString:
    """Return the text with the colleagues it names marked, everything escaped."""
    known = sorted((name.lower() for name in names), key=len, reverse=True)
    parts: list[tuple[object, str]] = []
    place = 0
    for found in NAME.finditer(text):
        word = found[1].lower()
        name = next((n for n in known if word.startswith(n)), "")
        if name:
            end = found.start() + 1 + len(name)
            parts += [(text[place : found.start()], ""), (text[found.start() : end], "1")]
            place = end
    parts.append((text[place:], ""))
    pieces = ((_piece(str(part), is_name=bool(flag)),) for part, flag in parts)
    return format_html_join("", "{}", pieces)


def _piece(text: str, *, is_name: bool) -> SafeString:
    if is_name:
        return format_html_join("", "<strong>{}</strong>", [(text,)])
    return format_html_join(SafeString("<br>"), "{}", ((conditional_escape(line),) for line in text.split("\n")))


def one(
    assessment: Assessment, may: PlanMay, user: User, criterion: Criterion, *, typed: str = "",
    errors: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Build the discussion of one criterion: two queries."""
    worksheet = worksheet_of(assessment.period.instrument)
    rows = messages_of(assessment).filter(criterion=criterion.pk)
    page = worksheet.page_of[criterion.code]
    where = [assessment.period.year, assessment.unit.code]
    return {
        "assessment": assessment,
        "may": may,
        "c": criterion,
        "rows": [row_of(m, criterion.code, user) for m in rows],
        "people": [(m.user.username, str(m.user)) for m in members_of(assessment.unit) if m.user != user],
        "typed": typed,
        "errors": errors,
        "sheet_url": reverse("assessment:page", args=[*where, page]) + f"#k-{criterion.slug}",
    }


def every(assessment: Assessment, may: PlanMay, user: User) -> dict[str, Any]:
    """Build all discussions of an assessment, those with the newest message first: one query."""
    worksheet = worksheet_of(assessment.period.instrument)
    found: dict[str, list[MessageRow]] = {}
    for message in messages_of(assessment):
        code = worksheet.code_of[message.criterion_id]
        rows = found.pop(code, [])
        found[code] = [*rows, row_of(message, code, user)]
    where = [assessment.period.year, assessment.unit.code]
    threads = [
        Thread(code, worksheet.criteria[code].title, reverse("planning:talk", args=[*where, code]), rows)
        for code, rows in reversed(found.items())
    ]
    return {"assessment": assessment, "may": may, "threads": threads}
