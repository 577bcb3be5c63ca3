"""What every builder is given and gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from ..files import Target
from ..models import Job

ZIP = "application/zip"


class CannotBuild(Exception):
    """The file cannot be made; the text says why, in words for the person who asked."""


class Stopped(Exception):
    """The job is not this worker's any more: it was cancelled, or another one has it."""


class Interrupted(Exception):
    """The worker was asked to end."""


class Progress(Protocol):
    def step(self, done: int, total: int, text: str) -> None:
        """Say how far the work is; raises Stopped and Interrupted."""


@dataclass(frozen=True, slots=True)
class Built:
    """What stands in the file: its name, what to say of it, and the stages of the assessments that it shows."""

    file_name: str
    content_type: str = ZIP
    remark: str = ""
    scope: dict[str, list[str]] = field(default_factory=dict)


Builder = Callable[[Job, Progress, Target], Built]
