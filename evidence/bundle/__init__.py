"""All evidence of an assessment as one ZIP, written while it is read. Pure."""

from .rows import BundleFile, BundleHead, BundleLink, Fate, HeldBack, Proof
from .stream import stream

__all__ = ["BundleFile", "BundleHead", "BundleLink", "Fate", "HeldBack", "Proof", "stream"]
