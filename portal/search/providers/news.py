"""Published news, which everybody may read."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from accounts.models import User
from news.models import Post

from ..query import Query, contains, excerpt, marked
from ..registry import Hit, Provider


def find(user: User, query: Query) -> QuerySet[Post]:
    return Post.objects.published().filter(contains(query, "title", "summary", "body", "unit__name"))


def show(user: User, query: Query, rows: Iterable[Post]) -> list[Hit]:
    return [_hit(query, post) for post in rows]


def _hit(query: Query, post: Post) -> Hit:
    day = date_format(localtime(post.published_at), "j F Y") if post.published_at else ""
    about = format_html("{} · {}", marked(query, post.unit.name), day)
    return Hit(marked(query, post.title), post.get_absolute_url(), about, excerpt(query, post.summary))


PROVIDER = Provider("berita", "Berita", "megaphone", 50, find, show)
