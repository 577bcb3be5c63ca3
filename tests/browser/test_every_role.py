"""Every page that a role is led to opens and fits the screen, with scripts and without; a visitor's pages too."""

from collections import deque
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from accounts.models import Role, User
from assessment.models import Assessment
from assessment.tests.factories import filled, person
from evidence.services.documents import set_public
from evidence.tests.factories import attachment
from news.tests.factories import post
from planning.tests.factories import action
from review.tests.factories import in_review

from .conftest import Live
from .test_every_page import ALLOWED as KNOWN_WORDS
from .test_every_page import ENGLISH, WIDTHS

VISITOR = ""
# Who looks at an assessment that is being filled; everybody else sees one under review.
WRITERS = {Role.MEMBER, Role.HEAD}
FILES = (".xlsx", ".pdf", ".zip", ".docx", ".ics", ".csv", ".xml", ".webp", ".jpg", ".png")
SCRIPTS = pytest.mark.parametrize(
    "context_options", [{"java_script_enabled": True}, {"java_script_enabled": False}], ids=["scripts", "no-scripts"]
)
# How many different pages each is led to at the least: fewer means that the way there was lost.
FEWEST = {VISITOR: 8, Role.MEMBER: 25, Role.HEAD: 25}
FEWEST_OF_OTHERS = 15


def prepared(live: Live, role: str) -> Assessment:
    """Return the unit's assessment with evidence, a plan and news, at the stage at which the role works."""
    row = live.assessment
    held = attachment(row)
    set_public(unit=row.unit, documents=[held.document_id], public=True, by=held.attached_by)
    action(row)
    post(row.unit)
    if role in WRITERS:
        filled(row, share=0.6, by=live.user)
        return row
    return in_review(row)


def signed_in(page: Page, live: Live, user: User) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live.url}])


def routes_led_to(page: Page, live: Live) -> list[tuple[str, str]]:
    """Return route and address of every page that this one leads to, files and the administration left out."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href.split('#')[0])")
    pages = []
    for url in dict.fromkeys(found):
        path = urlsplit(url).path
        if not url.startswith(live.url) or path.endswith(FILES) or path.startswith("/admin/"):
            continue
        try:
            match = resolve(path)
        except Resolver404:
            pytest.fail(f"{page.url} leads to {path}, which is no page")
        pages.append((match.view_name, url))
    return pages


def opens(page: Page, url: str) -> bool:
    """Open a page; tell whether there is one to look at, which a file to save is not."""
    try:
        response = page.goto(url)
    except PlaywrightError as error:
        assert "Download is starting" in str(error), url
        return False
    assert response is not None
    assert response.status == 200, url
    return True


def fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert seen[0] <= seen[1], f"{page.url} is {seen[0]} px wide on a {width} px screen"
    english = ENGLISH.findall(KNOWN_WORDS.sub("", page.inner_text("body")))
    assert english == [], page.url


@SCRIPTS
@pytest.mark.parametrize("role", [VISITOR, *Role], ids=["visitor", *Role])
def test_every_page_that_somebody_is_led_to(page: Page, live: Live, role: str) -> None:
    row = prepared(live, role)
    if role:
        signed_in(page, live, person(row, role))
    waiting, seen = deque([("start", f"{live.url}/beranda/" if role else f"{live.url}/")]), {"start"}
    while waiting:
        _, url = waiting.popleft()
        if not opens(page, url):
            continue
        fits(page)
        for name, target in routes_led_to(page, live):
            if name not in seen:
                seen.add(name)
                waiting.append((name, target))
    assert len(seen) >= FEWEST.get(role, FEWEST_OF_OTHERS), sorted(seen)
