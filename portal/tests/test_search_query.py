import pytest

from portal.search import query as q
from portal.search.query import best_first, excerpt, marked, parse


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("   ", ()),
        ("Laporan  SPIP", ("Laporan", "SPIP")),
        ("a\0b dan\0lagi", ("dan", "lagi")),  # NUL separates, then single letters fall out
        ("spip SPIP Spip", ("Spip",)),
        ("A.I.1.i.a", ("A.I.1.i.a",)),
    ],
)
def test_words(typed, words):
    assert parse(typed).words == words


def test_single_letters_are_named_and_ignored():
    found = parse("SK a tim % 1")
    assert found.words == ("SK", "tim")
    assert found.remarks == ("Kata yang hanya satu huruf tidak dicari: a, %, 1.",)


def test_a_text_that_is_too_long_is_refused_not_cut():
    assert parse("x" * 100).problem == ""
    found = parse("ab " * 40)
    assert (found.problem, found.words, len(found.text)) == (q.TOO_LONG, (), 100)


def test_only_so_many_words_are_looked_for_and_that_is_said():
    found = parse(" ".join(f"w{n}" for n in range(11)))
    assert len(found.words) == 10
    assert found.remarks == (q.TOO_MANY,)


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("lap", "Laporan lapangan", "<mark>Lap</mark>oran <mark>lap</mark>angan"),
        ("<b> .*", "a<b> .* b", "a<mark>&lt;b&gt;</mark> <mark>.*</mark> b"),
        ("amp", "A & amp", "A &amp; <mark>amp</mark>"),
        ("rapat rap", "rapat", "<mark>rapat</mark>"),
        ("tidak", "<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("", "apa saja", "apa saja"),
    ],
)
def test_matches_are_marked_and_everything_is_escaped(typed, text, shown):
    assert marked(parse(typed), text) == shown


def test_an_excerpt_shows_the_first_match_of_a_long_text():
    text = "awal " * 100 + "jarum <i> " + "akhir " * 100
    shown = excerpt(parse("jarum"), text)
    assert shown.startswith("… awal") and shown.endswith(" …")
    assert "<mark>jarum</mark> &lt;i&gt;" in shown
    assert len(shown) < q.EXCERPT + 60
    assert excerpt(parse("jarum"), "tanpa\n itu") == "tanpa itu"


def test_names_come_before_texts_and_every_word_must_occur():
    named = [("Rapat", "laporan tahunan"), ("Laporan tahunan", ""), ("Laporan", "bulanan")]
    assert best_first(parse("TAHUNAN laporan"), named) == [1, 0]
    assert best_first(parse("ÉTAT"), [("l'état", "")]) == [0]
