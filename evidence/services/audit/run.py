"""The audit as a whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ...models import Blob
from . import contents, leftovers
from .findings import Finding, Plan, rows


@dataclass(slots=True)
class Audit:
    """An audit and what it has read so far.

    Memory does not grow with the store. Nothing that arrived within `older_than` is judged or removed; an
    upload must be referred to within that time.
    """

    repair: bool
    older_than: timedelta
    files: int = 0
    size: int = 0  # bytes

    def run(self) -> Iterator[Finding]:
        """Look at everything, mend what can be mended if `repair`, and yield what was found meanwhile."""
        plan = Plan(self.repair, self.older_than)
        yield from leftovers.imports(plan)  # lets go of content, so before that is judged
        yield from contents.misplaced(plan)  # brings content back, so before that is missed
        for blob in rows(Blob.objects.all()):
            self.files += 1
            self.size += blob.size
            yield from contents.check_content(blob)
        for find in (
            contents.unused, contents.orphans, contents.strange,
            leftovers.uploads, leftovers.archives, leftovers.previews, leftovers.halves, leftovers.chains,
        ):  # fmt: skip
            yield from find(plan)
