"""Whether Excel opens a workbook without offering to repair it: its structure (ECMA-376) and Excel's limits.

`problems_in` names what is wrong; an empty list means that nothing was found. It reads the raw parts, not through the
library that wrote them.
"""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

ROWS, COLUMNS = 1_048_576, 16_384
CELL_TEXT, FORMULA_TEXT, ADDRESS_TEXT = 32_767, 8_192, 2_079
LINKS, SHEET_NAME, RULE_FORMULA, RULE_TEXT, RULE_TITLE = 65_530, 31, 255, 255, 32
HEADER_TEXT, STYLES = 255, 65_490
# The order in which a worksheet's children must stand.
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing",
    "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
USED = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
STRING = {f"{MAIN}{name}" for name in ("t", "r", "rPh", "phoneticPr")}
RULE_TEXTS = {"errorTitle": RULE_TITLE, "promptTitle": RULE_TITLE, "error": RULE_TEXT, "prompt": RULE_TEXT}
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# Of the web, of mail, or relative to the workbook; nothing with another scheme or with white space.
ADDRESS = re.compile(r"(https?:|mailto:|(?![A-Za-z][A-Za-z0-9+.-]*:))\S+")
BAD_NAME = re.compile(r"[\\/?*\[\]:]")
DEFINED_NAME = re.compile(r"(_xlnm\.)?[A-Za-z_\\][A-Za-z0-9_.\\]*")

Box = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class Book:
    """A workbook's parts while they are checked."""

    parts: dict[str, bytes]
    promises_values: bool
    found: list[str] = field(default_factory=list)
    trees: dict[str, ElementTree.Element] = field(default_factory=dict)

    def say(self, part: str, text: str) -> None:
        self.found.append(f"{part}: {text}")


