"""The models of this app, where Django looks for them."""

from .importing.models import LkeImport
from .jobs.models import Job
from .monev.models import MonitoringLetter
from .portalrb.models import AccessEntry, ApiToken, EvidenceGrant, RateWindow

__all__ = ["AccessEntry", "ApiToken", "EvidenceGrant", "Job", "LkeImport", "MonitoringLetter", "RateWindow"]
