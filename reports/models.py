"""The models of this app, where Django looks for them."""

from .monev.models import MonitoringLetter
from .portalrb.models import AccessEntry, ApiToken, EvidenceGrant, RateWindow

__all__ = ["AccessEntry", "ApiToken", "EvidenceGrant", "MonitoringLetter", "RateWindow"]
