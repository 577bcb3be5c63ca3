"""PDF files looked at and drawn by a process of their own, never by the server. Pure."""

from .runner import DEFAULT_LIMITS, Facts, Limits, NoSuchPage, Unreadable, inspect, inspect_file, render

__all__ = ["DEFAULT_LIMITS", "Facts", "Limits", "NoSuchPage", "Unreadable", "inspect", "inspect_file", "render"]
