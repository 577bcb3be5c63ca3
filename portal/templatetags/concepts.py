"""The "?" beside a concept. Templates of any app may load it; no Python module needs to import it."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.help.glossary import TERMS

register = template.Library()


@register.simple_tag
def concept(slug: str) -> SafeString:
    """Draw a "?" that explains a term: in the panel with JavaScript, in the glossary without; KeyError if unknown."""
    return format_html(
        '<a class="concept" href="{}#{}" hx-get="{}" hx-target="#panel-body" data-panel-title="Istilah" '
        'aria-label="Apa itu {}?"><span aria-hidden="true">?</span></a>',
        reverse("portal:glossary"), slug, reverse("portal:term", args=[slug]), TERMS[slug].name,
    )  # fmt: skip
