"""The routes of the import of a workbook, for the sweep over every route."""

from datetime import timedelta

from django.utils import timezone

from accounts.tests.factories import UserFactory
from assessment.models import Assessment
from reports.importing.models import LkeImport
from reports.importing.placing import place
from reports.importing.reading import read_workbook
from reports.importing.targets import targets_of
from reports.tests.ministry import ministry, worksheet

IMPORT_WRITES = {"reports:lke-import-upload", "reports:lke-import-choose", "reports:lke-import-apply",
                 "reports:lke-import-discard"}  # fmt: skip
IMPORT_READS = {"reports:lke-import-start", "reports:lke-import"}
_content: dict[str, object] = {}


def import_rows(assessment: Assessment) -> dict[str, object]:
    """Return an open import of the assessment, made if there is none."""
    row = LkeImport.objects.filter(assessment=assessment, state=LkeImport.State.READY).first()
    return {"lke": (row or waiting_import(assessment)).pk}


def waiting_import(assessment: Assessment, **values: object) -> LkeImport:
    """Make an import that brings one answer."""
    if not _content:
        read = read_workbook(ministry().fill({"A.I.1.i.a": "Ya"}).file(), worksheet())
        _content.update(content=read.as_json(), placing=place(read, targets_of(worksheet())).as_json())
    expires = timezone.now() + timedelta(days=1)
    defaults = {"source": "LKE.xlsx", "by": UserFactory(), "expires_at": expires, **_content}
    return LkeImport.objects.create(assessment=assessment, **{**defaults, **values})
