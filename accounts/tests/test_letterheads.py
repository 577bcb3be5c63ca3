"""Letterheads: whose they are, and what becomes of the pictures that people upload for them."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.letterheads import pictures
from accounts.letterheads.models import Letterhead, Logo
from accounts.letterheads.pictures import TOO_LARGE, UNREADABLE, make_logo
from accounts.letterheads.selectors import letterhead_data, letterhead_of, logo_png

from .factories import UnitFactory

pytestmark = pytest.mark.django_db


def picture(kind="PNG", size=(1200, 400), **more):
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **more)
    return made.getvalue()


def made_of(content):
    return make_logo(io.BytesIO(content), len(content))


def test_the_nearest_letterhead_up_the_tree_counts(django_assert_num_queries):
    top = UnitFactory()
    between = UnitFactory(parent=top)
    unit = UnitFactory(parent=between)
    other = UnitFactory()
    assert letterhead_of(unit) is None
    assert letterhead_data(unit) == {}
    first = Letterhead.objects.create(unit=top, lines="Satu\nDua")
    Letterhead.objects.create(unit=other, lines="Lain")
    assert letterhead_of(unit) == first
    second = Letterhead.objects.create(unit=between, lines="Tiga")
    with django_assert_num_queries(1):
        assert letterhead_of(unit) == second
    assert letterhead_of(top) == first
    assert letterhead_data(top)["lines"] == ["Satu", "Dua"]
    assert logo_png("") == logo_png("0" * 64) == b""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_small_and_without_what_came_along(kind):
    exif = Image.Exif()
    exif[0x010E] = "rahasia di dalam gambar"
    logo = made_of(picture(kind, exif=exif))
    with Image.open(io.BytesIO(bytes(logo.content))) as found:
        assert (found.format, found.size) == ("PNG", (600, 200))
        assert not found.getexif()
    assert b"rahasia" not in bytes(logo.content)
    assert made_of(picture(kind, exif=exif)).pk == logo.pk
    assert Logo.objects.count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"bukan gambar", picture()[:200], b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("GIF")],
    ids=["empty", "text", "cut-off", "svg", "gif"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError, match=UNREADABLE):
        made_of(content)
    assert not Logo.objects.exists()


def test_large_files_and_bombs_are_refused(monkeypatch):
    with pytest.raises(ValidationError, match="terlalu besar"):
        make_logo(io.BytesIO(b""), pictures.MOST_BYTES + 1)
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    with pytest.raises(ValidationError, match=TOO_LARGE[:20]):
        made_of(picture())


def test_an_admin_sets_changes_and_removes_a_logo(client, portal_admin):
    client.force_login(portal_admin)
    unit = UnitFactory()
    add = reverse("admin:accounts_letterhead_add")
    data = {"unit": unit.pk, "lines": " Pemerintah   Contoh \n\nInspektorat", "place": "Kota Contoh"}
    bad = client.post(add, data | {"new_logo": SimpleUploadedFile("a.png", b"bukan gambar")})
    assert UNREADABLE in bad.text
    assert not Letterhead.objects.exists()
    many = client.post(add, data | {"lines": "\n".join("abcde")})
    assert "Paling banyak 4 baris." in many.text
    client.post(add, data | {"new_logo": SimpleUploadedFile("a.png", picture())})
    head = Letterhead.objects.get()
    assert (head.lines, head.logo_id) == ("Pemerintah Contoh\nInspektorat", Logo.objects.get().pk)
    change = reverse("admin:accounts_letterhead_change", args=[head.pk])
    assert "data:image/png;base64," in client.get(change).text
    client.post(change, data)
    head.refresh_from_db()
    assert head.logo_id
    client.post(change, data | {"without_logo": "on"})
    head.refresh_from_db()
    assert head.logo_id is None
    assert Logo.objects.count() == 1  # papers that were made with it still show it
