"""Whom the content of a file concerns."""

from collections.abc import Iterator

from ...models import Attachment, DocumentVersion, ImportItem


def uses_of(sha256: str) -> tuple[str, ...]:
    """Say in English which versions of documents content belongs to and which answers they prove."""
    return (*_documents(sha256), *_imports(sha256))


def _documents(sha256: str) -> Iterator[str]:
    versions = DocumentVersion.objects.filter(blob=sha256).select_related("document__unit")
    for version in versions.order_by("document__unit__code", "document__title", "number"):
        document = version.document
        used = Attachment.objects.in_use().filter(document=document)
        used = used.select_related("assessment__period", "criterion", "condition")
        places = sorted({f"{a.assessment.period.year} {_place(a)}" for a in used})
        proves = f"proves {', '.join(places)}" if places else "attached nowhere"
        yield f'{document.unit.code} "{document.title}" version {version.number} ({version.file_name}), {proves}'


def _place(attachment: Attachment) -> str:
    if attachment.condition is not None:
        return f"condition {attachment.condition.key}"
    return str(attachment.criterion.code)


def _imports(sha256: str) -> Iterator[str]:
    items = ImportItem.objects.filter(blob=sha256, document=None).select_related("batch__assessment__unit")
    for item in items.order_by("batch", "order"):
        yield f"{item.batch.assessment.unit.code} in an import not yet applied: {item.path}"
