"""What a file really is: decided by its content, never by what the sender says. Pure."""

from .identify import examine, identify
from .kinds import KINDS, Kind
from .names import clean_name, title_of, year_of
from .refusals import Refused

__all__ = ["KINDS", "Kind", "Refused", "clean_name", "examine", "identify", "title_of", "year_of"]
