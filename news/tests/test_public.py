"""What everybody reads: what is published is there, nothing else is, at the same price however much there is."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import UnitFactory, UserFactory, member
from assessment.models import Award
from assessment.tests.factories import answer, opened
from assessment.trace import comma
from evidence.models import Blob
from evidence.tests.factories import attachment, document
from news.models import SiteSettings
from news.services.units import Details, Innovated, Member, publish_score, save_details
from news.tests.factories import decided, made_picture, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "instrument")]

PAGES = ("landing", "folder", "units", "posts", "rss", "atom", "sitemap", "robots")


def shown(client, name, *args, **query):
    response = client.get(reverse(f"news:{name}", args=args), query)
    assert response.status_code == 200
    return response.text


def public_document(unit, code="A.I.1.i.a", title="SK Tim", year=2026, **more):
    """Return a published document that proves a criterion of the unit."""
    assessment = unit.assessments.first() or opened(unit)
    made = document(unit, title=title, year=year, public=True, **more)
    attachment(assessment, code, made)
    return made


def award(unit, **changes):
    values = {"predicate": "WBK", "decree_number": "K-1", "decree_date": date(2023, 12, 1)} | changes
    return Award.objects.create(unit=unit, **values)


# Leaks


SECRETS = [
    "Draf rahasia", "Siap rahasia", "Nanti rahasia", "Dibuang rahasia", "Dokumen rahasia", "Terinfeksi rahasia",
    "Catatan rahasia", "Nonaktif rahasia", "Pencabutan rahasia", "Ditarik rahasia", "rahasia@contoh.go.id",
    "Penulis rahasia", "Lepas rahasia",
]  # fmt: skip


@pytest.fixture
def full_of_secrets():
    unit = UnitFactory(name="Dinas Terbuka")
    writer = UserFactory(first_name="Penulis rahasia", email="rahasia@contoh.go.id", username="akun-rahasia")
    post(unit, state="draft", title="Draf rahasia", by=writer, picture=made_picture())
    post(unit, state="ready", title="Siap rahasia", by=writer)
    post(unit, title="Nanti rahasia", at=timezone.now() + timedelta(hours=1), by=writer)
    post(unit, state="discarded", title="Dibuang rahasia", by=writer)
    post(unit, title="Kabar terbuka", by=writer, picture=made_picture())
    post(UnitFactory(name="Unit Nonaktif rahasia", is_active=False), title="Nonaktif rahasia", by=writer)
    assessment = opened(unit)
    draft = opened(UnitFactory(name="Dinas Draf"))
    answer(draft, "A.I.1.i.a", writer, choice="Y", note="Catatan rahasia")
    attachment(draft, doc=document(draft.unit, writer, title="Dokumen rahasia"))
    infected = public_document(unit, title="Terinfeksi rahasia", by=writer)
    Blob.objects.filter(pk=infected.current.blob_id).update(scan="infected")
    attachment(assessment, doc=document(unit, writer, title="Dokumen rahasia"))
    public_document(UnitFactory(is_active=False), title="Nonaktif rahasia")
    award(unit, withdrawn_on=date(2025, 1, 1), withdrawn_reason="Pencabutan rahasia")
    public_document(unit, title="Dokumen terbuka", by=writer)
    return decided(unit)


def every_page(client, unit):
    """Return what all public pages say, lists, searches and single pages alike."""
    texts = [shown(client, name) for name in PAGES]
    texts += [
        shown(client, "folder", q="rahasia"),
        shown(client, "posts", q="rahasia"),
        shown(client, "units", q="rahasia"),
    ]
    texts += [shown(client, "place", place) for place in ("1", "A.I.1.i", "A.I.1.i.a", "B.I")]
    texts += [shown(client, "unit", unit.code), shown(client, "post", "kabar-terbuka")]
    return [text.replace("“rahasia”", "").replace('value="rahasia"', "") for text in texts]


def test_nothing_that_was_not_published_is_anywhere(client, full_of_secrets):
    pages = every_page(client, full_of_secrets.unit)
    whole = "\n".join(pages)
    assert [secret for secret in (*SECRETS, "akun-rahasia") if secret in whole] == []
    for there in ("Dokumen terbuka", "Kabar terbuka", "Dinas Terbuka"):
        assert there in whole


def test_scores_are_nowhere_before_the_admin_publishes_one(client, full_of_secrets):
    total = full_of_secrets.snapshots.get().data["scores"]["total"]
    figure = comma(Decimal(total))
    whole = "\n".join(every_page(client, full_of_secrets.unit))
    assert figure not in whole
    assert "Nilai akhir" not in whole
    publish_score(unit=full_of_secrets.unit, year=2026, by=UserFactory())
    assert figure in shown(client, "unit", full_of_secrets.unit.code)


@pytest.mark.parametrize("state", ["draft", "ready", "discarded"])
def test_a_post_and_its_picture_are_there_only_while_published(client, state):
    made = post(state=state, picture=made_picture())
    picture = reverse("news:picture", args=[made.picture_id, "w400"])
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(picture).status_code == 404
    out = post(picture=made_picture(), title="Terbit")
    assert client.get(out.get_absolute_url()).status_code == 200
    response = client.get(reverse("news:picture", args=[out.picture_id, "w400"]))
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert client.get(reverse("news:picture", args=[out.picture_id, "bagikan"]))["Content-Type"] == "image/jpeg"


def test_a_post_appears_at_its_time_and_not_before(client):
    later = post(at=timezone.now() + timedelta(minutes=5), picture=made_picture())
    for url in (later.get_absolute_url(), reverse("news:picture", args=[later.picture_id, "w400"])):
        assert client.get(url).status_code == 404
    assert later.title not in shown(client, "posts")
    type(later).objects.update(published_at=timezone.now() - timedelta(seconds=1))
    assert client.get(later.get_absolute_url()).status_code == 200


# Addresses


@pytest.mark.parametrize(
    "path",
    [
        "/folder/A/", "/folder/A.I/", "/folder/A.I.1/", "/folder/7/", "/folder/0/", "/folder/A.I.1.i.z/",
        "/folder/%00/", "/folder/<script>/", "/unit-kerja/TIDAK-ADA/", "/unit-kerja/%00/", "/berita/tidak-ada/",
        "/berita/%00/", "/berita/gambar/1/w400/", "/berita/gambar/00000000-0000-4000-8000-000000000000/w400/",
        "/berita/rss/", "/beritaa/", "/publik/", "/unit-kerja/u-1/",
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("value", ["%00", "9" * 40, "-1", "abc", "%25", "<script>", "%FF", "٢٠٢٦", "2026", "0"])
def test_odd_parameters_are_harmless(client, value):
    public_document(UnitFactory())
    post()
    for path in ("/folder/", "/folder/1/", "/folder/A.I.1.i.a/", "/berita/", "/unit-kerja/"):
        for name in ("q", "unit", "tahun", "bulan", "area", "hal", "predikat"):
            response = client.get(f"{path}?{name}={value}")
            assert response.status_code == 200, (path, name)
            assert "<script>" not in response.text


@pytest.mark.parametrize("name", PAGES)
def test_public_pages_only_take_questions(client, name):
    assert client.post(reverse(f"news:{name}")).status_code == 405
    assert client.head(reverse(f"news:{name}")).status_code == 200


def test_rows_take_no_posts_either(client):
    made = post(picture=made_picture())
    rows = [
        made.get_absolute_url(), reverse("news:place", args=["1"]), reverse("news:unit", args=[made.unit.code]),
        reverse("news:picture", args=[made.picture_id, "w400"]),
    ]  # fmt: skip
    assert [client.post(url).status_code for url in rows] == [405] * 4


# Folder


def test_the_folder_leads_from_an_area_to_the_document(client):
    unit = UnitFactory(name="Dinas Terbuka")
    made = public_document(unit, "A.I.1.i.a", "SK Tim Kerja", number="12/SK")
    assert "1 dokumen" in shown(client, "folder")
    assert reverse("news:place", args=["A.I.1.i"]) in shown(client, "place", "1")
    for place in ("A.I.1.i", "A.I.1.i.a"):
        page = shown(client, "place", place)
        assert reverse("evidence:public-file", args=[made.pk]) in page
        assert "Nomor 12/SK" in page
        assert "Dinas Terbuka" in page
    assert "SK Tim Kerja" not in shown(client, "place", "A.I.1.i.b")
    assert 'aria-label="Remah roti"' in page


def test_counts_count_each_document_once(client):
    unit = UnitFactory()
    made = public_document(unit, "A.I.1.i.a")
    attachment(unit.assessments.get(), "A.I.1.i.b", made)
    attachment(opened(unit, year=2027), "A.I.1.i.a", made)
    attachment(unit.assessments.get(period__year=2026), "A.II.1.i.a", made)
    page = shown(client, "place", "1")
    assert "1 dokumen." in page
    assert "2 dokumen" not in page
    assert shown(client, "place", "A.I.1.i.a").count("doc-title") == 1
    assert shown(client, "place", "A.I.1.i").count("doc-title") == 2  # beside each of two criteria


def test_filters_narrow_pages_and_go_along(client):
    first, second = UnitFactory(code="U-A", name="Dinas A"), UnitFactory(code="U-B", name="Dinas B")
    public_document(first, title="Milik A", year=2025)
    public_document(second, title="Milik B", year=2026)
    page = shown(client, "place", "A.I.1.i.a", unit="U-A")
    assert "Milik A" in page
    assert "Milik B" not in page
    page = shown(client, "place", "A.I.1.i.a", tahun="2026")
    assert "Milik B" in page
    assert "Milik A" not in page
    assert f"{reverse('news:place', args=['1'])}?unit=U-A&amp;tahun=2025" in shown(
        client, "folder", unit="U-A", tahun="2025"
    )


def test_the_search_finds_criteria_and_documents(client):
    public_document(UnitFactory(), "A.I.5.i.a", "Poster antisuap")
    page = shown(client, "folder", q="gratifikasi")
    assert reverse("news:place", args=["A.I.5.i.a"]) in page
    assert "Poster antisuap" not in page
    assert "Poster antisuap" in shown(client, "folder", q="ANTISUAP poster")
    assert "Tidak ada yang cocok" in shown(client, "folder", q="xyzzy")


def test_the_folder_is_there_before_anything_else_is(client):
    page = shown(client, "folder")
    assert "113 kriteria" in page
    assert page.count("folder-card") == 6


# Units


def test_a_units_page_shows_what_the_unit_entered(client):
    unit = UnitFactory(name="Dinas Terbuka")
    details = Details(
        "Melayani warga", "Keputusan tim", "7/TIM", date(2026, 1, 5), [Member("Ketua Tim Kerja", "Pegawai 01")],
        [Innovated("Loket cepat", 2025, "Sekali datang")],
    )  # fmt: skip
    save_details(unit=unit, details=details, seen=0, by=UserFactory())
    award(unit)
    page = shown(client, "unit", unit.code)
    for text in (
        "Melayani warga",
        "Nomor 7/TIM, 5 Januari 2026",
        "Ketua Tim Kerja",
        "Pegawai 01",
        "Loket cepat",
        "WBK",
    ):
        assert text in page


def test_what_no_longer_counts_is_history_and_no_predicate(client):
    yesterday = timezone.localdate() - timedelta(days=1)
    over, gone, valid = (UnitFactory(name=f"Dinas {n}") for n in ("Lewat", "Cabut", "Sah"))
    award(over, valid_until=yesterday)
    award(gone, withdrawn_on=yesterday, withdrawn_reason="Alasan rahasia")
    award(valid, predicate="WBBM", decree_number="1503/2026", valid_until=timezone.localdate())
    page = shown(client, "units", predikat="ya")
    assert [name for name in ("Dinas Lewat", "Dinas Cabut", "Dinas Sah") if name in page] == ["Dinas Sah"]
    assert "1503/2026" in page
    history = shown(client, "unit", gone.code)
    assert "Dicabut" in history
    assert "Alasan rahasia" not in history
    assert "Masa berlaku habis" in shown(client, "unit", over.code)


def test_units_are_found_by_name_and_by_decree(client):
    award(UnitFactory(name="Dinas A"), decree_number="1503/2026")
    UnitFactory(name="Dinas B")
    for query, found in (("dinas a", ["Dinas A"]), ("1503", ["Dinas A"]), ("%", []), ("", ["Dinas A", "Dinas B"])):
        page = shown(client, "units", q=query)
        assert [name for name in ("Dinas A", "Dinas B") if f">{name}<" in page] == found, query


def test_an_agency_without_a_predicate_has_no_page_and_an_inactive_unit_neither(client):
    assert client.get(reverse("news:unit", args=[UnitFactory(kind="agency").code])).status_code == 404
    assert client.get(reverse("news:unit", args=[UnitFactory(is_active=False).code])).status_code == 404


# Berita


def test_posts_are_found_by_area_unit_month_and_word(client):
    first = post(title="Kabar satu", area="5", at=timezone.make_aware(datetime(2025, 3, 31, 23, 30)))
    second = post(title="Kabar dua", body="memuat kata gratifikasi", at=timezone.make_aware(datetime(2026, 4, 1)))
    asked = [
        ({"area": "5"}, [first]), ({"unit": second.unit.code}, [second]), ({"tahun": "2025", "bulan": "3"}, [first]),
        ({"tahun": "2025", "bulan": "4"}, []), ({"q": "GRATIFIKASI kabar"}, [second]),
        ({"bulan": "3"}, [second, first]),
    ]  # fmt: skip
    for query, found in asked:
        page = shown(client, "posts", **query)
        assert [p for p in (second, first) if f">{p.title}<" in page] == found, query
    assert "Maret 2025" in shown(client, "posts")


def test_a_post_can_be_passed_on(client, settings):
    settings.PORTAL_URL = "https://zi.instansi.go.id"
    made = post(title="Kabar <b>", summary="Ringkas & jelas", picture=made_picture())
    page = shown(client, "post", made.slug)
    assert '<meta property="og:title" content="Kabar &lt;b&gt;">' in page
    assert f'<meta property="og:url" content="https://zi.instansi.go.id/berita/{made.slug}/">' in page
    image = f"https://zi.instansi.go.id/berita/gambar/{made.picture_id}/bagikan/"
    assert f'<meta property="og:image" content="{image}">' in page
    assert '<meta name="description" content="Ringkas &amp; jelas">' in page


# Front page


def test_nothing_dead_is_shown_where_nothing_is_configured(client):
    page = shown(client, "landing")
    for text in ("Pernyataan instansi", "Sampaikan suara Anda", "Pengaduan", 'href=""'):
        assert text not in page
    SiteSettings.objects.create(
        lapor_url="https://www.lapor.go.id/", statement="Kami **menolak** suap", decree_number="9"
    )
    page = shown(client, "landing")
    assert page.count('href="https://www.lapor.go.id/"') == 2  # in its section and in the footer
    assert "Kami <strong>menolak</strong> suap" in page
    assert "Whistle" not in page
    assert 'href="https://www.lapor.go.id/"' in shown(client, "folder")


def test_the_signed_in_find_their_work_and_the_public_pages(client, assessment):
    page = shown(client, "landing")
    assert reverse("login") in page
    client.force_login(member(assessment.unit, Role.HEAD))
    page = shown(client, "landing")
    assert f'class="brand" href="{reverse("dashboards:home")}"' in page
    assert 'aria-label="Situs publik"' in page
    assert reverse("login") not in page


# Prices


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 9), ("/folder/", 6), ("/folder/1/", 5), ("/folder/A.I.1.i/", 7), ("/folder/A.I.1.i.a/", 6),
        ("/folder/?q=SK", 6), ("/unit-kerja/", 4), ("/unit-kerja/U-0/", 10), ("/berita/", 5), ("/berita/kabar-0/", 3),
        ("/berita/rss.xml", 3), ("/berita/atom.xml", 3), ("/sitemap.xml", 4),
    ],
)  # fmt: skip
def test_a_page_takes_the_same_queries_however_much_there_is(client, django_assert_num_queries, count, path, queries):
    here = opened(UnitFactory(code="U-0")).unit
    units = [UnitFactory(code=f"V-{n}") for n in range(count)]
    for n, unit in enumerate([*units, *[here] * count]):
        public_document(unit, title=f"SK {n}")
        award(unit, decree_number=f"K-{n}")
        post(unit, title=f"Kabar {n}", picture=made_picture())
    save_details(unit=here, details=Details(team=[Member("Ketua")] * count), seen=0, by=UserFactory())
    client.get(path)  # the worksheet is built once
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_long_lists_are_paged(client):
    unit = UnitFactory()
    for n in range(27):
        public_document(unit, title=f"Dokumen {n:02}", url=f"https://contoh.go.id/{n}")
    page = shown(client, "place", "A.I.1.i.a", unit=unit.code)
    assert page.count("doc-title") == 25
    assert f"?unit={unit.code}&amp;hal=2" in page
    assert shown(client, "place", "A.I.1.i.a", hal="2").count("doc-title") == 2
    assert shown(client, "place", "A.I.1.i").count("doc-title") == 6
