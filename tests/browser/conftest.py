"""Helpers of the browser tests: a unit with its team, signing in, waiting until a card is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, MembershipFactory, UserFactory
from assessment import selectors
from assessment.models import Assessment, Instrument
from assessment.scoring import Result
from assessment.tests.factories import opened

Go = Callable[..., Page]


@dataclass(frozen=True)
class Live:
    """A running portal with one unit, its operator and an empty assessment."""

    url: str
    user: User
    assessment: Assessment

    def address(self, path: str = "") -> str:
        return f"{self.url}/penilaian/2026/{self.assessment.unit.code}/{path}"

    def result(self) -> Result:
        """Score what the database holds now."""
        return selectors.stage_result(Assessment.objects.for_page().get(pk=self.assessment.pk))


def team_member(assessment: Assessment, name: str) -> User:
    user = UserFactory(username=name, first_name=name.title(), password=PASSWORD)
    MembershipFactory(user=user, unit=assessment.unit)
    return user


@pytest.fixture
def live(live_server: Any, instrument: Instrument) -> Live:
    assessment = opened()
    return Live(live_server.url, team_member(assessment, "operator"), assessment)


def sign_in(page: Page, live: Live, user: User | None = None) -> Page:
    """Sign in through the form, by user name."""
    page.goto(f"{live.url}/masuk/")
    page.get_by_label("Nama pengguna atau surel").fill((user or live.user).username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Beranda", exact=True)).to_be_visible()
    return page


def card(page: Page, code: str) -> Any:
    return page.locator(f"#k-{code.replace('.', '-')}")


def state(page: Page, code: str) -> Any:
    return page.locator(f"#state-{code.replace('.', '-')}")


def field(page: Page, code: str, name: str) -> Any:
    return page.locator(f"#f-{code.replace('.', '-')}-{name}")


def choose(page: Page, code: str, letter: str) -> None:
    """Click the rubric of a letter, as a person does."""
    card(page, code).locator("label.choice", has=page.locator(f"input[value={letter}]")).locator(".rubric").click()


def saved(page: Page, code: str) -> None:
    expect(state(page, code)).to_contain_text("Tersimpan.")
