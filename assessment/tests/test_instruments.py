import copy
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessment import instruments, selectors
from assessment.checks import check_stored_instruments
from assessment.fixture_files import Bundled, newest_bundled
from assessment.instrument_rows import MODELS, model_of
from assessment.instruments import Loaded, Unusable, digest_of, load_fixtures, new_version, rows_of
from assessment.models import Choice, Criterion, Instrument, Node
from assessment.models.instrument import FROZEN

from .factories import PeriodFactory

pytestmark = pytest.mark.django_db


def bundled(change=None):
    found = newest_bundled()
    rows = copy.deepcopy(list(found.rows))
    return Bundled(found.key, found.paths, tuple(change(rows) or rows) if change else tuple(rows))


def outcome(*args, **kwargs):
    (result,) = load_fixtures([bundled(*args, **kwargs)])
    return result.outcome


def retitle(rows):
    next(r for r in rows if r["fields"].get("code") == "A.I.1.i.a")["fields"]["title"] = "Judul lain"


def drop_a_document(rows):
    position = next(i for i, r in enumerate(rows) if model_of(r) == "expecteddocument")
    return rows[:position] + rows[position + 1 :]


def remove_all():
    Instrument.objects.all().delete()


def counts():
    return [m.objects.count() for m in (Instrument, Node, Criterion, Choice)]


# Loading


def test_loading_writes_every_row(instrument):
    remove_all()
    assert outcome() == Loaded.CREATED
    assert counts() == [1, 62, 113, 359]
    loaded = Instrument.objects.get()
    assert loaded.source_digest == digest_of(newest_bundled().rows)
    assert digest_of(rows_of(loaded)) == loaded.source_digest


def test_loading_equals_loaddata(instrument):
    remove_all()
    call_command("loaddata", *[Path(p).stem for p in newest_bundled().paths], verbosity=0)
    loaded = Instrument.objects.get()
    assert digest_of(rows_of(loaded)) == digest_of(newest_bundled().rows)
    assert outcome() == Loaded.UNCHANGED
    assert Instrument.objects.get().source_digest == digest_of(newest_bundled().rows)
    assert Instrument.objects.get().pk == loaded.pk


def test_loading_again_changes_nothing(instrument):
    before = list(Criterion.objects.values_list("pk", flat=True).order_by("pk"))
    assert outcome() == Loaded.UNCHANGED
    assert list(Criterion.objects.values_list("pk", flat=True).order_by("pk")) == before


def test_changed_files_replace_an_unused_instrument_with_all_its_rows(instrument):
    assert outcome(drop_a_document) == Loaded.REPLACED
    found = Instrument.objects.get()
    assert (
        sum(c.expected_documents.count() for c in found.criteria.all())
        == len([r for r in newest_bundled().rows if model_of(r) == "expecteddocument"]) - 1
    )
    assert outcome() == Loaded.REPLACED


def test_changed_files_of_an_instrument_in_use_are_refused(instrument):
    PeriodFactory(instrument=instrument)
    assert outcome() == Loaded.UNCHANGED
    with pytest.raises(Unusable, match="raise the version"):
        outcome(retitle)
    assert Criterion.objects.get(code="A.I.1.i.a").title != "Judul lain"


def test_files_do_not_overwrite_what_was_edited_here(instrument):
    Criterion.objects.filter(code="A.I.1.i.a").update(title="Disunting di portal")
    instruments.mark_edited(instrument=instrument)
    assert outcome() == Loaded.KEPT
    assert Criterion.objects.get(code="A.I.1.i.a").title == "Disunting di portal"


def test_files_do_not_overwrite_an_import_of_the_same_code(instrument):
    Instrument.objects.update(source_digest=f"{instruments.FROM_LIST}abc")
    Criterion.objects.filter(code="A.I.1.i.a").update(title="Dari daftar")
    assert outcome() == Loaded.KEPT
    assert Criterion.objects.get(code="A.I.1.i.a").title == "Dari daftar"


def test_unusable_files_write_nothing(instrument):
    remove_all()
    wrong = bundled(lambda rows: [r for r in rows if r["fields"].get("code") != "A.II.4.i.a"])
    with pytest.raises(Unusable) as caught:
        load_fixtures([wrong])
    assert "lke-zi/1: A.II.4.i: tidak berisi kriteria" in caught.value.problems
    assert Instrument.objects.count() == 0


def test_one_unusable_instrument_keeps_the_others_out_too(instrument):
    remove_all()
    with pytest.raises(Unusable):
        load_fixtures([bundled(), Bundled(("lke-zi", 2), (), ())])
    assert Instrument.objects.count() == 0


def test_values_too_long_for_their_column_are_refused(instrument):
    remove_all()

    def too_long(rows):
        next(r for r in rows if model_of(r) == "expecteddocument")["fields"]["title"] = "x" * 301

    with pytest.raises(Unusable, match="title"):
        load_fixtures([bundled(too_long)])
    assert Instrument.objects.count() == 0


