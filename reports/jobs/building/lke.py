"""The LKE of many units as one ZIP, with an index and the hashes of all files."""

import hashlib
import zipfile
from dataclasses import dataclass, field
from itertools import islice

from django.utils import timezone

from assessment.access import May, may
from assessment.models import Assessment
from assessment.trace import comma

from ... import rendered
from ...collecting import full_lke_of, printed_lke_of
from ...lke import Lke
from ...portalrb.links import origin_of_portal
from ..files import Target
from ..models import Job
from .base import Built, CannotBuild, Progress
from .index import INDEX, MANIFEST, IndexRow, index_of, manifest_of

FOLDERS = {"xlsx": "Excel", "pdf": "PDF"}
NO_RIGHT = "tidak disertakan: Anda tidak lagi berhak melihat penilaian ini"
NAMED = 3  # units that the remark names


@dataclass(slots=True)
class _Packing:
    """One ZIP on its way: rows of the index, hashes by path, and what of whom is shown."""

    zip: zipfile.ZipFile
    rows: list[IndexRow] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    scope: dict[str, list[str]] = field(default_factory=dict)

    def write(self, path: str, content: bytes) -> None:
        self.zip.writestr(_entry(path), content)
        self.hashes[path] = hashlib.sha256(content).hexdigest()


def build(job: Job, progress: Progress, target: Target) -> Built:
    """Draw each LKE after asking again whether the owner may see it; one at a time is in memory."""
    year, forms, units = job.params["year"], job.params["forms"], job.params["units"]
    with zipfile.ZipFile(target.stream(), "w", zipfile.ZIP_STORED) as made:
        packing = _Packing(made)
        for place, (pk, code) in enumerate(units):
            progress.step(place, len(units), f"{place + 1} dari {len(units)} unit: {code}")
            _add(job, packing, pk, code, forms)
        if not packing.scope:
            raise CannotBuild("Anda tidak lagi berhak melihat satu pun unit yang diminta.")
        packing.write(INDEX, index_of(f"LKE Zona Integritas {year}", packing.rows))
        made.writestr(_entry(MANIFEST, zipfile.ZIP_DEFLATED), manifest_of(packing.hashes))
    return Built(f"LKE-{year}-{len(packing.scope)}-unit.zip", remark=_remark(packing.rows), scope=packing.scope)


def _add(job: Job, packing: _Packing, pk: int, code: str, forms: list[str]) -> None:
    row = Assessment.objects.visible_to(job.owner).for_page().filter(pk=pk).first()
    if row is None:
        packing.rows.append(IndexRow(code, remark=NO_RIGHT))
        return
    allowed = may(job.owner, row)
    paths = []
    for form in forms:
        lke = _lke_of(row, allowed, form)
        drawn = rendered.lke(lke, form)
        paths.append(f"{FOLDERS[form]}/{lke.file_stem}.{drawn.ending}")
        packing.write(paths[-1], drawn.content)
    packing.scope[str(pk)] = sorted(allowed.sees)
    packing.rows.append(IndexRow(code, lke.unit_name, lke.state_label, comma(lke.result.total), tuple(paths)))


def _lke_of(row: Assessment, allowed: May, form: str) -> Lke:
    """Return what the assessment's own page hands out: every stage that the owner of the job may see."""
    if form == "pdf":
        return printed_lke_of(row, allowed)
    return full_lke_of(row, allowed, origin=origin_of_portal())


def _entry(path: str, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """Return an entry; what is packed already, as Excel and PDF are, is stored as it is."""
    now = timezone.localtime()
    entry = zipfile.ZipInfo(path, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type, entry.external_attr = method, 0o100644 << 16
    return entry


def _remark(rows: list[IndexRow]) -> str:
    left_out = [row.code for row in rows if row.remark]
    if not left_out:
        return ""
    named = ", ".join(islice(left_out, NAMED)) + (", …" if len(left_out) > NAMED else "")
    return f"{len(left_out)} unit tidak disertakan karena Anda tidak lagi berhak melihatnya: {named}."
