"""Writing, previewing, publishing: what is saved, what is refused, what is shown to two who write at once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import UnitFactory, UserFactory, member
from news.models import Picture, Post, PublicEvent
from news.services.common import Stale
from news.services.posts import STEPS, PictureChange, Text, create_post, edit_post, take_step
from news.tests.factories import made_picture, picture_bytes, post

pytestmark = pytest.mark.django_db
GOOD = {"version": "0", "title": "Judul", "summary": "Ringkasan", "body": "**Isi**", "area": "", "picture_alt": ""}


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def writer(client, unit):
    client.force_login(member(unit))
    return client


def create(client, unit, **changes):
    return client.post(reverse("news:post-create", args=[unit.code]), GOOD | changes)


def save(client, made, **changes):
    data = GOOD | {"version": made.version} | changes
    return client.post(reverse("news:post-save", args=[made.unit.code, made.pk]), data)


def step(client, made, name, **changes):
    data = {"version": made.version} | changes
    return client.post(reverse("news:post-step", args=[made.unit.code, made.pk, name]), data)


def upload(content=None, name="foto.png"):
    return SimpleUploadedFile(name, picture_bytes() if content is None else content, "image/png")


def kinds():
    return list(PublicEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_draft_is_saved_with_its_history(writer, unit):
    response = create(writer, unit, picture=upload(), picture_alt="Gedung", area="5")
    made = Post.objects.get()
    assert response.url == reverse("news:post-edit", args=[unit.code, made.pk])
    assert (made.title, made.body, made.area, made.state, made.slug) == ("Judul", "**Isi**", "5", "draft", "judul")
    assert (made.picture.width, made.picture_alt) == (400, "Gedung")
    event = PublicEvent.objects.get()
    assert (event.kind, event.post, event.data["body"], event.actor) == ("created", made, "**Isi**", made.created_by)


def test_a_preview_shows_what_it_will_look_like_and_saves_nothing(writer, unit):
    response = create(writer, unit, pratinjau="1", body="**Isi** <script>alert(1)</script>")
    assert response.status_code == 200
    assert "<strong>Isi</strong> &lt;script&gt;" in response.text
    assert 'value="Judul"' in response.text
    assert not Post.objects.exists()
    made = post(unit, state="draft", title="Lama")
    assert "<strong>Isi</strong>" in save(writer, made, pratinjau="1").text
    assert Post.objects.get().title == "Lama"
    assert "belum menyimpan apa pun" in create(writer, unit, pratinjau="1", picture=upload()).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "wajib"), ({"summary": ""}, "wajib"), ({"body": ""}, "wajib"), ({"title": "x" * 161}, "160"),
        ({"body": "x" * 20_001}, "20000"), ({"title": "a\0b"}, "null"), ({"area": "7"}, "pilihan"),
        ({"version": "x"}, "usang"), ({"version": "9" * 40}, "usang"), ({"version": ""}, "usang"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_beside_its_field_and_changes_nothing(writer, unit, changes, message):
    response = create(writer, unit, **changes)
    assert response.status_code == 422
    assert message in response.text.casefold()
    made = post(unit, state="draft", title="Lama")
    assert save(writer, made, **changes).status_code == 422
    assert Post.objects.get().title == "Lama"
    assert kinds() == ["created"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<script>alert(1)</script>", "tidak dapat dibaca sebagai gambar"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "tidak dapat dibaca sebagai gambar"),
        (picture_bytes()[:100], "tidak dapat dibaca sebagai gambar"), (b"", "kosong"),
        (picture_bytes(100, 100), "terlalu kecil"),
    ],
)  # fmt: skip
def test_bad_pictures_are_refused(writer, unit, content, message):
    response = create(writer, unit, picture=upload(content), picture_alt="Gambar")
    assert response.status_code == 422
    assert message in response.text
    assert not Post.objects.exists()
    assert not Picture.objects.exists()


def test_a_picture_needs_a_text_and_both_can_go(writer, unit):
    response = create(writer, unit, picture=upload())
    assert response.status_code == 422
    assert "Tulis teks alternatif" in response.text
    made = post(unit, state="draft", picture=made_picture())
    assert save(writer, made).status_code == 422
    assert save(writer, made, picture_alt="Lain").status_code == 302
    made = Post.objects.get()
    assert (made.picture_id is not None, made.picture_alt) == (True, "Lain")
    assert save(writer, made, without_picture="on").status_code == 302
    made = Post.objects.get()
    assert (made.picture_id, made.picture_alt) == (None, "")


def test_a_stale_text_is_shown_beside_the_stored_one_and_only_choosing_overwrites(writer, unit):
    made = post(unit, state="draft", title="Pertama")
    edit_post(post=made, text=Text("Punya rekan", "r", "isi rekan"), picture=PictureChange(), seen=1, by=UserFactory())
    for _ in range(2):  # saving again does not win
        response = save(writer, made, title="Punya saya")
        assert response.status_code == 409
        assert "Punya rekan" in response.text
        assert 'value="Punya saya"' in response.text
        assert Post.objects.get().title == "Punya rekan"
    assert 'name="ganti" value="2"' in response.text
    assert save(writer, made, title="Punya saya", ganti="2").status_code == 302
    assert Post.objects.get().title == "Punya saya"
    assert kinds() == ["created", "edited", "edited"]


def test_saving_what_is_there_already_is_no_change(writer, unit):
    made = post(unit, state="draft", title="Judul", summary="Ringkasan", body="**Isi**")
    assert save(writer, made).status_code == 302
    assert Post.objects.get().version == 1
    assert kinds() == ["created"]


def test_a_post_is_proposed_published_and_withdrawn(client, unit):
    made = post(unit, state="draft")
    client.force_login(member(unit))
    step(client, made, "ajukan")
    client.force_login(member(unit, Role.ADMIN))
    made = Post.objects.get()
    step(client, made, "terbitkan")
    made = Post.objects.get()
    assert made.is_public
    assert client.get(made.get_absolute_url()).status_code == 200
    step(client, made, "tarik")
    assert client.get(made.get_absolute_url()).status_code == 404
    assert (Post.objects.get().state, Post.objects.get().published_at) == ("draft", None)
    assert kinds() == ["created", "ready", "published", "withdrawn"]
    page = client.get(reverse("news:post-edit", args=[unit.code, made.pk])).text
    assert "Diterbitkan" in page


def test_a_date_to_come_schedules(client, unit):
    made = post(unit, state="draft")
    client.force_login(member(unit, Role.ADMIN))
    soon = timezone.localtime() + timedelta(days=2)
    step(client, made, "terbitkan", at=soon.strftime("%Y-%m-%dT%H:%M"))
    stored = Post.objects.get()
    assert timezone.localtime(stored.published_at).replace(second=0, microsecond=0) == soon.replace(
        second=0, microsecond=0
    )
    assert stored.is_scheduled
    assert "Terjadwal" in client.get(reverse("news:desk")).text
    assert client.get(stored.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("at", ["kemarin", "1999-01-01T00:00", "9999-12-31T23:59", "2026-02-30T10:00"])
def test_a_date_that_makes_no_sense_is_refused(client, unit, at):
    made = post(unit, state="draft")
    client.force_login(member(unit, Role.ADMIN))
    response = step(client, made, "terbitkan", at=at)
    assert response.status_code == 422
    assert 'class="errorlist"' in response.text
    assert Post.objects.get().state == "draft"


@pytest.mark.parametrize("state", ["draft", "ready", "published", "discarded"])
@pytest.mark.parametrize("name", STEPS)
def test_each_step_is_taken_only_from_its_states(client, unit, name, state):
    made = post(unit, state=state)
    client.force_login(member(unit, Role.ADMIN))
    before = len(kinds())
    response = step(client, made, name)
    assert response.status_code == 302
    allowed = state in STEPS[name].before
    assert (Post.objects.get().state == STEPS[name].after) is (allowed or state == STEPS[name].after)
    assert len(kinds()) == before + allowed


def test_a_step_upon_a_page_that_is_old_is_not_taken(client, unit):
    made = post(unit, state="draft")
    edit_post(post=made, text=Text("Lain", "r", "i"), picture=PictureChange(), seen=1, by=UserFactory())
    client.force_login(member(unit, Role.ADMIN))
    response = client.post(
        reverse("news:post-step", args=[unit.code, made.pk, "terbitkan"]), {"version": 1}, follow=True
    )
    assert "berubah sejak halaman dibuka" in response.text
    assert Post.objects.get().state == "draft"
    assert step(client, made, "terbitkan", version="x").status_code == 422
    assert step(client, made, "lompat").status_code == 404


def test_a_change_of_state_between_the_question_and_the_lock_is_noticed(unit):
    """The right to edit was asked of a draft; whoever names the version of the published post does not edit that."""
    as_read = post(unit, state="draft")
    take_step(post=as_read, step="terbitkan", seen=1, by=UserFactory())
    with pytest.raises(Stale):
        edit_post(post=as_read, text=Text("Lain", "r", "i"), picture=PictureChange(), seen=2, by=UserFactory())
    assert Post.objects.get().title == "Kabar baik"


@pytest.mark.parametrize(
    ("title", "slug"), [("Kabar Baik!", "kabar-baik"), ("💩", "berita"), ("É", "e"), ("x" * 160, "x" * 80)]
)
def test_addresses_are_made_of_titles_and_never_taken_twice(unit, title, slug):
    text, by = Text(title, "r", "i"), UserFactory()
    first, second = (create_post(unit=unit, text=text, picture=PictureChange(), by=by) for _ in range(2))
    assert first.slug == slug
    assert second.slug.startswith(f"{slug}-")
    assert create_post(unit=unit, text=Text("Gambar", "r", "i"), picture=PictureChange(), by=by).slug != "gambar"


def test_the_history_cannot_be_changed(unit):
    post(unit)
    event = PublicEvent.objects.first()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        PublicEvent.objects.update(kind="edited")


def test_the_list_is_searched_and_leaves_out_what_was_discarded(writer, unit):
    for state in ("draft", "ready", "published", "discarded"):
        post(unit, state=state, title=f"Tulisan {state}")
    page = writer.get(reverse("news:desk")).text
    assert page.index("Tulisan ready") < page.index("Tulisan draft")
    assert "Tulisan discarded" not in page
    assert "Tulisan discarded" in writer.get(reverse("news:desk"), {"status": "discarded"}).text
    assert "Tulisan draft" not in writer.get(reverse("news:desk"), {"q": "published"}).text
    for value in ("%00", "9" * 50, "<script>", "%FF"):
        for name in ("q", "status", "hal"):
            assert writer.get(f"{reverse('news:desk')}?{name}={value}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_however_much_there_is(client, django_assert_num_queries, unit, count):
    for n in range(count):
        made = post(unit, state="draft", title=f"Tulisan {n}", picture=made_picture())
        take_step(post=made, step="ajukan", seen=1, by=made.created_by)
    client.force_login(member(unit))
    with django_assert_num_queries(5):  # session, user, units, count, posts
        assert client.get(reverse("news:desk")).text.count("desk-title") == count
    with django_assert_num_queries(6):  # session, user, unit, right, post, history
        client.get(reverse("news:post-edit", args=[unit.code, made.pk]))
