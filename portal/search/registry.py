"""What can be searched: one module in `providers` for each kind, found by being there."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import User

from . import providers
from .query import Query

Rows = Sequence[Any] | QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: texts are escaped already, so that their matches may be marked."""

    title: SafeString
    url: str
    about: SafeString | str = ""
    excerpt: SafeString | str = ""
    links: tuple[Link, ...] = ()  # the same thing in other places
    more: str = ""  # said after the links


@dataclass(frozen=True, slots=True)
class Provider:
    """One kind of thing to be found.

    `find` returns everything that matches and that the user may see, and nothing else: its length is shown.
    `show` turns some of that into hits; both ask as many queries for one row as for many.
    """

    key: str  # in the address
    label: str
    icon: str
    order: int
    find: Callable[[User, Query], Rows]
    show: Callable[[User, Query, Iterable[Any]], list[Hit]]


@cache
def all_providers() -> tuple[Provider, ...]:
    """Return the `PROVIDER` of each module in `providers`, in their order."""
    names = [module.name for module in pkgutil.iter_modules(providers.__path__)]
    found = [importlib.import_module(f"{providers.__name__}.{name}").PROVIDER for name in names]
    return tuple(sorted(found, key=lambda provider: provider.order))
