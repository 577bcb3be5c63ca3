"""The admin pages of this app, where Django looks for them."""

from .portalrb import admin

__all__ = ["admin"]
