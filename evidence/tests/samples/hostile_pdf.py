"""PDF files that must be refused."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Dictionary, Name

from .good import GOOD, pdf, pdf_of
from .hostile_office import Hostile


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F="cmd.exe")


def pdfs() -> dict[str, Hostile]:
    """Return the hostile PDF files by what each tries."""
    start = GOOD["pdf"].rindex(b"startxref")
    cases = {
        "pdf under a password": (_saved(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf-password"),
        "pdf with a script": (pdf(extra="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), "pdf-script"),
        "pdf with an escaped script": (pdf(extra="/OpenAction << /S /J#61vaScript /JS (x) >>"), "pdf-script"),
        "pdf with a packed script": (_packed(_open_with(_script())), "pdf-script"),
        "pdf with an encrypted script": (
            _packed(_open_with(_script()), encryption=pikepdf.Encryption(owner="a", user="")),
            "pdf-script",
        ),
        "pdf with a named script": (_packed(_named_script), "pdf-script"),
        "pdf with a script on a page": (_packed(_page_script), "pdf-script"),
        "pdf with a script left over": (_left_over(b"<< /S /JavaScript /JS (x) >>"), "pdf-script"),
        "pdf that launches": (pdf(extra="/OpenAction << /S /Launch /F (cmd.exe) >>"), "pdf-launch"),
        "pdf that launches, packed": (_packed(_open_with(_launch())), "pdf-launch"),
        "pdf with an attachment": (_packed(_attach), "pdf-attachment"),
        "pdf with a noted attachment": (_packed(_attach_to_page), "pdf-attachment"),
        "pdf with a film": (_packed(_film), "pdf-media"),
        "pdf without pages": (pdf(pages=0), "pdf-empty"),
        "pdf that points nowhere": (GOOD["pdf"][:start] + b"startxref\n99999\n%%EOF", "damaged"),
        "pdf that points into itself": (GOOD["pdf"][:start] + b"startxref\n20\n%%EOF", "damaged"),
        "pdf without objects": (pdf_of(["null"]), "damaged"),
        "pdf of a version to come": (GOOD["pdf"].replace(b"%PDF-1.7", b"%PDF-9.7"), "damaged"),
        "pdf in name only": (b"%PDF-1.7\nhalo", "damaged"),
    }
    return {name: ("surat.pdf", content, code) for name, (content, code) in cases.items()}


def _left_over(body: bytes) -> bytes:
    """Return a PDF with an object no table lists: other readers rebuild the table and find it."""
    front, table = GOOD["pdf"].split(b"xref\n", 1)
    extra = b"99 0 obj\n" + body + b"\nendobj\n"
    start = str(len(front)).encode()
    return front + extra + b"xref\n" + table.replace(start, str(len(front + extra)).encode())


def _saved(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **options: object) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(GOOD["pdf"])) as document:
        change(document)
        document.save(file, **options)  # type: ignore[arg-type]
    return file.getvalue()


def _packed(change: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    """Return a PDF with its objects compressed in streams, where no search for words sees them."""
    return _saved(change, object_stream_mode=pikepdf.ObjectStreamMode.generate, **options)


def _open_with(action: Dictionary) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(action)

    return change


def _named_script(document: pikepdf.Pdf) -> None:
    names = pikepdf.Array([pikepdf.String("a"), document.make_indirect(_script())])
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def _page_script(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=_script())


def _attach(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def _attach_to_page(document: pikepdf.Pdf) -> None:
    content = Dictionary(F=document.make_stream(b"MZ"))
    file = Dictionary(Type=Name.Filespec, F="a.exe", EF=content)
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=document.make_indirect(file))
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(note)])


def _film(document: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(note)])
