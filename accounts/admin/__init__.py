"""Units, users, memberships and letterheads in the admin site."""

from .letterheads import LetterheadAdmin
from .memberships import MembershipAdmin
from .units import UnitAdmin
from .users import UserAdmin

__all__ = ["LetterheadAdmin", "MembershipAdmin", "UnitAdmin", "UserAdmin"]
