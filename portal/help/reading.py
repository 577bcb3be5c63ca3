"""Which topics exist here, and what they say in plain text, for the search."""

from functools import cache

from django.template.loader import render_to_string
from django.urls import get_resolver
from django.utils.html import strip_tags

from .guides import GUIDES, TOPICS, Guide, Topic


def has_route(name: str) -> bool:
    """Tell whether the installation has a route, such as "reports:jobs"."""
    namespace, _, route = name.partition(":")
    found = get_resolver().namespace_dict.get(namespace)
    return found is not None and route in found[1].reverse_dict


def topics_of(guide: Guide) -> list[Topic]:
    return [TOPICS[slug] for slug in guide.topics if exists(TOPICS[slug])]


def exists(topic: Topic) -> bool:
    return not topic.needs or has_route(topic.needs)


@cache
def text_of(slug: str) -> str:
    """Return a topic's text without its markup; the texts change only with the program."""
    lines = strip_tags(render_to_string(TOPICS[slug].template)).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def guides_with(slug: str) -> list[Guide]:
    """Return the guides that have a topic."""
    return [guide for guide in GUIDES.values() if slug in guide.topics]
