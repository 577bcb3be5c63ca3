"""Looking whether a link opens: only on request, only where the portal may."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .. import links
from ..models import LINK, DocumentVersion

OFF = "Pemeriksaan tautan tidak diaktifkan di portal ini."
NO_LINK = "Dokumen ini bukan tautan."


def check_link(*, version: DocumentVersion) -> links.LinkResult:
    """Ask the address whether it opens and note the answer. The network is asked outside of any transaction."""
    if not links.is_enabled():
        raise ValidationError(OFF, code="off")
    if version.kind != LINK:
        raise ValidationError(NO_LINK, code="no-link")
    result = links.check(version.url)
    with transaction.atomic():
        row = DocumentVersion.objects.select_for_update().get(pk=version.pk)
        row.link_checked_at, row.link_ok, row.link_message = timezone.now(), result.ok, result.message[:200]
        row.save(update_fields=["link_checked_at", "link_ok", "link_message"])
    return result
