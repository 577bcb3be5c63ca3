from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("news.urls")),
    path("", include("assessment.urls")),
    path("", include("accounts.urls")),
    path("", include("evidence.urls")),
    path("", include("review.urls")),
    path("", include("planning.urls")),
    path("", include("reports.urls")),
    path("", include("dashboards.urls")),
    path("", include("portal.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    from .styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
