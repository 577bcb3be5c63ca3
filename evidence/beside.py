"""The preview of an attached document beside the criterion that it proves."""

import codecs
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import storage
from .models import Attachment
from .rows import AttachmentRow

TEXT_LIMIT = 200 * 1024  # bytes of a text that are shown
FIRST_NUMBER = re.compile(r"[0-9]{1,6}")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a document.

    `kind` is "pages", "image", "video", "text", "link", "card" for a download only, "held" for what may not be
    handed out, "lost" for a file that is not in the store.
    """

    kind: str
    page: int = 0
    pages: int = 0
    page_url: str = ""  # the image of the page
    text: str = ""
    is_cut: bool = False
    host: str = ""

    @property
    def before(self) -> int:
        """The page before this one; 0 for none."""
        return self.page - 1 if self.page > 1 else 0

    @property
    def after(self) -> int:
        """The page after this one; 0 for none."""
        return self.page + 1 if self.page < self.pages else 0


def preview_of(attachment: Attachment, row: AttachmentRow, page: int) -> Preview:
    """Return the preview; `page` is that of a PDF, 0 for the one its page reference names.

    The beginning of a text is read from the store.
    """
    version = row.document.version
    if version.is_held_back:
        return Preview("held")
    if version.url:
        return Preview("link", host=urlsplit(version.url).hostname or version.url)
    if version.preview == "pages":
        page = page if 0 < page <= version.pages else page_named(row.page_ref, version.pages)
        return Preview("pages", page, version.pages, f"{version.pages_url}{page}/")
    if version.preview == "text":
        return _text_preview(attachment)
    return Preview(version.preview or "card")


def page_named(reference: str, pages: int) -> int:
    """Return the first page that a reference such as "hlm. 3–5" names; 1 if it names none of the document."""
    numbers = (int(n) for n in FIRST_NUMBER.findall(reference))
    return next((n for n in numbers if 0 < n <= pages), 1)


def _text_preview(attachment: Attachment) -> Preview:
    version = attachment.document.current
    assert version is not None and version.blob_id is not None  # noqa: S101  only files have a text
    try:
        with storage.open_content(version.blob_id) as file:
            content = file.read(TEXT_LIMIT + 1)
    except FileNotFoundError:
        return Preview("lost")
    return Preview("text", text=decoded(content[:TEXT_LIMIT]), is_cut=len(content) > TEXT_LIMIT)


def decoded(content: bytes) -> str:
    """Decode the beginning of a text; a character cut off at its end is left out."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
