from .answer import Answer, Assessment, Scorecard, Stage, State
from .history import Event
from .instrument import (
    AnswerType,
    Choice,
    Criterion,
    ExpectedDocument,
    Instrument,
    Node,
    ProposalCondition,
    Quantity,
    Threshold,
    ZeroRule,
)
from .period import Award, Period, Predicate
from .rounds import Return, ReturnItem, SecondScoring
from .snapshot import Snapshot
from .team import Assignment, Conflict, Team, TeamMember

__all__ = [
    "Answer",
    "AnswerType",
    "Assessment",
    "Assignment",
    "Award",
    "Choice",
    "Conflict",
    "Criterion",
    "Event",
    "ExpectedDocument",
    "Instrument",
    "Node",
    "Period",
    "Predicate",
    "ProposalCondition",
    "Quantity",
    "Return",
    "ReturnItem",
    "Scorecard",
    "SecondScoring",
    "Snapshot",
    "Stage",
    "State",
    "Team",
    "TeamMember",
    "Threshold",
    "ZeroRule",
]
