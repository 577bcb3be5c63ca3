"""The models of this app, where Django looks for them."""

from .jobs.models import Job
from .portalrb.models import AccessEntry, ApiToken, EvidenceGrant, RateWindow

__all__ = ["AccessEntry", "ApiToken", "EvidenceGrant", "Job", "RateWindow"]
