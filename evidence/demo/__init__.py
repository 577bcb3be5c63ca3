"""Believable documents for the demo agency, received, stored and attached by the services that people use."""

from .units import seed

__all__ = ["seed"]
