"""Every write to users, units and memberships that is more than saving one form of the admin site."""

from .imports import ImportReport, import_accounts
from .people import send_link, send_reset_link, set_units_active, set_users_active, unlock_sign_in, update_profile

__all__ = [
    "ImportReport",
    "import_accounts",
    "send_link",
    "send_reset_link",
    "set_units_active",
    "set_users_active",
    "unlock_sign_in",
    "update_profile",
]