def test_load_instruments_command_says_what_it_did(instrument, capsys):
    call_command("load_instruments", skip_checks=True)
    assert capsys.readouterr().out == "lke-zi version 1: already there.\n"
    call_command("load_instruments", verbosity=0, skip_checks=True)
    assert capsys.readouterr().out == ""


def test_load_instruments_command_lists_problems(instrument, tmp_path, settings):
    for path in newest_bundled().paths:
        text = path.read_text().replace('"weight": "22.50"', '"weight": "22.40"')
        (tmp_path / path.name).write_text(text)
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match=r"lke-zi/1: B: bobotnya 40, tetapi bobot isinya 39,9"):
        call_command("load_instruments", skip_checks=True)


def test_load_instruments_command_names_a_broken_file(tmp_path, settings):
    (tmp_path / "lke.json").write_text("{")
    settings.FIXTURE_DIRS = [tmp_path]
    with pytest.raises(CommandError, match=r"lke\.json"):
        call_command("load_instruments", skip_checks=True)


# Digest


def test_digest_ignores_how_a_number_is_written_and_where_a_row_stands():
    rows = list(newest_bundled().rows)
    other = [copy.deepcopy(r) for r in reversed(rows)]
    for row in other:
        if "weight" in row["fields"] and row["fields"]["weight"] is not None:
            row["fields"]["weight"] += "00"
    assert digest_of(other) == digest_of(rows)


@pytest.mark.parametrize("change", [retitle, drop_a_document])
def test_digest_sees_every_change(change):
    rows = copy.deepcopy(list(newest_bundled().rows))
    assert digest_of(change(rows) or rows) != digest_of(newest_bundled().rows)


# New versions


def test_new_version_is_a_complete_editable_copy(instrument):
    PeriodFactory(instrument=instrument)
    copied = new_version(instrument)
    assert (copied.code, copied.version, copied.frozen, copied.source_digest) == ("lke-zi", 2, False, "")
    assert selectors.worksheet_of(copied).content_hash == selectors.worksheet_of(instrument).content_hash
    assert {m: len([r for r in rows_of(copied) if model_of(r) == m]) for m in MODELS} == {
        m: len([r for r in rows_of(instrument) if model_of(r) == m]) for m in MODELS
    }
    criterion = copied.criteria.get(code="A.I.1.i.a")
    criterion.title = "Diperbaiki"
    criterion.save()
    assert instrument.criteria.get(code="A.I.1.i.a").title != "Diperbaiki"


def test_new_version_takes_the_next_free_number(instrument):
    assert new_version(instrument).version == 2
    assert new_version(instrument).version == 3


def test_a_frozen_instrument_refuses_every_change(instrument):
    PeriodFactory(instrument=instrument)
    criterion = instrument.criteria.first()
    with pytest.raises(Exception, match=FROZEN[:20]):
        criterion.save()
    with pytest.raises(Exception, match=FROZEN[:20]):
        criterion.choices.all().delete()


# The check of what is stored


def stored_problems():
    return [(m.id, m.msg) for m in check_stored_instruments(databases=["default"])]


def test_stored_instrument_passes_the_database_check(instrument):
    assert stored_problems() == []


def test_database_check_warns_of_a_draft_and_fails_for_one_in_use(instrument):
    Node.objects.filter(code="B.I").update(weight="22")
    assert ("assessment.W001", "lke-zi/1: B: bobotnya 40, tetapi bobot isinya 39,5") in stored_problems()
    Instrument.objects.update(frozen=True)
    assert {check_id for check_id, _ in stored_problems()} == {"assessment.E003"}


def test_database_check_reads_formulas_that_cannot_be_parsed(instrument):
    Criterion.objects.filter(code="A.II.1.i.a").update(formula="n2:n1")
    texts = [text for _, text in stored_problems()]
    assert "lke-zi/1: A.II.1.i.a: rumus n2:n1 atau batasnya tidak dapat dibaca" in texts


def test_database_check_asks_only_the_databases_it_is_given(instrument):
    Node.objects.filter(code="B.I").update(weight="22")
    assert check_stored_instruments(databases=None) == []
    assert check_stored_instruments(databases=[]) == []


def test_database_check_is_quiet_before_the_tables_exist(instrument, monkeypatch):
    monkeypatch.setattr(Instrument._meta, "db_table", "no_such_table")
    assert check_stored_instruments(databases=["default"]) == []
    monkeypatch.undo()
    assert Instrument.objects.count() == 1  # and the transaction around it still works


def test_reading_an_instrument_takes_eight_queries(instrument, django_assert_num_queries):
    with django_assert_num_queries(8):
        rows_of(instrument)
