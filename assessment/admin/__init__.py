"""Instruments, periods, assessments and predicates in the admin site."""

from .assessments import AssessmentAdmin
from .awards import AwardAdmin
from .instruments import CriterionAdmin, InstrumentAdmin, NodeAdmin
from .periods import PeriodAdmin

__all__ = ["AssessmentAdmin", "AwardAdmin", "CriterionAdmin", "InstrumentAdmin", "NodeAdmin", "PeriodAdmin"]
