"""The index as a page that needs nothing but itself."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape as _escape

from assessment.worksheet import Criterion, Node

from . import words
from .links import target_of
from .rows import BundleHead, Fate, Packed

_STYLE = """
body { font: 15px/1.5 system-ui, "Segoe UI", sans-serif; color: #1a1a1a; max-width: 62rem; margin: 2rem auto }
body { padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 }
h2 { font-size: 1.3rem; border-bottom: 3px solid #1f3864; margin: 2.2rem 0 .5rem }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .4rem }
h4 { font-size: 1rem; margin: 1.2rem 0 .3rem; color: #1f3864 }
h5, h6 { font-size: 1rem; margin: 1rem 0 .2rem; font-weight: 600 }
section { margin: .6rem 0 .9rem; padding-left: .8rem; border-left: 3px solid #d5dbe6; break-inside: avoid }
section.kosong { border-left-color: #b3261e }
section p { margin: 0 }
ul { margin: .2rem 0; padding-left: 1.2rem }
code { font-size: .85em; overflow-wrap: anywhere }
.kode, .ket { color: #555 }
.ket { font-size: .9em }
.masalah { color: #b3261e; font-weight: 600 }
a { color: #0b57d0; overflow-wrap: anywhere }
@media print {
  body { margin: 0; max-width: none; font-size: 10.5pt }
  a { color: inherit }
  h2, h3, h4, h5, h6 { break-after: avoid }
}
"""
# Nothing in here may load or run, whatever a title holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def escape(text: str) -> str:
    return _escape(words.clean(text))


def index_html(head: BundleHead, rows: Sequence[Packed]) -> str:
    """Return the index: all criteria in worksheet order with their documents, those without evidence included."""
    found: dict[str, list[Packed]] = defaultdict(list)
    for row in rows:
        found[row.proof.code].append(row)
    parts = [*_opening(head, rows, found)]
    for root in head.worksheet.roots:
        parts += _node(root, found, 2)
    strangers = [row for code, listed in found.items() if code not in head.worksheet.criteria for row in listed]
    if strangers:
        parts += ["<h2>Di luar lembar kerja</h2><ul>", *map(_item, strangers), "</ul>"]
    return "\n".join([*parts, "</body></html>", ""])


def _opening(head: BundleHead, rows: Sequence[Packed], found: dict[str, list[Packed]]) -> Iterator[str]:
    title = f"Indeks bukti dukung Zona Integritas {head.year}"
    yield '<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}: {escape(head.unit_name)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{title}</h1><p><bdi>{escape(head.unit_name)}</bdi> ({escape(head.unit_code)})<br>"
    yield f"Dibuat {words.moment(head.made_at)}<br>{_summary(rows)}</p>"
    criteria = head.worksheet.criteria
    empty = sum(code not in found for code in criteria)
    yield f"<p>{len(criteria) - empty} dari {len(criteria)} kriteria mempunyai bukti dukung; {empty} belum.</p>"
    for fate, count in ((fate, sum(row.fate == fate for row in rows)) for fate in Fate if fate):
        if count:
            yield f'<p class="masalah">{count} berkas bermasalah: {fate}.</p>'


def _summary(rows: Sequence[Packed]) -> str:
    files = [row for row in rows if row.path]
    links = sum(bool(row.url) for row in rows)
    total = sum(row.size for row in files)
    return f"{words.number(len(files))} berkas ({words.size(total)}), {words.number(links)} tautan"


def _node(node: Node, found: dict[str, list[Packed]], level: int) -> Iterator[str]:
    heading = f"h{min(level, 6)}"
    yield f"<{heading}>{escape(node.marker)}. {escape(node.title)}</{heading}>"
    for child in node.children:
        yield from _node(child, found, level + 1)
    for criterion in node.criteria:
        yield from _criterion(criterion, found.get(criterion.code, []))


def _criterion(criterion: Criterion, rows: Sequence[Packed]) -> Iterator[str]:
    yield "<section>" if rows else '<section class="kosong">'
    yield f'<p><span class="kode">{escape(criterion.code)}</span> {escape(criterion.title)}</p>'
    if rows:
        yield from ("<ul>", *map(_item, rows), "</ul>")
    else:
        yield '<p class="masalah">Belum ada bukti dukung</p>'
    yield "</section>"


def _item(row: Packed) -> str:
    title = f"<bdi>{escape(row.proof.title)}</bdi>"
    target = target_of(row)
    shown = f'<a href="{escape(target)}" rel="noopener noreferrer">{title}</a>' if target else title
    facts = "; ".join(f"<bdi>{escape(fact)}</bdi>" for fact in _facts(row) if fact)
    problem = f'<br><span class="masalah">{escape(row.fate.value.capitalize())}</span>' if row.fate else ""
    digest = f'<br><span class="ket">SHA-256 <code>{escape(row.sha256)}</code></span>' if row.sha256 else ""
    return f'<li>{shown}<br><span class="ket">{facts}</span>{digest}{problem}</li>'


def _facts(row: Packed) -> list[str]:
    proof = row.proof
    return [
        f"untuk: {proof.expected}" if proof.expected else "",
        f"nomor {proof.number}" if proof.number else "",
        f"tanggal {words.day(proof.dated)}" if proof.dated else "",
        f"tahun {proof.year}" if proof.year else "",
        f"halaman {proof.page_ref}" if proof.page_ref else "",
        f"versi {proof.version}",
        row.url or row.path.rsplit("/", 1)[-1] or row.name,
        "" if row.url else words.size(row.size),
    ]
