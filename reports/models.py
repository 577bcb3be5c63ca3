"""The models of this app, where Django looks for them."""

from .importing.models import LkeImport
from .portalrb.models import AccessEntry, ApiToken, EvidenceGrant, RateWindow

__all__ = ["AccessEntry", "ApiToken", "EvidenceGrant", "LkeImport", "RateWindow"]
