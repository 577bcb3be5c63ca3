"""All evidence of one assessment: the ZIP that `evidence` streams, written to a file."""

from assessment.models import Assessment, Stage
from evidence.services.exports import file_name_of, stream_of

from ..files import Target, need_room
from ..models import Job
from ..sizes import evidence_size
from .base import Built, CannotBuild, Progress

MIB = 1024 * 1024


def build(job: Job, progress: Progress, target: Target) -> Built:
    """Write the ZIP piece by piece; index and manifest are in it."""
    row = Assessment.objects.visible_to(job.owner).for_page().filter(pk=job.params["assessment"]).first()
    if row is None:
        raise CannotBuild("Anda tidak lagi berhak melihat penilaian ini.")
    total = evidence_size(row)
    need_room(total)
    for piece in stream_of(row):
        target.write(piece)
        progress.step(target.size, max(total, target.size), f"{target.size // MIB} dari sekitar {total // MIB} MiB")
    return Built(file_name_of(row), scope={str(row.pk): [Stage.UNIT]})
