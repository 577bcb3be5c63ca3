"""Links as evidence: which are accepted, and whether one can be opened."""

from .address import BadLink, clean_url
from .checking import LinkResult, check, is_enabled
from .public import is_public

__all__ = ["BadLink", "LinkResult", "check", "clean_url", "is_enabled", "is_public"]
