"""Making the file of a job: one module for each kind. Rights are asked again here, by the unit."""

from collections.abc import Mapping

from ..files import Target, need_room
from ..models import Job
from ..services import Made
from . import evidence, lke, recap
from .base import Builder, Progress

BUILDERS: Mapping[str, Builder] = {
    Job.Kind.LKE: lke.build, Job.Kind.EVIDENCE: evidence.build, Job.Kind.RECAP: recap.build,
}  # fmt: skip


def make(job: Job, progress: Progress) -> Made:
    """Make a job's file in the folder of results, whole or not at all."""
    need_room()
    with Target(f"{job.pk}-{job.claim}") as target:
        built = BUILDERS[job.kind](job, progress, target)
        progress.step(1, 1, "Menyimpan berkas")
        sha256 = target.keep()
    return Made(
        target.name, built.file_name, built.content_type, target.size, sha256, built.remark, built.scope
    )  # fmt: skip
