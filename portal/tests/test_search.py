"""The search finds what a person may see and tells nothing of the rest, not even how much there is."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import TPI_ROLES, Role
from accounts.tests.factories import MembershipFactory, UserFactory, member
from assessment.models import Conflict, SecondScoring
from assessment.tests.factories import UnitFactory, opened, person, reviewer
from evidence.tests.factories import document
from news.tests.factories import post
from portal.search.registry import all_providers

from .factories import finding, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "instrument")]
KINDS = ["unit", "kriteria", "dokumen", "catatan", "berita"]
TEAM = {Role.MEMBER, Role.HEAD}


def ask(client, text, **more):
    return client.get(reverse("portal:search"), {"q": text, **more})


def counts(response):
    return {s.key: s.count for s in response.context["sections"] if s.key in KINDS}


def urls(response):
    return [hit.url for section in response.context["shown"] for hit in section.hits]


def test_every_kind_has_its_module():
    assert [provider.key for provider in all_providers()] == [*KINDS, "bantuan"]


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_its_own_and_never_the_others(client, role):
    """The same words are in both units: only the counts could tell of the other one, and they do not."""
    ours, theirs = world(), world()
    client.force_login(person(ours.assessment, role))
    response = ask(client, "kuda laut")
    documents = 2 if role in TEAM else 1  # what proves nothing yet is the team's own matter
    assert counts(response) == {"unit": 1, "kriteria": 0, "dokumen": documents, "catatan": 1, "berita": 0}
    assert ours.used.get_absolute_url() in response.text
    assert (ours.kept.get_absolute_url() in response.text) is (role in TEAM)
    for hidden in (theirs.unit.code, str(theirs.used.pk), str(theirs.kept.pk), str(theirs.finding.pk)):
        assert hidden not in response.text
    for url in urls(response):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("role", Role)
def test_a_role_elsewhere_finds_nothing_of_a_unit(client, role):
    theirs, ours = world(), opened()
    client.force_login(person(ours, role))
    assert counts(ask(client, "kuda laut")) == dict.fromkeys(KINDS, 0)
    assert not any(counts(ask(client, theirs.unit.code)).values())


def test_roles_reach_below_themselves_only_where_they_reach(client):
    above = UnitFactory()
    ours = world(parent=above)
    for role in Role:
        client.force_login(member(above, role))
        found = counts(ask(client, "kuda laut"))
        reaches = role in {Role.PRELIM, Role.OBSERVER, Role.ADMIN}
        assert found["unit"] == found["catatan"] == found["dokumen"] == reaches, role
        assert (f"/penilaian/2026/{ours.unit.code}/" in ask(client, "kuda laut").text) is reaches


def test_people_without_a_role_and_former_people_find_nothing(client):
    world()
    client.force_login(UserFactory(is_staff=True))
    assert not any(counts(ask(client, "kuda laut")).values())
    assert not any(counts(ask(client, "benturan")).values())


def test_whoever_stands_back_because_of_a_conflict_finds_nothing(client):
    ours = world()
    user = reviewer(ours.assessment)
    client.force_login(user)
    assert sum(counts(ask(client, "kuda laut")).values()) == 3
    Conflict.objects.create(assessment=ours.assessment, user=user, reason="Kerabat", declared_at=timezone.now())
    assert not any(counts(ask(client, "kuda laut")).values())
    assert not any(counts(ask(client, "benturan")).values())


def test_a_blind_second_reviewer_finds_no_findings(client):
    ours = world()
    user = reviewer(ours.assessment)
    SecondScoring.objects.create(
        assessment=ours.assessment, user=user, codes=["A.I.1.i.a"], assigned_by=user, assigned_at=timezone.now()
    )
    client.force_login(user)
    assert counts(ask(client, "kuda laut")) == {"unit": 1, "kriteria": 0, "dokumen": 1, "catatan": 0, "berita": 0}


@pytest.mark.parametrize("role", Role)
def test_a_criterion_leads_to_where_the_person_works(client, role):
    assessment = opened()
    client.force_login(person(assessment, role))
    response = ask(client, "tim kerja dibentuk", jenis="kriteria")
    sheet = "nilai/lembar" if role in TPI_ROLES | {Role.PRELIM} else "lembar"
    start = f"/penilaian/2026/{assessment.unit.code}/{sheet}/A.I.1/#k-"
    assert urls(response)
    assert all(url.startswith(start) for url in urls(response) if "A-I-1" in url)
    target = urls(response)[0]
    assert f'id="{target.partition("#")[2]}"' in client.get(target.partition("#")[0]).text


def test_a_criterion_prefers_ones_own_unit_and_names_three_places_at_most(client):
    above = UnitFactory(code="INDUK")
    for n in range(4):
        opened(UnitFactory(parent=above, code=f"A-{n}"))
    own = opened(UnitFactory(code="Z-1"))
    user = member(above, Role.OBSERVER)
    client.force_login(user)
    text = ask(client, "A.I.1.i.a").text
    assert ["/A-0/" in text, "/A-2/" in text, "/A-3/" in text] == [True, True, False]
    assert "dan penilaian lain yang dapat Anda lihat" in text
    MembershipFactory(user=user, unit=own.unit)
    first = ask(client, "A.I.1.i.a").context["shown"][0].hits[0]
    assert first.url == "/penilaian/2026/Z-1/lembar/A.I.1/#k-A-I-1-i-a"


def test_a_rubric_is_found_too_and_shown_as_excerpt(client, worksheet):
    client.force_login(person(opened(), Role.MEMBER))
    criterion = worksheet.criteria["A.I.1.ii.a"]
    word = max(re.findall(r"[a-z]{6,}", criterion.choices[0].text), key=len)
    hits = ask(client, f"A.I.1.ii.a {word}", jenis="kriteria").context["shown"][0].hits
    assert len(hits) == 1
    assert f"<mark>{word}</mark>" in f"{hits[0].title} {hits[0].excerpt}"


def test_every_word_must_occur_in_any_order_and_case(client):
    ours = world()
    client.force_login(member(ours.unit, Role.HEAD))
    assert counts(ask(client, "LAUT laporan"))["dokumen"] == 1
    assert counts(ask(client, "laut laporan hilang"))["dokumen"] == 0


@pytest.mark.parametrize("typed", ["KAFÉ", "kafé", "Kafé"])
def test_letters_beyond_ascii_are_found_in_either_case(client, typed):
    unit = opened().unit
    document(unit, title="Laporan kafé", url="https://contoh.go.id/3")
    document(unit, title="LAPORAN KAFÉ", url="https://contoh.go.id/4")
    client.force_login(member(unit))
    assert counts(ask(client, typed))["dokumen"] == 2


@pytest.mark.parametrize(("typed", "found"), [("50%", 1), ("a_b", 1), ("%%", 0), ("__", 0), ("\\d", 0), ("o'r", 1)])
def test_signs_of_the_databases_patterns_mean_themselves(client, typed, found):
    unit = opened().unit
    for n, title in enumerate(("Capaian 50% o'r", "a_b kunci", "axb 501 dd")):
        document(unit, title=title, url=f"https://contoh.go.id/{n}")
    client.force_login(member(unit))
    assert counts(ask(client, typed))["dokumen"] == found


def test_a_year_finds_the_documents_of_that_year(client):
    unit = opened().unit
    document(unit, title="Renstra", year=2024, url="https://contoh.go.id/5")
    document(unit, title="Renja", year=2025, url="https://contoh.go.id/6")
    client.force_login(member(unit))
    assert counts(ask(client, "2024"))["dokumen"] == 1


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", '"><img src=x>', "a\0b\0cd", "' OR 1=1 --", "x" * 100, "💥 💥💥", "\\\\ %_", "٢٠٢٤",
     "aa " * 33, "{{ request }}", "..", "ab\u202ecd", "\ud7ff\ufffd", "99999999999999999999"],
)  # fmt: skip
def test_hostile_texts_are_texts(client, typed):
    client.force_login(member(world().unit))
    for more in ({}, {"jenis": "dokumen"}, {"jenis": "kriteria"}):
        response = ask(client, typed, **more)
        assert response.status_code == 200
        assert "<script>alert" not in response.text and "<img src=x" not in response.text


@pytest.mark.parametrize(
    "more", [{"jenis": "x"}, {"jenis": "dokumen", "hal": "-1"}, {"hal": "9" * 40}, {"jenis": "\0"}]
)
def test_absurd_addresses_show_something_sensible(client, more):
    client.force_login(member(world().unit))
    assert ask(client, "kuda laut", **more).status_code == 200


def test_too_long_a_text_is_refused_beside_the_field(client):
    client.force_login(member(world().unit))
    response = ask(client, "kuda laut " * 11)
    assert response.status_code == 422
    assert "Pencarian paling panjang 100 huruf" in response.text
    assert 'aria-invalid="true"' in response.text
    assert response.context["sections"] == []


def test_nothing_asked_and_nothing_found_both_say_what_to_do(client):
    client.force_login(member(opened().unit))
    assert "Semua kata harus ada" in ask(client, "").text
    assert "Tidak ada yang cocok dengan “zzqx &lt;”." in ask(client, "zzqx <").text


def test_more_of_a_kind_comes_in_pages(client):
    unit = opened().unit
    for n in range(23):
        document(unit, title=f"Notula {n:02}", url=f"https://contoh.go.id/n{n}")
    client.force_login(member(unit))
    text = ask(client, "notula").text
    assert "Lebih banyak: 18 lagi pada Dokumen" in text and "Notula 05" not in text
    more = unescape(re.search(r'href="([^"]+)">Lebih banyak: 18', text).group(1))
    first, second = client.get(more), client.get(more + "&hal=2")
    assert [len(urls(first)), len(urls(second))] == [20, 3]
    assert "q=notula" in unescape(first.text).partition('rel="next"')[2].partition(">")[0]
    assert len(set(urls(first) + urls(second))) == 23


def test_filtering_by_kind_keeps_the_counts_of_all(client):
    ours = world()
    client.force_login(member(ours.unit))
    response = ask(client, "kuda laut", jenis="catatan")
    assert counts(response) == {"unit": 1, "kriteria": 0, "dokumen": 2, "catatan": 1, "berita": 0}
    assert len(urls(response)) == 1 and str(ours.finding.pk) in urls(response)[0]


def test_a_unit_without_an_assessment_leads_to_its_documents(client):
    unit = UnitFactory(name="Kantor Sunyi", is_active=False)
    client.force_login(member(unit))
    response = ask(client, "sunyi")
    assert urls(response) == [reverse("evidence:library", args=[unit.code])]
    assert "nonaktif" in response.text


@pytest.mark.parametrize(("kind", "queries"), [("", 12), ("unit", 9), ("dokumen", 8), ("catatan", 8), ("berita", 8)])
def test_the_same_queries_however_much_is_found(client, django_assert_num_queries, kind, queries):
    above = UnitFactory(name="Kuda laut induk")
    client.force_login(member(above, Role.ADMIN))
    for size in (1, 3):
        while above.children.count() < size:
            ours = world(parent=above)
            finding(ours.assessment, "Kuda laut lagi.")
            post(ours.unit, title="Kuda laut pulang")
        ask(client, "kuda laut")  # the worksheet is read once
        with django_assert_num_queries(queries):
            ask(client, "kuda laut", jenis=kind)


def test_published_news_are_found_by_everybody_and_lead_to_the_public_page(client):
    shown = post(title="Kuda laut pulang", summary="Dilepas di Balai Laut", body="Empat ekor.")
    client.force_login(UserFactory())
    for words in ("KUDA pulang", "balai dilepas", "ekor empat", shown.unit.name):
        response = ask(client, words, jenis="berita")
        assert urls(response) == [reverse("news:post", args=[shown.slug])], words
    assert client.get(urls(response)[0]).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_news_that_are_not_out_are_never_found_nor_counted(client, role):
    """Not even by who writes or publishes them: drafts are worked on at the desk, the search is of what is out."""
    assessment = opened()
    author = person(assessment, role)
    for state in ("draft", "ready", "discarded"):
        post(assessment.unit, state=state, by=author, title="Kuda laut")
    post(assessment.unit, at=timezone.now() + timedelta(days=1), by=author, title="Kuda laut besok")
    client.force_login(author)
    response = ask(client, "kuda laut")
    assert counts(response)["berita"] == 0
    assert "Kuda laut besok" not in response.text


def test_without_words_nothing_is_asked(client, django_assert_num_queries):
    client.force_login(member(world().unit))
    with django_assert_num_queries(2):  # session and user
        ask(client, "a b")


def test_the_search_box_is_on_every_page_for_who_is_signed_in(client):
    assert 'class="top-search"' not in client.get(reverse("login")).text
    client.force_login(member(opened().unit))
    text = client.get(reverse("assessment:index")).text
    assert f'action="{reverse("portal:search")}" method="get" role="search"' in text
    assert client.get(reverse("portal:search")).status_code == 200
