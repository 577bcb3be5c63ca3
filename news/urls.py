from django.urls import path

from .views import details, feeds, public, writing

app_name = "news"
_POSTS = "unit/<unit:code>/berita"
_DETAILS = "unit/<unit:code>/profil-publik"
urlpatterns = [
    path("", public.landing, name="landing"),
    path("folder/", public.folder, name="folder"),
    path("folder/<place:place>/", public.place, name="place"),
    path("unit-kerja/", public.units, name="units"),
    path("unit-kerja/<unit:code>/", public.unit, name="unit"),
    path("berita/", public.posts, name="posts"),
    path("berita/rss.xml", feeds.rss, name="rss"),
    path("berita/atom.xml", feeds.atom, name="atom"),
    path("berita/gambar/<uuid:picture>/<slug:size>/", feeds.picture, name="picture"),
    path("berita/<slug:slug>/", public.post, name="post"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path("redaksi/", writing.desk, name="desk"),
    path(f"{_POSTS}/baru/", writing.post_new, name="post-new"),
    path(f"{_POSTS}/baru/simpan/", writing.post_create, name="post-create"),
    path(f"{_POSTS}/<uuid:post>/", writing.post_edit, name="post-edit"),
    path(f"{_POSTS}/<uuid:post>/simpan/", writing.post_save, name="post-save"),
    path(f"{_POSTS}/<uuid:post>/langkah/<slug:step>/", writing.post_step, name="post-step"),
    path(f"{_POSTS}/<uuid:post>/gambar/<uuid:picture>/<slug:size>/", writing.post_picture, name="post-picture"),
    path(f"{_DETAILS}/", details.details, name="details"),
    path(f"{_DETAILS}/simpan/", details.details_save, name="details-save"),
    path(f"{_DETAILS}/nilai/<year:year>/terbitkan/", details.score_publish, name="score-publish"),
    path(f"{_DETAILS}/nilai/<year:year>/tarik/", details.score_withdraw, name="score-withdraw"),
]
