"""Who may write, publish and administer what the public reads: every role, said once, asked of every write."""

import pytest
from django.urls import get_resolver, reverse

from accounts.models import Role
from accounts.tests.factories import UnitFactory, UserFactory, member
from assessment.tests.factories import person
from news.access import PublicMay, public_may, units_of_writer
from news.models import Post, SiteSettings
from news.tests import routes
from news.tests.factories import decided, made_picture, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]

NOTHING, WRITER = PublicMay(), PublicMay(write=True)
MATRIX = {
    Role.MEMBER: WRITER, Role.HEAD: WRITER, Role.PRELIM: NOTHING, Role.TPI_MEMBER: NOTHING, Role.TPI_LEAD: NOTHING,
    Role.TPI_CONTROLLER: NOTHING, Role.OBSERVER: NOTHING, Role.ADMIN: PublicMay(True, True, True),
}  # fmt: skip
resolver = get_resolver("news.urls")
SEEN_BY = {Role.MEMBER, Role.HEAD, Role.PRELIM, Role.OBSERVER, Role.ADMIN}


def test_the_matrix_has_every_role():
    assert set(MATRIX) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may(role):
    unit = UnitFactory()
    assert public_may(member(unit, role), unit) == MATRIX[role]
    assert public_may(member(UnitFactory(), role), unit) == NOTHING


def test_heads_publish_where_the_settings_say_so_and_members_never():
    SiteSettings.objects.create(heads_publish=True)
    unit = UnitFactory()
    assert public_may(member(unit, Role.HEAD), unit) == PublicMay(write=True, publish=True)
    assert public_may(member(unit), unit) == WRITER


def test_admins_reach_the_units_below_them_and_others_only_their_own():
    agency = UnitFactory()
    below = UnitFactory(parent=agency)
    assert public_may(member(agency, Role.ADMIN), below).administer
    assert public_may(member(agency, Role.HEAD), below) == NOTHING
    assert public_may(member(below, Role.ADMIN), agency) == NOTHING
    assert set(units_of_writer(member(agency, Role.ADMIN))) == {agency, below}
    assert set(units_of_writer(member(agency, Role.HEAD))) == {agency}
    assert set(units_of_writer(member(agency, Role.OBSERVER))) == set()


def test_somebody_deactivated_may_nothing():
    unit = UnitFactory()
    user = member(unit, Role.ADMIN)
    user.is_active = False
    assert public_may(user, unit) == NOTHING
    assert not units_of_writer(user).exists()


def url_of(name, assessment, rows):
    values = {"code": assessment.unit.code, "year": 2026, "size": "w400", "step": "ajukan"} | rows
    keys = resolver.reverse_dict.getlist(name.partition(":")[2])[0][0][0][1]
    return reverse(name, kwargs={key: values[key] for key in keys})


@pytest.mark.parametrize("role", Role)
def test_every_write_and_read_is_allowed_to_those_with_its_right_alone(client, role):
    assessment = decided()
    rows = routes.rows_of(assessment)
    client.force_login(person(assessment, role))
    refusal = 403 if role in SEEN_BY else 404
    for name, right in sorted(routes.WRITES.items()):
        before = routes.stored()
        status = client.post(url_of(name, assessment, rows)).status_code
        allowed = getattr(MATRIX[role], right)
        assert (status != refusal) is allowed, (name, status)
        assert allowed or routes.stored() == before, name
    for name, right in sorted(routes.READS.items()):
        status = client.get(url_of(name, assessment, rows)).status_code
        assert status == (200 if getattr(MATRIX[role], right) else refusal), name


@pytest.mark.parametrize("step", ["terbitkan", "tarik"])
def test_only_who_may_publish_publishes_and_withdraws(client, step):
    made = post(state="ready" if step == "terbitkan" else "published")
    url = reverse("news:post-step", args=[made.unit.code, made.pk, step])
    for role in (Role.MEMBER, Role.HEAD):
        client.force_login(member(made.unit, role))
        assert client.post(url, {"version": made.version}).status_code == 403
    assert Post.objects.get().state == made.state
    client.force_login(member(made.unit, Role.ADMIN))
    assert client.post(url, {"version": made.version}).status_code == 302
    assert Post.objects.get().state != made.state


def test_what_is_out_is_changed_only_by_who_could_publish_it(client):
    made = post(title="Terbit")
    url = reverse("news:post-save", args=[made.unit.code, made.pk])
    data = {"version": made.version, "title": "Lain", "summary": "x", "body": "y"}
    client.force_login(member(made.unit, Role.HEAD))
    assert client.post(url, data).status_code == 403
    assert Post.objects.get().title == "Terbit"
    client.force_login(member(made.unit, Role.ADMIN))
    assert client.post(url, data).status_code == 302
    assert Post.objects.get().title == "Lain"


def test_a_post_or_picture_of_another_unit_is_not_found_under_ones_own(client):
    unit, theirs = UnitFactory(), post(state="draft", picture=made_picture())
    own = post(unit, state="draft", picture=made_picture())
    client.force_login(member(unit))
    for name, args in (
        ("post-edit", [theirs.pk]), ("post-picture", [theirs.pk, theirs.picture_id, "w400"]),
        ("post-picture", [own.pk, theirs.picture_id, "w400"]),
    ):  # fmt: skip
        assert client.get(reverse(f"news:{name}", args=[unit.code, *args])).status_code == 404
    assert client.post(reverse("news:post-save", args=[unit.code, theirs.pk])).status_code == 404


def test_the_list_shows_only_posts_of_units_that_one_writes_for(client):
    mine, theirs = post(state="draft", title="Punya kami"), post(state="draft", title="Punya mereka")
    client.force_login(member(mine.unit))
    page = client.get(reverse("news:desk")).text
    assert "Punya kami" in page
    assert "Punya mereka" not in page
    client.force_login(UserFactory())
    assert "tidak menulis untuk unit mana pun" in client.get(reverse("news:desk")).text
    assert theirs.title not in client.get(reverse("news:desk")).text
