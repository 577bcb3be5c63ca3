"""Office packages: which kind they are, and nothing in them that runs, hides or fetches something."""

import re
import tempfile
from collections.abc import Collection, Mapping
from typing import BinaryIO

from . import magic, xml
from .refusals import Refused
from .source import Finder, Source
from .zips import STORED, Budget, Entry, Package

CONTENT_TYPES = "[Content_Types].xml"
MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
ODF_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
MACRO_TYPE = re.compile(r"macro|vbaproject|vbadata", re.IGNORECASE)
MACRO_PART = re.compile(r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml)$|^(?:basic|scripts)/|/macrosheets/", re.IGNORECASE)
ACTIVE_PART = re.compile(r"(?:^|/)activex", re.IGNORECASE)
XML_PART = re.compile(r"\.(?:xml|rels|vml|rdf)$", re.IGNORECASE)
# Compressed vector pictures are gzip files, and Office writes them.
PICTURE_PART = re.compile(r"/media/[^/]+\.(?:emz|wmz|svgz)$", re.IGNORECASE)

# A relationship that Office follows on its own when the document is opened.
FETCHED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument"})
# A template or a linked workbook on the author's own drive is left over, not fetched from elsewhere.
ON_OWN_DRIVE = re.compile(r"(?:file:/{0,3})?[a-z]:[\\/]|(?![a-z][a-z0-9+.-]*:|[\\/]{2})", re.IGNORECASE)

PACKAGER = "\x01Ole10Native".encode("utf-16-le")
OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
LEGACY = tuple(name.encode("utf-16-le") for name in ("WordDocument", "Workbook", "Book", "PowerPoint Document"))
ODF_SCRIPT = b"vnd.sun.star.script:"
MAX_NESTING = 1


def refuse_ole(source: Source) -> None:
    """Refuse an OLE file: an old office document, or a new one under a password."""
    finder = Finder([ENCRYPTED_PACKAGE, *LEGACY])
    for block in source.blocks():
        finder.feed(block)
    if ENCRYPTED_PACKAGE in finder.found:
        raise Refused("password")
    raise Refused("legacy-office" if finder.found else "unknown")


class OfficePackage:
    """A ZIP package that is a document; making one reads its directory, `check` its contents."""

    def __init__(self, source: Source, budget: Budget | None = None, depth: int = 0) -> None:
        self._budget = budget or Budget()
        self._depth = depth
        self._package = Package(source, self._budget)
        self._entries = self._package.entries
        for name in self._entries:
            if MACRO_PART.search(name):
                raise Refused("macro")
            if ACTIVE_PART.search(name):
                raise Refused("active-content")
        self.is_odf = "mimetype" in self._entries
        self.kind = self._odf_kind() if self.is_odf else self._ooxml_kind()

    def check(self) -> None:
        """Refuse what no plain document contains. Unpacks every member once."""
        if self.is_odf:
            self._each("META-INF/manifest.xml", self._look_at_manifest)
        for name in self._entries:
            if name.lower().endswith(".rels"):
                self._each(name, self._look_at_relationship)
        for entry in self._entries.values():
            self._look_at(entry)

    def _each(self, name: str, look: xml.OnElement) -> None:
        if name not in self._entries:
            raise Refused("damaged")
        self._budget.spend("parsed", self._entries[name].size)
        xml.each_element(self._package.stream(self._entries[name]), look)

    def _odf_kind(self) -> str:
        first = next(iter(sorted(self._entries.values(), key=lambda entry: entry.header)))
        if first.name != "mimetype" or first.method != STORED or first.size > magic.HEAD or first.data != 38:
            raise Refused("damaged")
        declared = b"".join(self._package.stream(first))
        if declared not in ODF_TYPES:
            raise Refused("unknown")
        return ODF_TYPES[declared]

    def _ooxml_kind(self) -> str:
        """Follow the package the way Office does: root relationship, main part, its type."""
        if CONTENT_TYPES not in self._entries:
            raise Refused("archive")
        types: dict[str, str] = {}
        mains: list[str] = []

        def look_at_type(name: str, attributes: Mapping[str, str]) -> None:
            declared = attributes.get("ContentType", "")
            if MACRO_TYPE.search(declared):
                raise Refused("macro")
            types[attributes.get("PartName") or "." + attributes.get("Extension", "").lower()] = declared

        def look_at_root(name: str, attributes: Mapping[str, str]) -> None:
            if attributes.get("Type", "").endswith("/officeDocument"):
                mains.append(attributes.get("Target", "").removeprefix("/"))

        self._each(CONTENT_TYPES, look_at_type)
        self._each("_rels/.rels", look_at_root)
        if len(mains) != 1 or mains[0] not in self._entries:
            raise Refused("damaged")
        by_extension = types.get("." + mains[0].rpartition(".")[2].lower(), "")
        kind = MAIN_TYPES.get(types.get(f"/{mains[0]}", by_extension))
        if kind is None:
            raise Refused("unknown")
        return kind

    def _look_at_manifest(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "encryption-data":
            raise Refused("password")

    def _look_at_relationship(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "aFChunk":
            raise Refused("embedded-file")
        if kind == "vbaProject":
            raise Refused("macro")
        is_external = attributes.get("TargetMode", "").lower() == "external"
        if kind in FETCHED and is_external and not ON_OWN_DRIVE.match(attributes.get("Target", "").strip()):
            raise Refused("external-content")

    def _look_at(self, entry: Entry) -> None:
        prolog = xml.Prolog() if XML_PART.search(entry.name) and entry.size else None
        finder, head = Finder(()), b""
        for block in self._package.stream(entry):
            if not head:
                head = block[: magic.HEAD]
                finder = Finder(self._signs(head, is_xml=prolog is not None))
            finder.feed(block)
            if prolog:
                prolog.feed(block)
        if prolog and not prolog.has_root:
            raise Refused("damaged")
        self._refuse_embedded(entry, head)
        if finder.found:
            raise Refused("embedded-file" if PACKAGER in finder.found else "macro")

    def _signs(self, head: bytes, *, is_xml: bool) -> Collection[bytes]:
        if head.startswith(magic.OLE):
            return (PACKAGER, OLE_MACROS)
        return (ODF_SCRIPT,) if self.is_odf and is_xml else ()

    def _refuse_embedded(self, entry: Entry, head: bytes) -> None:
        if magic.is_program(head) or head.startswith(b"#!"):
            raise Refused("embedded-program")
        if magic.is_archive(head) and not PICTURE_PART.search(entry.name):
            raise Refused("embedded-file")
        if head.startswith(magic.ZIP):
            self._check_nested(entry)

    def _check_nested(self, entry: Entry) -> None:
        """Check a document in the document: the workbook behind a chart, one level deep."""
        if self._depth >= MAX_NESTING:
            raise Refused("embedded-file")
        with tempfile.TemporaryFile() as file:
            _copy(self._package, entry, file)
            try:
                nested = OfficePackage(Source(file), self._budget, self._depth + 1)
            except Refused as refused:
                raise Refused("embedded-file") if refused.code == "archive" else refused from refused
            nested.check()


def _copy(package: Package, entry: Entry, file: BinaryIO) -> None:
    for block in package.stream(entry):
        file.write(block)
