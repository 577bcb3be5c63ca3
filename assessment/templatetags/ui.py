"""Small pieces of interface used in many templates."""

from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
ICONS = Path(settings.BASE_DIR) / "static" / "vendor" / "icons"


@lru_cache(maxsize=128)
def _icon(name: str) -> str:
    svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8").strip()
    start = svg.index("<svg")
    return f'<svg aria-hidden="true" focusable="false"{svg[start + 4 :]}'


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a vendored icon; with `label` it is read out, without it is decoration."""
    text = f'<span class="visually-hidden">{escape(label)}</span>' if label else ""
    return mark_safe(_icon(name) + text)


@register.filter
def get(mapping: dict[str, object], key: str) -> object:
    """Return a mapping's item; None when it has none."""
    return mapping.get(key)


@register.filter
def has_error(card: object, name: str) -> bool:
    return name in getattr(card, "errors", {})
