from .attachment import Attachment, Pin
from .batch import ImportBatch, ImportItem
from .document import LINK, TEAM_ROLES, Blob, Document, DocumentVersion
from .library import DocumentEvent, Library

__all__ = [
    "LINK",
    "TEAM_ROLES",
    "Attachment",
    "Blob",
    "Document",
    "DocumentEvent",
    "DocumentVersion",
    "ImportBatch",
    "ImportItem",
    "Library",
    "Pin",
]
