"""What the address of a criterion's evidence asks for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

LONGEST_QUERY = 100
LONGEST_NEW = 4000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for."""

    shown: str = ""  # the attachment to preview
    leaf: int = 0  # the page of its preview; 0 for the one its reference names
    search: str = ""
    pick_page: str = ""
    new: frozenset[str] = frozenset()  # attachments that were just added

    @property
    def keep(self) -> str:
        """The query that brings a form's answer back to the same view; "" for the plain page."""
        leaf = str(self.leaf) if self.leaf else ""
        new = ",".join(sorted(self.new))
        values = {"lihat": self.shown, "halaman": leaf, "cari": self.search, "hal": self.pick_page, "baru": new}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}" if query else ""


def asked(params: QueryDict) -> Asked:
    def line(name: str) -> str:
        return params.get(name, "").replace("\0", "").strip()[:LONGEST_QUERY]  # PostgreSQL takes no NUL

    leaf = line("halaman")
    new = frozenset(filter(None, params.get("baru", "")[:LONGEST_NEW].split(",")))
    return Asked(line("lihat"), int(leaf) if leaf.isdecimal() and len(leaf) < 7 else 0, line("cari"), line("hal"), new)
