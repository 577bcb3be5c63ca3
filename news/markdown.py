"""Markdown to HTML that is safe to show to anybody. Pure.

Two guards, each enough by itself: the parser passes no HTML on and draws no pictures, and what it made is cleaned
against a list of what may stay.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "s", "blockquote", "code", "pre", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
# The page's own title is the only heading of the first level.
HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    return parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])


def rendered(text: str) -> SafeString:
    """Return a Markdown text as HTML."""
    parser = _parser()
    tokens = parser.parse(text.replace("\0", ""))
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    made = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener nofollow ugc")
    return mark_safe(clean)
