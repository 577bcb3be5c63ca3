"""Keeping content: every file lies under its SHA-256, whole, and once."""

from .content import Health, keep, local_path, open_content, size_of, verify
from .files import ContentFileStorage
from .incoming import Incoming, Swept, sweep_incoming
from .names import name_of
from .orphans import all_names, reclaim, strange_names

__all__ = [
    "ContentFileStorage",
    "Health",
    "Incoming",
    "Swept",
    "all_names",
    "keep",
    "local_path",
    "name_of",
    "open_content",
    "reclaim",
    "size_of",
    "strange_names",
    "sweep_incoming",
    "verify",
]
