"""Builders of stored files, documents and attachments, all through the services that the portal uses."""

import itertools
from datetime import date

from accounts.models import Unit, User
from accounts.tests.factories import UserFactory
from assessment.models import Assessment
from evidence import storage
from evidence.content import KINDS, clean_name
from evidence.content.names import extension_of
from evidence.models import Attachment, Blob, Document
from evidence.services import receive as receiving
from evidence.services.attachments import Link, attach
from evidence.services.documents import Content, Description, add_document, set_public
from evidence.services.receive import Received
from evidence.storage import Incoming

_numbers = itertools.count(1)


def written(content: bytes) -> Incoming:
    """Return a finished incoming file; it removes itself when nobody holds it any more."""
    made = Incoming.begin()
    made.write(content)
    made.finish()
    return made


def stored(content: bytes | None = None, name: str = "SK Tim Kerja.pdf") -> Received:
    """Receive a file as the portal does.

    Without `content` it is new content each time, kept without asking what it is: that would start a process.
    """
    with written(content or small_pdf(f"Contoh {next(_numbers)}")) as incoming:
        if content:
            return receiving.receive(incoming, name)
        file_name = clean_name(name)
        kind = next(k for k in KINDS.values() if extension_of(file_name) in k.extensions)
        storage.keep(incoming)
        return Received(
            receiving._blob(incoming, 1 if kind.key == "pdf" else None, Blob.Scan.UNSCANNED), kind, file_name
        )


def document(
    unit: Unit,
    by: User | None = None,
    *,
    title: str = "SK Tim Kerja",
    number: str = "",
    dated: date | None = None,
    year: int = 2026,
    url: str = "",
    public: bool = False,
    content: bytes | None = None,
    name: str = "SK Tim Kerja.pdf",
) -> Document:
    """Add a document to a unit: a new file each time, or a link if `url` is given."""
    author = by or UserFactory()
    what = Content(url=url) if url else Content(stored(content, name))
    about = Description(title, number, dated, year)
    made, _ = add_document(unit=unit, content=what, description=about, by=author)
    if public:
        set_public(unit=unit, documents=[made.pk], public=True, by=author)
        made.refresh_from_db(fields=["is_public"])
    return made


def attachment(
    assessment: Assessment,
    code: str = "A.I.1.i.a",
    doc: Document | None = None,
    by: User | None = None,
    *,
    expected: int | None = None,
    page_ref: str = "",
) -> Attachment:
    """Attach a document, a new one unless given, to the criterion with this code."""
    author = by or UserFactory()
    link = Link(code, doc or document(assessment.unit, author), expected, page_ref)
    return attach(assessment=assessment, links=[link], by=author)[0]


def small_pdf(text: str) -> bytes:
    """Return a whole PDF of one page that shows an ASCII text."""
    drawn = f"BT /F1 18 Tf 72 760 Td ({text.translate({40: '[', 41: ']', 92: '/'})}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer
