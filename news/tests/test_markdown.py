"""What people write becomes safe HTML, whatever they write."""

import re
from html.parser import HTMLParser

import pytest

from news.markdown import rendered


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**tebal** dan *miring*", "<p><strong>tebal</strong> dan <em>miring</em></p>\n"),
        ("# Satu", "<h2>Satu</h2>\n"),
        ("## Dua", "<h2>Dua</h2>\n"),
        ("###### Enam", "<h4>Enam</h4>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        ("> kutipan", "<blockquote>\n<p>kutipan</p>\n</blockquote>\n"),
        ("~~lama~~", "<p><s>lama</s></p>\n"),
        ("[a](https://x.go.id/)", '<p><a href="https://x.go.id/" rel="noopener nofollow ugc">a</a></p>\n'),
        ("[a](/folder/)", '<p><a href="/folder/" rel="noopener nofollow ugc">a</a></p>\n'),
        ("a\0b", "<p>ab</p>\n"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>\n"),
    ],
)
def test_the_usual_marks(text, html):
    assert rendered(text) == html


def test_a_table():
    made = rendered("| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<th>a</th>" in made
    assert "<td>2</td>" in made


ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<iframe src=https://jahat.example></iframe>", "<a href='javascript:alert(1)'>x</a>", "<style>*{}</style>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))", "[x](&#106;avascript:alert(1))", "[x](java\nscript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)", "![x](https://jahat.example/pelacak.png)",
    "![x](https://jahat.example/x.png \"a\\\" onerror=alert(1)\")", "<https://x.example/\" onmouseover=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]", "[x](https://a.example/\"onclick=alert(1)//)", "<b onclick=alert(1)>x</b>",
    "<form action=https://jahat.example><input name=a></form>", "```html\n<script>alert(1)</script>\n```",
    "<!-- --><script>alert(1)</script>", "<math><mtext><script>alert(1)</script></mtext></math>",
]  # fmt: skip


class Parts(HTMLParser):
    """The tags and attributes that a browser would find."""

    def __init__(self, made):
        super().__init__()
        self.found = []
        self.feed(made)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_only_text(text):
    for tag, attributes in Parts(rendered(text)).found:
        assert tag in {"p", "a", "pre", "code", "li", "ul"}, tag
        assert set(attributes) <= {"href", "rel", "title"}
        assert re.match(r"https?:", attributes.get("href") or "https:"), attributes


@pytest.mark.parametrize("text", ["[" * 3000, "> " * 2000 + "x", "*" * 5000, "- " * 1000 + "x"])
def test_what_is_nested_without_end_is_rendered_all_the_same(text):
    assert rendered(text)
