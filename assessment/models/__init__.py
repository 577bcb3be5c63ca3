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

__all__ = [
    "Answer",
    "AnswerType",
    "Assessment",
    "Award",
    "Choice",
    "Criterion",
    "Event",
    "ExpectedDocument",
    "Instrument",
    "Node",
    "Period",
    "Predicate",
    "ProposalCondition",
    "Quantity",
    "Scorecard",
    "Stage",
    "State",
    "Threshold",
    "ZeroRule",
]
