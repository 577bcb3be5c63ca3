"""The glossary, and the "?" that leads to it from every page."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import UserFactory, member
from assessment.tests.factories import opened
from portal.help.glossary import _ENTRIES, TERMS

pytestmark = pytest.mark.django_db
PAGES = settings.BASE_DIR / "templates"
# What the owner asked to be explained.
ASKED = {
    "ZI", "WBK", "WBBM", "LKE", "Pengungkit", "Hasil", "Pemenuhan", "Reform", "TPI", "TPN", "SPTJM", "LHE", "IPAK",
    "IPKP", "SAKIP", "SPIP", "LHKPN", "LHKAN", "BPK", "WTP", "APIP", "Predikat", "Unit afirmasi", "PortalRB",
    "Nilai bila dikirim", "Nilai sementara", "Penyebut nol", "Salinan tetap",
}  # fmt: skip


def used_in(text):
    return re.findall(r'\{% concept "([^"]+)" %\}', text)


def test_terms_are_unique_refer_to_each_other_and_say_something():
    assert len(TERMS) == len(_ENTRIES)
    assert {term.name for term in TERMS.values()} >= ASKED
    for term in TERMS.values():
        assert set(term.also) <= set(TERMS) - {term.slug}, term.slug
        assert term.also and 20 < len(term.short) < 130 and term.short.endswith("."), term.slug
        assert all(text.endswith(".") for text in term.text), term.slug


def test_figures_of_the_glossary_are_those_of_the_instrument(worksheet):
    """A threshold that is changed in the instrument is not explained with its old value."""
    minima = {(t.predicate, t.measure, t.subject): t.minimum for t in worksheet.thresholds}
    shown = {slug: "\n".join(TERMS[slug].text) for slug in TERMS}
    comma = "{:.2f}".format
    for predicate, slug in (("WBK", "wbk"), ("WBBM", "wbbm")):
        assert comma(minima[predicate, "total", ""]).replace(".", ",") in shown[slug]
        assert comma(minima[predicate, "node", "A"]).replace(".", ",") in shown[slug]
        assert comma(minima[predicate, "node", "B.II"]).replace(".", ",") in shown["ipkp"]
        assert comma(minima[predicate, "node", "B.I.a"]).replace(".", ",") in shown["ipak"]
        assert comma(minima[predicate, "node", "B.I.b"]).replace(".", ",") in shown["capaian-kinerja"]
        assert f"{minima[predicate, 'area', '1']:.0f}%" in shown["area"]
    assert f"{len(worksheet.criteria)} kriteria" in shown["lke"]


def test_every_term_has_its_anchor_and_its_panel(client):
    client.force_login(UserFactory())
    page = client.get(reverse("portal:glossary")).text
    for term in TERMS.values():
        assert page.count(f'id="{term.slug}"') == 1
        fragment = client.get(reverse("portal:term", args=[term.slug]), headers={"HX-Request": "true"})
        assert "<html" not in fragment.text and "<h2>" in fragment.text and fragment.headers["Vary"].count("HX-Request")
    assert "<html" in client.get(reverse("portal:term", args=["ipak"])).text


@pytest.mark.parametrize(("typed", "found"), [("antikorupsi", 0), ("ANTI korupsi", 1), ("ipkp", 2), ("x" * 101, 0)])
def test_the_glossary_can_be_searched(client, typed, found):
    client.force_login(UserFactory())
    response = client.get(reverse("portal:glossary"), {"q": typed})
    shown = response.text.count('class="box term"')
    assert shown == (found if len(typed) < 101 else len(TERMS))
    assert response.status_code == (422 if len(typed) > 100 else 200)


def test_a_concept_is_a_link_with_a_name_that_opens_the_panel():
    shown = Template('{% load concepts %}{% concept "ipak" %}').render(Context())
    assert f'href="{reverse("portal:glossary")}#ipak"' in shown
    assert f'hx-get="{reverse("portal:term", args=["ipak"])}" hx-target="#panel-body"' in shown
    assert 'aria-label="Apa itu IPAK?"' in shown
    with pytest.raises(KeyError):
        Template('{% load concepts %}{% concept "tidak-ada" %}').render(Context())


def test_every_concept_in_a_template_is_a_term():
    used = {slug for path in PAGES.rglob("*.html") for slug in used_in(path.read_text())}
    assert used <= set(TERMS)
    assert len(used) >= 25


@pytest.mark.parametrize(
    ("path", "concepts"),
    [
        ("", ["predikat", "bila-dikirim", "sementara", "area", "ambang", "bobot", "kelengkapan-bukti", "bukti"]),
        ("lembar/A.I.1/", ["bobot", "bila-dikirim", "sementara", "bukti"]),
        ("syarat/", ["syarat"]),
        ("salinan/", ["salinan-tetap"]),
        ("bukti/A.I.1.i.a/", ["dokumen-diharapkan", "bukti"]),
        ("mengapa/", ["bila-dikirim", "sementara"]),
        ("riwayat/", ["riwayat"]),
        ("ajukan/", ["mandiri", "sptjm"]),
    ],
)
@pytest.mark.usefixtures("media")
def test_each_concept_stands_once_on_a_page(client, assessment, path, concepts):
    client.force_login(member(assessment.unit, Role.HEAD))
    text = client.get(assessment.get_absolute_url() + path).text
    shown = re.findall(r'class="concept" href="[^"#]+#([^"]+)"', text)
    assert [slug for slug in shown if slug in concepts] == concepts
    assert len(shown) == len(set(shown))


def test_the_list_of_assessments_explains_its_figures_once(client, instrument):
    first = opened()
    user = member(first.unit)
    second = opened()
    user.memberships.create(unit=second.unit, role=Role.MEMBER)
    client.force_login(user)
    text = client.get(reverse("assessment:index")).text
    assert text.count("assessment-item") == 2 and text.count('class="concept"') == 2


def test_the_panel_of_a_figure_offers_no_way_out_of_itself(client, assessment):
    client.force_login(member(assessment.unit))
    url = reverse("assessment:explain-total", args=[2026, assessment.unit.code])
    assert 'class="concept"' not in client.get(url, headers={"HX-Request": "true"}).text


def test_no_app_below_imports_this_one():
    """Templates of all apps use its tags; that is no import, and must not become one."""
    root = settings.BASE_DIR
    for app in ("accounts", "assessment", "evidence", "review", "planning", "reports", "dashboards", "news"):
        for path in root.glob(f"{app}/**/*.py"):
            assert not re.search(r"^\s*(from|import) portal\b", path.read_text(), re.MULTILINE), path
