"""Discussions: who is named and told, what is taken back, and that nobody outside the unit ever reads a word."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse

from accounts.models import Role
from accounts.notifications.models import Notification
from assessment.models.history import HistoryIsFixed
from assessment.tests.factories import UserFactory, member, opened, person
from planning.models import Message, Withdrawal
from planning.pages.talk import marked
from planning.services.messages import named_in, say, withdraw

from .factories import CODE, over

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SECRET = "kata-rahasia-tim"


def url(name, row, *more):
    return reverse(f"planning:{name}", args=[row.period.year, row.unit.code, *more])


def test_a_named_colleague_is_told_without_the_text(assessment):
    author, colleague, outsider = member(assessment.unit), member(assessment.unit, Role.HEAD), UserFactory()
    text = f"@{colleague.username.upper()}, {SECRET} @{outsider.username} @{author.username} @tidak.ada"
    made = say(assessment=assessment, code=CODE, text=text, by=author)
    assert made.mentions == [colleague.username, author.username]
    (told,) = Notification.objects.all()
    assert (told.recipient, told.kind, told.url) == (colleague, "mention", url("talk", assessment, CODE))
    assert SECRET not in told.subject + told.text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@budi.", ["budi"]), ("(@budi)", ["budi"]), ("@budi.s, ya", ["budi.s"]), ("surel a@budi.id", []),
        ("@budi @BUDI", ["budi"]), ("@budix", []), ("@@budi", []), ("@budi.s.", ["budi.s"]), ("halo", []), ("@", []),
    ],
)  # fmt: skip
def test_names_in_a_sentence(db, text, names):
    team = [UserFactory(username="budi"), UserFactory(username="budi.s")]
    assert [user.username for user in named_in(text, team)] == names


def test_a_message_is_shown_escaped_with_its_names_marked():
    assert marked("<b>x</b> @budi.\n@lain", ["budi"]) == "&lt;b&gt;x&lt;/b&gt; <strong>@budi</strong>.<br>@lain"


def test_messages_are_only_added(assessment):
    made = say(assessment=assessment, code=CODE, text="Halo", by=member(assessment.unit))
    made.text = "Lain"
    for change in (made.save, made.delete, Message.objects.all().delete, lambda: Message.objects.update(text="")):
        with pytest.raises(HistoryIsFixed):
            change()
    assert Message.objects.get().text == "Halo"


def test_an_author_takes_back_and_the_fact_stays(client, assessment):
    author, colleague = member(assessment.unit), member(assessment.unit)
    made = say(assessment=assessment, code=CODE, text=SECRET, by=author)
    client.force_login(colleague)
    assert client.post(url("withdraw", assessment, made.pk)).status_code == 404
    client.force_login(author)
    for _ in range(2):
        assert client.post(url("withdraw", assessment, made.pk)).status_code == 302
    assert (Withdrawal.objects.count(), Message.objects.count()) == (1, 1)
    sheet = reverse("assessment:page", args=[2026, assessment.unit.code, "A.I.1"])
    for address in (url("talk", assessment, CODE), url("talks", assessment), sheet):
        text = client.get(address).text
        assert "Pesan ini ditarik oleh penulisnya." in text and SECRET not in text


def test_a_message_is_sent_from_the_sheet_and_back(client, assessment):
    client.force_login(member(assessment.unit, areas=["2"]))
    response = client.post(url("say", assessment, CODE), {"text": SECRET, "dari": "lembar"})
    assert response.url.endswith("/lembar/A.I.1/?diskusi=A.I.1.i.a#p-A-I-1-i-a")
    text = client.get(response.url.split("#")[0]).text
    assert SECRET in text and text.count("<details open>") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Tulis pesannya."), (" \n ", "Tulis pesannya."), ("x" * 2001, "Paling panjang 2000"), ("a\0", "terlarang")],
)
def test_bad_messages_are_refused_beside_the_field(client, assessment, text, said):
    client.force_login(member(assessment.unit))
    response = client.post(url("say", assessment, CODE), {"text": text})
    assert (response.status_code, said in response.text, Message.objects.count()) == (422, True, 0)
    assert client.post(url("say", assessment, "X.1"), {"text": "x"}).status_code == 404


def test_nothing_is_said_once_the_period_is_over(assessment):
    author = member(assessment.unit)
    made = say(assessment=assessment, code=CODE, text="Halo", by=author)
    row = over(assessment)
    with pytest.raises(ValidationError):
        say(assessment=row, code=CODE, text="Terlambat", by=author)
    with pytest.raises(ValidationError):
        withdraw(message=Message.objects.get(pk=made.pk))


OUTSIDERS = [r for r in Role if r not in {Role.MEMBER, Role.HEAD}]


@pytest.mark.parametrize("state", ["draft", "prelim", "review", "result"])
@pytest.mark.parametrize("role", [*OUTSIDERS, "superuser"])
def test_nobody_outside_the_unit_reads_a_word_on_any_route(client, instrument, role, state):
    """Every route of the portal, as everybody who may see the assessment without being of the unit."""
    from tests.test_every_route import FOREIGN, ROUTES, rows_of, url_of

    row = opened()
    rows_of(row)
    author = member(row.unit)
    say(assessment=row, code=CODE, text=f"@{author.username} {SECRET}", by=member(row.unit, Role.HEAD))
    type(row).objects.filter(pk=row.pk).update(state=state)
    user = UserFactory(is_superuser=True, is_staff=True) if role == "superuser" else person(row, role)
    client.force_login(user)
    seen = 0
    for name in sorted(set(ROUTES) - FOREIGN - {"logout"}):
        response = client.get(url_of(name, row), {"diskusi": CODE, "milik": "saya"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert SECRET.encode() not in body, name
        seen += response.status_code == 200
        if name in {"planning:talk", "planning:talks", "planning:charges", "planning:mine"}:
            assert response.status_code == 403, name
    assert seen > 20
    client.force_login(author)
    assert SECRET in client.get(url("talk", row, CODE)).text


def test_the_administration_knows_no_messages():
    names = [p.name for p in get_resolver().url_patterns[-1].url_patterns if getattr(p, "name", None)]
    assert not any("message" in name and "planning" in name for name in names)


def test_pages_take_the_same_queries_however_much_is_said(client, assessment, django_assert_num_queries):
    author = member(assessment.unit, Role.HEAD)
    client.force_login(author)
    for count in (1, 3):
        for n in range(count):
            say(assessment=assessment, code=CODE, text=f"Pesan {n}", by=member(assessment.unit))
        with django_assert_num_queries(6):  # session, user, assessment, memberships, messages, people
            client.get(url("talk", assessment, CODE))
        with django_assert_num_queries(5):
            client.get(url("talks", assessment))
