from .conditions import ConditionAnswer
from .findings import Finding, FollowUp, FollowUpDocument
from .proposals import Proposal, ProposalItem, TpnResult
from .verdicts import Verdict

__all__ = [
    "ConditionAnswer",
    "Finding",
    "FollowUp",
    "FollowUpDocument",
    "Proposal",
    "ProposalItem",
    "TpnResult",
    "Verdict",
]
