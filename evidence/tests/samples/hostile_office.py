"""Office packages that must be refused."""

from .good import GOOD, docx
from .ooxml import relationships
from .packing import changed, packed, unpacked

# Name, content, code of the refusal.
Hostile = tuple[str, bytes, str]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(50) + b"PE\x00\x00" + bytes(200)
SHELL = b"#!/bin/sh\nrm -rf ~\n"
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
ENTITIES = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
REMOTE = "http://192.0.2.1/jahat.dotm"


def packages() -> dict[str, Hostile]:
    """Return the hostile packages by what each tries."""
    return {**_office(), **_odf()}


def ole(*streams: str) -> bytes:
    """Return the outline of an OLE file: its signature and a directory that names streams."""
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\x00") + bytes(64) for name in streams)
    return OLE + bytes(504) + names.ljust(1024, b"\x00")


def _with_type(kind: str) -> bytes:
    parts = unpacked(GOOD["docx"])
    types = parts["[Content_Types].xml"].replace(
        b"</Types>", f'<Override PartName="/word/a.bin" ContentType="{kind}"/></Types>'.encode()
    )
    return packed({**parts, "[Content_Types].xml": types, "word/a.bin": b"a"})


def _root(*targets: str) -> str:
    return relationships(*(("officeDocument", target, False) for target in targets))


def _office() -> dict[str, Hostile]:
    good, types = GOOD["docx"], unpacked(GOOD["docx"])["[Content_Types].xml"]
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros = types.replace(plain, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    template = types.replace(plain, plain.replace(b"document.main", b"template.main"))

    def related(kind: str, target: str) -> bytes:
        return changed(good, {"word/_rels/document.xml.rels": relationships((kind, target, True))})

    def holding(name: str, content: bytes) -> bytes:
        return changed(good, {f"word/{name}": content})

    office = {
        "old word": (ole("Root Entry", "WordDocument"), "legacy-office"),
        "office under a password": (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "password"),
        "installer": (ole("Root Entry", "Property"), "unknown"),
        "docm": (changed(good, {"[Content_Types].xml": macros, "word/vbaProject.bin": ole("VBA")}), "macro"),
        "docm by type alone": (changed(good, {"[Content_Types].xml": macros}), "macro"),
        "macros of another type": (_with_type("application/vnd.ms-office.vbaProject"), "macro"),
        "macros in an ole object": (holding("embeddings/oleObject1.bin", ole("_VBA_PROJECT")), "macro"),
        "template": (changed(good, {"[Content_Types].xml": template}), "unknown"),
        "activex": (holding("activeX/activeX1.xml", b"<a/>"), "active-content"),
        "embedded program": (holding("media/image1.png", PROGRAM), "embedded-program"),
        "embedded shell script": (holding("media/a.bin", SHELL), "embedded-program"),
        "embedded package": (holding("embeddings/oleObject1.bin", ole("\x01Ole10Native")), "embedded-file"),
        "embedded zip": (holding("embeddings/a.zip", packed({"a.exe": PROGRAM})), "embedded-file"),
        "embedded rar": (holding("media/a.bin", b"Rar!\x1a\x07\x00" + bytes(9)), "embedded-file"),
        "docx in a docx in a docx": (
            holding("embeddings/a.docx", holding("embeddings/b.docx", docx())),
            "embedded-file",
        ),
        "docm in a docx": (holding("embeddings/a.docx", changed(good, {"word/vbaProject.bin": b"a"})), "macro"),
        "remote template": (related("attachedTemplate", REMOTE), "external-content"),
        "remote template on a share": (related("attachedTemplate", "file://192.0.2.1/a.dotm"), "external-content"),
        "remote template by path": (related("attachedTemplate", "\\\\192.0.2.1\\a.dotm"), "external-content"),
        "remote template after a blank": (related("attachedTemplate", f" {REMOTE}"), "external-content"),
        "remote object": (related("oleObject", REMOTE), "external-content"),
        "remote frame": (related("frame", REMOTE), "external-content"),
        "html as a chunk": (related("aFChunk", "a.html"), "embedded-file"),
        "entities in the types": (changed(good, {"[Content_Types].xml": ENTITIES + b"<l>&c;</l>"}), "doctype"),
        "entities in the text": (holding("styles.xml", ENTITIES + b"<l>&c;</l>"), "doctype"),
        "entities in utf-16": (holding("a.xml", (ENTITIES + b"<l/>").decode().encode("utf-16")), "doctype"),
        "part without an element": (holding("a.xml", b"<!-- a -->"), "damaged"),
        "part with a long beginning": (
            holding("a.xml", b"<!--" + b"a" * 1_100_000 + b"--><a/>"),
            "damaged",
        ),
        "broken relationships": (holding("_rels/document.xml.rels", b"<Relationships><a"), "damaged"),
        "types of nothing": (packed({"[Content_Types].xml": types}), "damaged"),
        "main part that is not there": (changed(good, {"_rels/.rels": _root("word/tiada.xml")}), "damaged"),
        "two main parts": (changed(good, {"_rels/.rels": _root("word/document.xml", "word/document.xml")}), "damaged"),
        "macros by relationship": (related("vbaProject", "a.bin"), "macro"),
    }
    cases = {name: ("surat.docx", content, code) for name, (content, code) in office.items()}
    sheet = changed(GOOD["xlsx"], {"xl/vbaProject.bin": ole("VBA")})
    return {
        **cases,
        "xlsx with macros": ("rekap.xlsx", sheet, "macro"),
        "xlsx with a macro sheet": ("rekap.xlsx", changed(GOOD["xlsx"], {"xl/macrosheets/s1.xml": "<a/>"}), "macro"),
        "docm by its own name": ("surat.docm", cases["docm"][1], "macro"),
        "doc": ("surat.doc", ole("WordDocument"), "legacy-office"),
    }


def _odf() -> dict[str, Hostile]:
    good, parts = GOOD["odt"], unpacked(GOOD["odt"])
    manifest = parts["META-INF/manifest.xml"]
    locked = manifest.replace(b'"text/xml"/>', b'"text/xml"><manifest:encryption-data/></manifest:file-entry>')
    event = parts["content.xml"].replace(b"Notula", b"vnd.sun.star.script:../../a.py$x?language=Python")
    odf = {
        "odt with basic": (changed(good, {"Basic/Standard/a.xml": "<a/>"}), "macro"),
        "odt with python": (changed(good, {"Scripts/python/a.py": "import os"}), "macro"),
        "odt that calls a script": (changed(good, {"content.xml": event}), "macro"),
        "odt under a password": (changed(good, {"META-INF/manifest.xml": locked}), "password"),
        "odt with a program": (changed(good, {"ObjectReplacements/Object 1": PROGRAM}), "embedded-program"),
        "odt with its type last": (
            packed({**{k: v for k, v in parts.items() if k != "mimetype"}, "mimetype": parts["mimetype"]}),
            "damaged",
        ),
        "odt of another type": (
            packed({**parts, "mimetype": "application/vnd.oasis.opendocument.graphics"}),
            "unknown",
        ),
        "odt without a manifest": (packed({k: v for k, v in parts.items() if k != "META-INF/manifest.xml"}), "damaged"),
        "odt with entities": (changed(good, {"content.xml": ENTITIES + b"<l>&c;</l>"}), "doctype"),
    }
    return {name: ("notula.odt", content, code) for name, (content, code) in odf.items()}
