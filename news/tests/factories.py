"""Builders of posts, pictures and details, through the services that the portal uses."""

import io
from datetime import datetime, timedelta

from django.utils import timezone
from PIL import Image

from accounts.models import Unit, User
from accounts.tests.factories import UnitFactory, UserFactory
from assessment import services
from assessment.models import Assessment, Snapshot
from assessment.tests.factories import filled, opened
from news.models import Post, PostState
from news.pictures import Made, make_sizes
from news.services.posts import PictureChange, Text, create_post, take_step
from review.services.snapshots import make_snapshot


def picture_bytes(width: int = 400, height: int = 300, kind: str = "PNG", **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, kind, **options)
    return made.getvalue()


def made_picture(width: int = 400, height: int = 300) -> Made:
    content = picture_bytes(width, height)
    return make_sizes(io.BytesIO(content), len(content))


def post(
    unit: Unit | None = None,
    *,
    state: str = "published",
    at: datetime | None = None,
    by: User | None = None,
    picture: Made | None = None,
    title: str = "Kabar baik",
    summary: str = "Ringkasan kabar",
    body: str = "Isi kabar",
    area: str = "",
) -> Post:
    """Return a post in a state, as `get_post` loads it; published ones since yesterday unless `at` says otherwise."""
    author = by or UserFactory()
    text = Text(title, summary, body, area, "Sebuah gambar" if picture else "")
    made = create_post(unit=unit or UnitFactory(), text=text, picture=PictureChange(picture), by=author)
    steps = {"draft": [], "ready": ["ajukan"], "published": ["terbitkan"], "discarded": ["buang"]}[state]
    for step in steps:
        take_step(post=made, step=step, seen=made.version, by=author, at=at or timezone.now() - timedelta(days=1))
        made = Post.objects.get(pk=made.pk)
    assert made.state == PostState(state)
    return made


def decided(unit: Unit | None = None, *, year: int = 2026, state: str = "fulfils") -> Assessment:
    """Return an assessment with a decided copy of what the unit answered."""
    assessment = opened(unit, year=year)
    filled(assessment)
    row = services.lock(assessment)
    make_snapshot(row, kind=Snapshot.Kind.DECISION, stage="unit", by=None, at=timezone.now(), extra={})
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    return Assessment.objects.for_page().get(pk=assessment.pk)
