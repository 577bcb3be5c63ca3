"""Help: subjects of the guides and terms of the glossary, open to everybody who is signed in."""

from collections.abc import Iterable
from html import unescape

from django.urls import reverse

from accounts.models import User

from ...help.glossary import TERMS, Term
from ...help.guides import TOPICS, Topic
from ...help.reading import exists, guides_with, text_of
from ..query import Query, best_first, excerpt, marked
from ..registry import Hit, Link, Provider


def find(user: User, query: Query) -> list[Topic | Term]:
    topics = [topic for topic in TOPICS.values() if exists(topic)]
    entries: list[Topic | Term] = [*topics, *TERMS.values()]
    named = [(_name_of(entry), _text_of(entry)) for entry in entries]
    return [entries[place] for place in best_first(query, named)]


def _name_of(entry: Topic | Term) -> str:
    return entry.title if isinstance(entry, Topic) else f"{entry.name} {entry.full}"


def _text_of(entry: Topic | Term) -> str:
    return unescape(text_of(entry.slug)) if isinstance(entry, Topic) else entry.words


def show(user: User, query: Query, rows: Iterable[Topic | Term]) -> list[Hit]:
    return [_of_topic(query, row) if isinstance(row, Topic) else _of_term(query, row) for row in rows]


def _of_topic(query: Query, topic: Topic) -> Hit:
    links = tuple(
        Link(guide.title, reverse("portal:guide", args=[guide.slug]) + f"#{topic.slug}")
        for guide in guides_with(topic.slug)
    )
    return Hit(marked(query, topic.title), links[0].url, "Panduan", excerpt(query, _text_of(topic)), links)


def _of_term(query: Query, term: Term) -> Hit:
    text = "\n".join((term.short, *term.text))
    url = reverse("portal:glossary") + f"#{term.slug}"
    return Hit(marked(query, term.name), url, marked(query, f"Istilah {term.full}".strip()), excerpt(query, text))


PROVIDER = Provider("bantuan", "Bantuan", "question-circle", 90, find, show)
