"""Looking whether everything that was acknowledged is still there and whole, and mending what can be mended."""

from .findings import Finding, Problem
from .run import Audit
from .uses import uses_of

__all__ = ["Audit", "Finding", "Problem", "uses_of"]