def problems_in(content: bytes, *, promises_values: bool = True) -> list[str]:
    """Return what Excel would stumble over; `promises_values`: every formula must have its value beside it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        book = Book({name: archive.read(name) for name in names}, promises_values)
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            book.say(name, "there more than once")
    for name, text in book.parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                book.trees[name] = ElementTree.fromstring(text)  # noqa: S314  our own files
            except ElementTree.ParseError as error:
                book.say(name, f"no well-formed XML: {error}")
    _check_types(book)
    _check_relations(book)
    if "xl/workbook.xml" in book.trees:
        _check_workbook(book)
    return book.found


def _check_types(book: Book) -> None:
    tree = book.trees.get("[Content_Types].xml")
    if tree is None:
        book.say("[Content_Types].xml", "missing")
        return
    defaults = {e.get("Extension", "").lower() for e in tree.iter(f"{TYPES}Default")}
    overrides = [e.get("PartName", "").lstrip("/") for e in tree.iter(f"{TYPES}Override")]
    for name, count in Counter(overrides).items():
        if count > 1:
            book.say(name, "two content types")
        if name not in book.parts:
            book.say(name, "a content type for a part that is missing")
    for name in book.parts:
        if name != "[Content_Types].xml" and name not in overrides and name.rpartition(".")[2].lower() not in defaults:
            book.say(name, "no content type")


def _check_relations(book: Book) -> None:
    for name, tree in book.trees.items():
        if not name.endswith(".rels"):
            continue
        source = posixpath.join(posixpath.dirname(posixpath.dirname(name)), posixpath.basename(name)[:-5])
        if source not in {"", *book.parts} and posixpath.basename(name) != ".rels":
            book.say(name, "relations of a part that is missing")
        ids = [e.get("Id", "") for e in tree.iter(f"{PACKAGE}Relationship")]
        if len(ids) != len(set(ids)):
            book.say(name, "an id twice")
        for relation in tree.iter(f"{PACKAGE}Relationship"):
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External":
                if not ADDRESS.fullmatch(target) or len(target) > ADDRESS_TEXT:
                    book.say(name, f"an address that cannot be: {target[:80]!r}")
            elif _resolved(source, target) not in book.parts:
                book.say(name, f"leads to nothing: {target}")


def _resolved(source: str, target: str) -> str:
    base = "" if target.startswith("/") else posixpath.dirname(source)
    return posixpath.normpath(posixpath.join(base, target.lstrip("/"))).lstrip("/")


def _related(book: Book, part: str) -> dict[str, str]:
    folder, name = posixpath.split(part)
    tree = book.trees.get(f"{folder}/_rels/{name}.rels")
    found = {} if tree is None else {e.get("Id", ""): e for e in tree.iter(f"{PACKAGE}Relationship")}
    return {
        key: e.get("Target", "") if e.get("TargetMode") == "External" else _resolved(part, e.get("Target", ""))
        for key, e in found.items()
    }


def _check_workbook(book: Book) -> None:
    part = "xl/workbook.xml"
    tree, related = book.trees[part], _related(book, part)
    names = [s.get("name", "") for s in tree.iter(f"{MAIN}sheet")]
    if not names:
        book.say(part, "no sheet")
    for name, count in Counter(n.lower() for n in names).items():
        if count > 1:
            book.say(part, f"two sheets {name!r}")
        if not name or len(name) > SHEET_NAME or BAD_NAME.search(name) or name[0] == "'" or name[-1] == "'":
            book.say(part, f"a sheet's name that cannot be: {name!r}")
    ids = [s.get("sheetId") for s in tree.iter(f"{MAIN}sheet")]
    if len(ids) != len(set(ids)):
        book.say(part, "an id of a sheet twice")
    _check_names(book, part, tree, names)
    styles, strings = _style_limits(book), _strings(book)
    for sheet in tree.iter(f"{MAIN}sheet"):
        target = related.get(sheet.get(f"{REL}id", ""), "")
        if target in book.trees:
            _check_sheet(book, target, styles, strings)
        else:
            book.say(part, f"no part for sheet {sheet.get('name')!r}")


def _check_names(book: Book, part: str, tree: ElementTree.Element, sheets: list[str]) -> None:
    seen: Counter[tuple[str, str | None]] = Counter()
    for defined in tree.iter(f"{MAIN}definedName"):
        name, scope, text = defined.get("name", ""), defined.get("localSheetId"), defined.text or ""
        seen[name.lower(), scope] += 1
        if not DEFINED_NAME.fullmatch(name) or len(name) > 255 or CELL.fullmatch(name.upper()):
            book.say(part, f"a name that cannot be: {name!r}")
        if scope is not None and not (scope.isdigit() and int(scope) < len(sheets)):
            book.say(part, f"{name}: of a sheet that is not there")
        if not text.strip() or "#REF!" in text:
            book.say(part, f"{name}: stands for nothing")
        for quoted in re.findall(r"'((?:[^']|'')+)'!", text):
            if quoted.replace("''", "'") not in sheets:
                book.say(part, f"{name}: names the unknown sheet {quoted!r}")
    for (name, _), count in seen.items():
        if count > 1:
            book.say(part, f"the name {name} twice")


def _children(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    found = tree.find(f"{MAIN}{name}")
    return [] if found is None else list(found)


@dataclass(frozen=True)
class _Styles:
    cells: int
    differential: int


def _style_limits(book: Book) -> _Styles:
    part = "xl/styles.xml"
    tree = book.trees.get(part)
    if tree is None:
        return _Styles(1, 0)
    sizes = {kind: len(_children(tree, kind)) for kind in ("fonts", "fills", "borders", "cellStyleXfs")}
    formats = {e.get("numFmtId", "") for e in tree.iter(f"{MAIN}numFmt")}
    for kind in ("cellStyleXfs", "cellXfs"):
        for xf in _children(tree, kind):
            for name, what in (
                ("fontId", "fonts"),
                ("fillId", "fills"),
                ("borderId", "borders"),
                ("xfId", "cellStyleXfs"),
            ):
                if int(xf.get(name, "0")) >= max(sizes[what], 1):
                    book.say(part, f"{kind}: {name} {xf.get(name)} is not there")
            number = xf.get("numFmtId", "0")
            if int(number) >= 164 and number not in formats:
                book.say(part, f"{kind}: the number format {number} is not there")
    names = [e.get("name", "").lower() for e in tree.iter(f"{MAIN}cellStyle")]
    if len(names) != len(set(names)):
        book.say(part, "a named style twice")
    for style in tree.iter(f"{MAIN}cellStyle"):
        if int(style.get("xfId", "0")) >= sizes["cellStyleXfs"]:
            book.say(part, f"style {style.get('name')} has no format")
    cells = len(_children(tree, "cellXfs"))
    if cells > STYLES:
        book.say(part, "too many cell formats")
    return _Styles(cells, len(_children(tree, "dxfs")))


def _strings(book: Book) -> int:
    part = "xl/sharedStrings.xml"
    tree = book.trees.get(part)
    if tree is None:
        return 0
    items = list(tree)
    for number, item in enumerate(items):
        if item.tag != f"{MAIN}si" or not {c.tag for c in item} <= {
            f"{MAIN}{t}" for t in ("t", "r", "rPh", "phoneticPr")
        }:
            book.say(part, f"string {number} is none")
        if len("".join(t.text or "" for t in item.iter(f"{MAIN}t"))) > CELL_TEXT:
            book.say(part, f"string {number} is longer than a cell holds")
    return len(items)


def _check_sheet(book: Book, part: str, styles: _Styles, strings: int) -> None:
    tree = book.trees[part]
    places = [ORDER.index(c.tag.removeprefix(MAIN)) if c.tag.removeprefix(MAIN) in ORDER else -1 for c in tree]
    if places != sorted(places) or -1 in places:
        book.say(part, "its parts stand in the wrong order")
    _check_cells(book, part, tree, styles, strings)
    _check_merged(book, part, tree)
    _check_rules(book, part, tree, styles)
    _check_links(book, part, tree)
    for place in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        text = tree.findtext(f"{MAIN}headerFooter/{MAIN}{place}") or ""
        if len(text) > HEADER_TEXT:
            book.say(part, f"{place} is longer than {HEADER_TEXT} characters")
    for column in tree.iter(f"{MAIN}col"):
        if not 1 <= int(column.get("min", "0")) <= int(column.get("max", "0")) <= COLUMNS:
            book.say(part, "columns that cannot be")
        if float(column.get("width", "0")) > 255:
            book.say(part, "a column wider than 255")
    auto = tree.find(f"{MAIN}autoFilter")
    if auto is not None:
        _box(book, part, auto.get("ref", ""))


def _check_cells(book: Book, part: str, tree: ElementTree.Element, styles: _Styles, strings: int) -> None:
    last_row = 0
    for row in tree.iter(f"{MAIN}row"):
        number = int(row.get("r", "0"))
        if not last_row < number <= ROWS:
            book.say(part, f"row {number} out of order")
        if float(row.get("ht", "0")) > 409.5:
            book.say(part, f"row {number} higher than 409.5")
        last_row, last_column = number, 0
        for cell in row.iter(f"{MAIN}c"):
            box = _box(book, part, cell.get("r", ""))
            if box and not (box[0] == number and last_column < box[1]):
                book.say(part, f"cell {cell.get('r')} out of order")
            last_column = box[1] if box else last_column
            _check_cell(book, part, cell, styles, strings)


def _check_cell(book: Book, part: str, cell: ElementTree.Element, styles: _Styles, strings: int) -> None:
    where, kind = cell.get("r", ""), cell.get("t", "n")
    formula, value = cell.find(f"{MAIN}f"), cell.findtext(f"{MAIN}v")
    value = value if value or kind == "str" else None  # an empty element holds no number
    if int(cell.get("s", "0")) >= styles.cells:
        book.say(part, f"{where}: style {cell.get('s')} is not there")
    if (kind == "s" and not (value or "").isdigit()) or (kind == "s" and int(value or 0) >= strings):
        book.say(part, f"{where}: string {value} is not there")
    if kind == "n" and value is not None and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", value):
        book.say(part, f"{where}: {value!r} is no number")
    if kind not in {"n", "s", "str", "inlineStr", "b", "e", "d"}:
        book.say(part, f"{where}: the type {kind!r} is unknown")
    inline = cell.find(f"{MAIN}is")
    if (kind == "inlineStr") != (inline is not None):
        book.say(part, f"{where}: an inline string without its type, or a type without its string")
    texts = [value or "", "".join(t.text or "" for t in (inline if inline is not None else ()))]
    if max(map(len, texts)) > CELL_TEXT:
        book.say(part, f"{where}: longer than a cell holds")
    if formula is not None:
        if len(formula.text or "") > FORMULA_TEXT or (formula.text or "").startswith("="):
            book.say(part, f"{where}: a formula that cannot be")
        if book.promises_values and value is None:
            book.say(part, f"{where}: a formula without its value")


def _box(book: Book, part: str, text: str) -> Box | None:
    """Return a range as numbers; what is none is said."""
    ends = [CELL.fullmatch(end) for end in text.split(":")]
    numbers = [(int(m.group(2)), _column(m.group(1))) for m in ends if m]
    if len(ends) not in {1, 2} or len(numbers) != len(ends) or any(r > ROWS or c > COLUMNS for r, c in numbers):
        book.say(part, f"{text[:60]!r} is no range")
        return None
    (top, left), (bottom, right) = numbers[0], numbers[-1]
    if top > bottom or left > right:
        book.say(part, f"{text!r} is turned round")
    return top, left, bottom, right


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _check_merged(book: Book, part: str, tree: ElementTree.Element) -> None:
    taken: dict[tuple[int, int], str] = {}
    for merged in tree.iter(f"{MAIN}mergeCell"):
        text = merged.get("ref", "")
        box = _box(book, part, text)
        if box is None:
            continue
        cells = [(r, c) for r in range(box[0], box[2] + 1) for c in range(box[1], box[3] + 1)]
        if len(cells) < 2:
            book.say(part, f"{text} merges nothing")
        overlaps = {taken[cell] for cell in cells if cell in taken}
        for other in sorted(overlaps):
            book.say(part, f"{text} overlaps {other}")
        taken.update(dict.fromkeys(cells, text))


def _check_rules(book: Book, part: str, tree: ElementTree.Element, styles: _Styles) -> None:
    holder = tree.find(f"{MAIN}dataValidations")
    rules = list(tree.iter(f"{MAIN}dataValidation"))
    if holder is not None and (not rules or int(holder.get("count", len(rules))) != len(rules)):
        book.say(part, "validations are counted wrong")
    for rule in rules:
        for area in _areas(book, part, rule.get("sqref", ""), "a validation"):
            _box(book, part, area)
        for name in ("formula1", "formula2"):
            if len((rule.findtext(f"{MAIN}{name}") or "").strip('"')) > RULE_FORMULA:
                book.say(part, f"a validation's {name} is longer than {RULE_FORMULA}")
        if rule.get("type", "none") != "none" and not rule.findtext(f"{MAIN}formula1"):
            book.say(part, "a validation without a formula")
        for name, limit in (
            ("errorTitle", RULE_TITLE),
            ("promptTitle", RULE_TITLE),
            ("error", RULE_TEXT),
            ("prompt", RULE_TEXT),
        ):
            if len(rule.get(name, "")) > limit:
                book.say(part, f"a validation's {name} is longer than {limit}")
    for formatting in tree.iter(f"{MAIN}conditionalFormatting"):
        for area in _areas(book, part, formatting.get("sqref", ""), "a conditional format"):
            _box(book, part, area)
        for rule in formatting.iter(f"{MAIN}cfRule"):
            if rule.get("dxfId") is not None and int(rule.get("dxfId", "0")) >= styles.differential:
                book.say(part, "a conditional format whose look is not there")


def _areas(book: Book, part: str, text: str, what: str) -> Iterator[str]:
    areas = text.split()
    if not areas:
        book.say(part, f"{what} of no cells")
    yield from areas


def _check_links(book: Book, part: str, tree: ElementTree.Element) -> None:
    related = _related(book, part)
    links = list(tree.iter(f"{MAIN}hyperlink"))
    if len(links) > LINKS:
        book.say(part, f"more than {LINKS} links")
    for link in links:
        _box(book, part, link.get("ref", ""))
        key = link.get(f"{REL}id")
        if key is None and not link.get("location"):
            book.say(part, f"the link of {link.get('ref')} leads nowhere")
        if key is not None and key not in related:
            book.say(part, f"the link of {link.get('ref')} has no relation")
