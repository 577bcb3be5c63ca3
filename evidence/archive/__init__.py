"""Archives that strangers packed, read without trusting a word of them. Pure."""

from .limits import Limits, Unusable
from .names import Skipped
from .reader import Archive, Member, open_archive

__all__ = ["Archive", "Limits", "Member", "Skipped", "Unusable", "open_archive"]
