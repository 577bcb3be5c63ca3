from .actions import ActionItem, ActionStatus
from .carrying import Carry, Suggestion
from .charges import Charge, Leader
from .messages import Message, Withdrawal

__all__ = ["ActionItem", "ActionStatus", "Carry", "Charge", "Leader", "Message", "Suggestion", "Withdrawal"]
