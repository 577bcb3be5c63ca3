"""Every route refuses strangers. A new route is covered the moment it is added to a URLconf."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role
from accounts.tests.factories import UserFactory
from assessment.models import Assessment, Event
from assessment.tests.factories import member, opened
from assessment.tests.test_access import MATRIX

pytestmark = pytest.mark.django_db

PUBLIC = {
    "login", "password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete",
}  # fmt: skip
# About the signed-in person alone: there is no object that could be somebody else's.
OWN = {
    "assessment:home", "assessment:index", "logout", "profile", "password_change", "password_change_done",
}  # fmt: skip
OWN_WRITES = {"logout", "profile", "password_change"}
WRITES = {"assessment:page-save": "answer", "assessment:answer-save": "answer"}  # route -> the right it needs
VALUES = {
    "year": 2026,
    "page": "A.I.1",
    "criterion": "A.I.1.i.a",
    "node": "A.I.1.i",
    "uidb64": "MQ",
    "token": "x-y",
}


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    for p in patterns:
        if isinstance(p, URLResolver):
            if p.namespace != "admin":
                yield from routes(p.url_patterns, f"{p.app_name}:" if p.app_name else namespace)
        elif p.name:
            yield namespace + p.name, sorted(p.pattern.converters)


ROUTES = dict(routes(get_resolver().url_patterns))
OBJECTS = sorted(set(ROUTES) - PUBLIC - OWN)


def url_of(name: str, code: str) -> str:
    values = VALUES | {"code": code}
    return reverse(name, kwargs={key: values[key] for key in ROUTES[name]})


def test_every_pattern_has_a_name_and_the_lists_name_only_routes():
    def unnamed(patterns):
        for p in patterns:
            if isinstance(p, URLResolver):
                yield from unnamed(p.url_patterns) if p.namespace != "admin" else ()
            elif not p.name:
                yield str(p.pattern)

    assert list(unnamed(get_resolver().url_patterns)) == []
    assert set(ROUTES) >= PUBLIC | OWN | set(WRITES)


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC - {"logout"}))
def test_anonymous_is_sent_to_sign_in(client, assessment, name):
    url = url_of(name, assessment.unit.code)
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 302
        assert response.url.startswith("/masuk/")


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_pages_open_without_signing_in(client, name):
    assert client.get(url_of(name, "X")).status_code == 200


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", OBJECTS)
def test_a_member_of_another_unit_finds_nothing(client, instrument, name, role):
    theirs, ours = opened(), opened()
    client.force_login(member(ours.unit, role))
    url = url_of(name, theirs.unit.code)
    codes = {client.get(url).status_code, client.post(url).status_code}
    assert codes <= {404, 405}
    assert 404 in codes


@pytest.mark.parametrize("name", OBJECTS)
def test_somebody_without_any_membership_finds_nothing(client, assessment, name):
    client.force_login(UserFactory(is_staff=True))
    url = url_of(name, assessment.unit.code)
    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize(("role", "state"), MATRIX)
@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_needs_its_right(client, instrument, name, role, state):
    assessment = opened(state=state)
    client.force_login(member(assessment.unit, role))
    response = client.post(url_of(name, assessment.unit.code), {"A.I.1.i.a-choice": "Y", "A.I.1.i.a-version": "0"})
    allowed = getattr(MATRIX[role, state], WRITES[name])
    assert (response.status_code != 403) is allowed
    assert assessment.answers.exists() is allowed


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_stays_inside_the_areas_of_the_member(client, assessment, name):
    client.force_login(member(assessment.unit, areas=["2"]))
    data = {"A.I.1.i.a-choice": "Y", "A.I.1.i.a-version": "0"}
    assert client.post(url_of(name, assessment.unit.code), data).status_code == 403
    assert not assessment.answers.exists()


def test_every_route_that_takes_post_is_named_as_a_write(client, assessment):
    user = member(assessment.unit)
    takes_post = set()
    for name in set(ROUTES) - PUBLIC:
        client.force_login(user)
        if client.post(url_of(name, assessment.unit.code)).status_code != 405:
            takes_post.add(name)
    assert takes_post == set(WRITES) | OWN_WRITES


def test_reading_changes_nothing(client, assessment):
    client.force_login(member(assessment.unit))
    for name in OBJECTS:
        client.get(url_of(name, assessment.unit.code))
    assert Event.objects.count() == 1
    assert Assessment.objects.get().state == "draft"
    assert not assessment.answers.exists()


def test_views_reach_rows_only_through_visible_to():
    """In a view, `Model.objects` may only be followed by `visible_to`, and a bare model is never looked up."""
    root = Path(__file__).parents[1]
    seen = 0
    for path in sorted(root.glob("*/views.py")):
        seen += 1
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and getattr(node.value, "attr", "") in {"objects", "_default_manager"}:
                assert node.attr == "visible_to", f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("get_object"):
                assert not isinstance(node.args[0], ast.Name), f"{path.name}:{node.lineno}"
    assert seen >= 3


def test_templates_never_compare_roles():
    root = Path(__file__).parents[1] / "templates"
    for path in sorted(root.rglob("*.html")):
        assert "role ==" not in path.read_text(), path
