"""Every write to an instrument as a whole: loading the bundled ones, new versions, imports."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max

from .fixture_files import Bundled, bundled_instruments
from .instrument_check import problems_of_rows
from .instrument_rows import APP, MODELS, OF_CRITERION, InstrumentKey, Row, model_of, with_key
from .models import Instrument, Node

# Marks in `source_digest` where an instrument came from; a bundled one's is the bare SHA-256.
FROM_LIST = "portalrb:"
_NOT_CONTENT = frozenset({"id", "frozen", "source_digest"})


class Unusable(ValueError):
    """An instrument cannot be taken; `problems` says why."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class Loaded(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    KEPT = "kept"  # edited or imported here: ours is not forced upon it


@dataclass(frozen=True, slots=True)
class LoadResult:
    key: InstrumentKey
    outcome: Loaded


@transaction.atomic
def load_fixtures(bundled: Iterable[Bundled] | None = None) -> list[LoadResult]:
    """Bring the instruments in the fixture files into the database; repeatable.

    Raises BrokenFixture or Unusable; then nothing is written.
    """
    return [LoadResult(b.key, _load(b)) for b in (bundled_instruments() if bundled is None else bundled)]


def _load(bundled: Bundled) -> Loaded:
    name = "/".join(map(str, bundled.key))
    if problems := bundled.problems:
        raise Unusable([f"{name}: {text}" for text in problems])
    digest = digest_of(bundled.rows)
    present = Instrument.objects.select_for_update().filter(code=bundled.key[0], version=bundled.key[1]).first()
    if present is not None:
        if digest in (present.source_digest, digest_of(rows_of(present))):
            Instrument.objects.filter(pk=present.pk).update(source_digest=digest)
            return Loaded.UNCHANGED
        if not present.source_digest or present.source_digest.startswith(FROM_LIST):
            return Loaded.KEPT
        if present.frozen:
            raise Unusable([f"{name}: a period uses it and its files have changed; raise the version in the files"])
        present.delete()
    # Not loaddata, which reads the same files into the same rows but looks up a thousand natural keys one by one.
    write_rows(bundled.rows, source_digest=digest)
    return Loaded.REPLACED if present else Loaded.CREATED


@transaction.atomic
def new_version(instrument: Instrument) -> Instrument:
    """Copy an instrument with everything in it to the next free version, to be corrected there."""
    key = instrument.natural_key()
    return write_rows(with_key(rows_of(instrument), key, (key[0], next_version(key[0]))))


def mark_edited(*, instrument: Instrument) -> None:
    """Note that an instrument is no longer what its file says, so that no file is loaded over the edit."""
    Instrument.objects.filter(pk=instrument.pk, frozen=False).update(source_digest="")


def problems_of(instrument: Instrument) -> list[str]:
    """Return why nobody can be scored with an instrument yet; empty when it can be used."""
    return problems_of_rows(rows_of(instrument))


def next_version(code: str) -> int:
    """Return the first version of an instrument that is not taken."""
    highest = Instrument.objects.filter(code=code).aggregate(highest=Max("version"))["highest"]
    return (highest or 0) + 1


@transaction.atomic
def write_rows(rows: Sequence[Row], *, source_digest: str = "") -> Instrument:
    """Write the rows of one new instrument; raise Unusable if they do not make one that can be used."""
    if problems := problems_of_rows(rows):
        raise Unusable(problems)
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        tables[model_of(row)].append(dict(row["fields"]))
    instrument = Instrument(**tables["instrument"][0], source_digest=source_digest)
    _clean([instrument])
    instrument.save()
    owners: dict[str, dict[str, Any]] = {"node": {}, "criterion": {}}
    _write_nodes(instrument, tables["node"], owners["node"])
    for name in MODELS[2:]:
        model = apps.get_model(APP + name)
        objects = [model(**_with_owners(name, fields, instrument, owners)) for fields in tables[name]]
        _clean(objects)
        model._default_manager.bulk_create(objects)
        if name == "criterion":
            owners["criterion"] = {c.code: c for c in objects}
    return instrument


def _write_nodes(instrument: Instrument, table: list[dict[str, Any]], written: dict[str, Any]) -> None:
    """Write the nodes level by level: a child needs its parent's id."""
    waiting = table
    while waiting:
        ready = [f for f in waiting if f["parent"] is None or f["parent"][2] in written]
        waiting = [f for f in waiting if f not in ready]
        nodes = [
            Node(**f | {"instrument": instrument, "parent": written[f["parent"][2]] if f["parent"] else None})
            for f in ready
        ]
        _clean(nodes)
        Node.objects.bulk_create(nodes)
        written.update((node.code, node) for node in nodes)


def _with_owners(
    name: str, fields: dict[str, Any], instrument: Instrument, owners: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    if name in OF_CRITERION:
        return fields | {"criterion": owners["criterion"][fields["criterion"][2]]}
    if name == "criterion":
        return fields | {"instrument": instrument, "node": owners["node"][fields["node"][2]]}
    return fields | {"instrument": instrument}


def _clean(objects: Sequence[models.Model]) -> None:
    """Hold every field against its own rules: bulk writes skip them, and SQLite would take any length."""
    for row in objects:
        try:
            row.clean_fields(exclude=[f.name for f in row._meta.fields if f.is_relation])
        except ValidationError as error:
            texts = [f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items()]
            raise Unusable([f"{row}: {text}" for text in texts]) from error


def rows_of(instrument: Instrument) -> list[Row]:
    """Return an instrument in the database as the rows of a fixture: eight queries."""
    found: list[Row] = []
    for name in MODELS:
        model = apps.get_model(APP + name)
        found += serializers.serialize(
            "python",
            _queryset(model, name, instrument),
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
        )
    return [_plain(row) for row in found]


def _queryset(model: type[models.Model], name: str, instrument: Instrument) -> models.QuerySet[Any]:
    rows = model._default_manager.using(instrument._state.db)
    if name == "instrument":
        return rows.filter(pk=instrument.pk)
    if name in OF_CRITERION:
        return rows.filter(criterion__instrument=instrument).select_related("criterion__instrument").order_by("pk")
    related = ["instrument", *(["parent__instrument"] if name == "node" else [])]
    related += ["node__instrument"] if name == "criterion" else []
    return rows.filter(instrument=instrument).select_related(*related).order_by("pk")


def _plain(row: Row) -> Row:
    fields = {name: value for name, value in row["fields"].items() if name not in _NOT_CONTENT}
    return {"model": row["model"], "fields": fields}


def digest_of(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of what rows say, however they are ordered, spread over files or written ("1" or "1.00")."""
    lines = sorted(json.dumps(_canonical(row), sort_keys=True, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _canonical(row: Row) -> dict[str, Any]:
    given = row["fields"]
    content: dict[str, Any] = {"model": row["model"]}
    for field in apps.get_model(row["model"])._meta.fields:
        if field.name in _NOT_CONTENT:
            continue
        value = given.get(field.name, field.get_default())
        if not field.is_relation:
            value = field.to_python(value)
        content[field.name] = f"{value.normalize():f}" if isinstance(value, Decimal) else value
    return content
