"""This app's routes as the sweep over every route knows them, and the rows that their addresses name."""

from assessment.models import Assessment
from news.models import Post, PublicEvent, PublishedScore, UnitProfile
from news.tests.factories import made_picture, post

PUBLIC = {
    "news:landing", "news:folder", "news:units", "news:posts", "news:rss", "news:atom", "news:sitemap", "news:robots",
}  # fmt: skip
# Public for what there is; `test_public` asks for each that nothing else is.
PUBLIC_ROWS = {"news:place", "news:unit", "news:post", "news:picture"}
OWN = {"news:desk"}
# The right of `PublicMay` that each needs; states of the assessment do not matter to any.
WRITES = {
    "news:post-create": "write", "news:post-save": "write", "news:post-step": "write", "news:details-save": "write",
    "news:score-publish": "administer", "news:score-withdraw": "administer",
}  # fmt: skip
READS = {
    "news:post-new": "write", "news:post-edit": "write", "news:post-picture": "write", "news:details": "write",
}  # fmt: skip
VALUES = {"place": "A.I.1.i.a", "slug": "tidak-ada", "size": "w400"}
ROW_KEYS = {"post", "picture"}
SPECIAL = {"news:post-step": {"step": "ajukan"}}


def rows_of(assessment: Assessment) -> dict[str, object]:
    """Return a draft of the assessment's unit, made if there is none, and its picture."""
    found = Post.objects.filter(unit=assessment.unit).first()
    found = found or post(assessment.unit, state="draft", picture=made_picture())
    return {"post": found.pk, "picture": found.picture_id}


def stored() -> list[object]:
    """Return all of this app that a refused write must leave as it was."""
    return [
        sorted(Post.objects.values_list("pk", "version", "state")), PublicEvent.objects.count(),
        sorted(UnitProfile.objects.values_list("pk", "version")), PublishedScore.objects.count(),
    ]  # fmt: skip
