"""What the overview of an assessment says about its evidence, and what forms say about files."""

from dataclasses import dataclass

from django.conf import settings

from assessment import selectors as assessment_selectors
from assessment.models import Assessment
from assessment.worksheet import Node, Worksheet

from . import coverage, selectors
from .content import KINDS
from .coverage import Coverage
from .services.receive import allowed_kinds
from .uploads import MIB


@dataclass(frozen=True, slots=True)
class AreaRow:
    """How far one page of the worksheet is proved."""

    page: str
    section: str
    title: str
    found: Coverage


@dataclass(frozen=True, slots=True)
class Unproved:
    """One answer that claims more than the least without a document."""

    code: str
    area: str
    marker: str
    title: str


@dataclass(frozen=True, slots=True)
class Overview:
    rows: list[AreaRow]
    total: Coverage
    unproved: list[Unproved]


def overview_of(assessment: Assessment) -> Overview:
    """Build the overview from the stored answers and attachments: two queries."""
    result = assessment_selectors.stage_result(assessment)
    worksheet = result.worksheet
    attached = selectors.attached_of(assessment)
    found = coverage.of_nodes(worksheet, attached)
    return Overview(
        rows=[
            AreaRow(page.code, worksheet.nodes[page.parent].name, page.name, found[page.code])
            for page in worksheet.pages.values()
        ],
        total=coverage.counts(found, [root.code for root in worksheet.roots]),
        unproved=[_unproved(worksheet, code) for code in coverage.unproved(result, attached)],
    )


def _unproved(worksheet: Worksheet, code: str) -> Unproved:
    criterion = worksheet.criteria[code]
    page: Node = worksheet.pages[worksheet.page_of[code]]
    area = f"{worksheet.nodes[page.parent].name}: {page.name}"
    return Unproved(code, area, criterion.marker, criterion.title)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What a form says about the files it takes."""

    accept: str  # for the file input
    kinds: str
    file_bytes: int
    file_text: str


def upload_limits() -> UploadLimits:
    kinds = [kind for key, kind in KINDS.items() if key in allowed_kinds()]
    size = settings.EVIDENCE_MAX_FILE
    accept = ",".join(extension for kind in kinds for extension in kind.extensions)
    return UploadLimits(accept, ", ".join(kind.label for kind in kinds), size, f"{size // MIB} MB")
