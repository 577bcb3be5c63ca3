"""The kinds of file the portal knows how to check."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it is named, served, shown.

    `icon` is a name of Bootstrap Icons; `preview` is "pages" (rendered page by page), "image", "video", "text"
    or empty for a download only.
    """

    key: str
    label: str
    content_type: str
    extensions: tuple[str, ...]
    icon: str
    preview: str = ""


_ALL = (
    Kind("pdf", "PDF", "application/pdf", (".pdf",), "file-earmark-pdf", "pages"),
    Kind("png", "Gambar PNG", "image/png", (".png",), "file-earmark-image", "image"),
    Kind("jpeg", "Gambar JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), "file-earmark-image", "image"),
    Kind("webp", "Gambar WebP", "image/webp", (".webp",), "file-earmark-image", "image"),
    Kind("docx", "Dokumen Word", OFFICE + "wordprocessingml.document", (".docx",), "file-earmark-word"),
    Kind("xlsx", "Lembar kerja Excel", OFFICE + "spreadsheetml.sheet", (".xlsx",), "file-earmark-excel"),
    Kind("pptx", "Presentasi PowerPoint", OFFICE + "presentationml.presentation", (".pptx",), "file-earmark-slides"),
    Kind("odt", "Dokumen OpenDocument", ODF + "text", (".odt",), "file-earmark-word"),
    Kind("ods", "Lembar kerja OpenDocument", ODF + "spreadsheet", (".ods",), "file-earmark-excel"),
    Kind("mp4", "Video MP4", "video/mp4", (".mp4", ".m4v"), "file-earmark-play", "video"),
    Kind("txt", "Teks", "text/plain", (".txt",), "file-earmark-text", "text"),
    Kind("csv", "Tabel CSV", "text/csv", (".csv",), "file-earmark-text", "text"),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.key: kind for kind in _ALL})
