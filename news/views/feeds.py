"""What programs read: feeds, the sitemap, robots.txt, pictures."""

from io import StringIO
from typing import Any
from uuid import UUID
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from .. import selectors
from ..http import PICTURE_SECONDS, absolute, public
from ..models import Post
from ..pages.posts import LATEST_IN_FEED
from ..pictures import SHARED

MOST_POSTS = 5000
CLOSED = ("/admin/", "/masuk/", "/kata-sandi/", "/penilaian/", "/unit/", "/redaksi/")


@public
def rss(request: HttpRequest) -> HttpResponse:
    return _feed(request, Rss201rev2Feed, "news:rss", "application/rss+xml; charset=utf-8")


@public
def atom(request: HttpRequest) -> HttpResponse:
    return _feed(request, Atom1Feed, "news:atom", "application/atom+xml; charset=utf-8")


def _feed(request: HttpRequest, kind: type[SyndicationFeed], route: str, content_type: str) -> HttpResponse:
    name = selectors.agency_name(selectors.site_settings())
    feed = kind(
        title=f"Berita Zona Integritas {name}".strip(),
        link=absolute(request, reverse("news:posts")),
        description="Kabar pembangunan Zona Integritas.",
        language="id",
        feed_url=absolute(request, reverse(route)),
        author_name=name or "Portal Zona Integritas",
    )
    for post in selectors.posts()[:LATEST_IN_FEED]:
        _add(feed, request, post)
    response = HttpResponse(content_type=content_type)
    feed.write(response, "utf-8")
    return response


def _add(feed: SyndicationFeed, request: HttpRequest, post: Post) -> None:
    link = absolute(request, post.get_absolute_url())
    feed.add_item(
        title=post.title,
        link=link,
        description=post.summary,
        author_name=post.unit.name,
        pubdate=post.published_at,
        updateddate=max(post.published_at or post.changed_at, post.changed_at),
        unique_id=f"urn:uuid:{post.pk}",
        unique_id_is_permalink=False,
        categories=[post.get_area_display()] if post.area else [],
    )


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return every public page's address as a sitemap."""
    made = StringIO()
    xml = SimplerXMLGenerator(made, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}))
    for path, changed in selectors.public_addresses(MOST_POSTS):
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", absolute(request, path))
        if changed:
            xml.addQuickElement("lastmod", changed.isoformat(timespec="seconds"))
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return HttpResponse(made.getvalue(), content_type="application/xml; charset=utf-8")


@public
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {absolute(request, reverse('news:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public
def picture(request: HttpRequest, picture: UUID, size: str) -> HttpResponse:
    """Hand out a picture for as long as a published post shows it."""
    return picture_response(selectors.published_picture(picture, size), f"public, max-age={PICTURE_SECONDS}")


def picture_response(found: Any, caching: str) -> HttpResponse:
    kind = "image/jpeg" if found.name == SHARED else "image/webp"
    response = HttpResponse(bytes(found.content), content_type=kind)
    response["Cache-Control"] = caching
    response["ETag"] = f'"{found.picture_id}-{found.name}"'
    return response
