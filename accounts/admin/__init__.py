"""Units, users and memberships in the admin site."""

from .memberships import MembershipAdmin
from .units import UnitAdmin
from .users import UserAdmin

__all__ = ["MembershipAdmin", "UnitAdmin", "UserAdmin"]
