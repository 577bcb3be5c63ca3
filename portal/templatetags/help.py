"""What the texts of the help are made with: links to a person's own pages, and pictures."""

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.help.context import TOPIC_OF_ROUTE
from portal.help.pictures import PICTURES

register = template.Library()


@register.simple_tag(takes_context=True)
def go(context: Context, text: str, route: str, of: str = "") -> SafeString:
    """Link to a page, or name it in bold where the reader has none such.

    `of` says what the address needs: "" nothing, "unit" and "penilaian" the reader's own, "tahun" and "instansi" an
    admin of the agency, "staf" the administration site.
    """
    args = _args(context, of)
    if args is None:
        return format_html("<strong>{}</strong>", text)
    return format_html('<a href="{}">{}</a>', reverse(route, args=args), text)


def _args(context: Context, of: str) -> list[object] | None:
    """Return what the address needs; None if the reader has no such page."""
    place, is_agency = context.get("place"), context.get("is_agency")
    if not of:
        return []
    if of == "staf":
        request = context.get("request")
        return [] if request is not None and request.user.is_staff else None
    if of == "instansi":
        return [] if is_agency else None
    if place is None or (of == "tahun" and not is_agency):
        return None
    year, code = place.period.year, place.unit.code
    return {"unit": [code], "penilaian": [year, code], "tahun": [year]}[of]


@register.simple_tag
def help_picture(name: str) -> SafeString:
    """Show one of the pictures of real pages, with its text for those who do not see it."""
    picture = PICTURES[name]
    return format_html(
        '<img class="help-picture" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        static(f"help/{name}.webp"), picture.alt, picture.width, picture.height,
    )  # fmt: skip


@register.simple_tag
def help_about(request: HttpRequest) -> str:
    """Return the address of the help about the page at hand; "" where none is."""
    match = request.resolver_match
    topic = TOPIC_OF_ROUTE.get(match.view_name) if match else None
    return reverse("portal:topic", args=[topic]) if topic else ""
