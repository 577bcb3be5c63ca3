"""Berita: what units write and what the public reads of it."""

import uuid
from datetime import datetime

from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import AREAS, Unit, User

BODY_LIMIT = 20_000
SUMMARY_LIMIT = 300


class Picture(models.Model):
    """A picture that was drawn anew from what somebody uploaded; nothing else of the upload is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    width = models.PositiveIntegerField()  # of the largest size
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "gambar"
        verbose_name_plural = "gambar"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.pk)


class PictureSize(models.Model):
    """One size of a picture: WebP for pages, one JPEG for those who share the address."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="sizes")
    name = models.CharField(max_length=10)  # "w480", "w960", "w1600", "bagikan"
    width = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = "ukuran gambar"
        verbose_name_plural = "ukuran gambar"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["picture", "name"], name="one_picture_per_size")]

    def __str__(self) -> str:
        return f"{self.picture_id}/{self.name}"


class PostState(models.TextChoices):
    DRAFT = "draft", "Draf"
    READY = "ready", "Menunggu penerbitan"
    PUBLISHED = "published", "Terbit"
    DISCARDED = "discarded", "Dibuang"


class PostQuerySet(models.QuerySet["Post"]):
    def published(self, now: datetime | None = None) -> "PostQuerySet":
        """Return what the public may read now, with what a list shows: never a draft, nothing before its time."""
        rows = self.filter(state=PostState.PUBLISHED, published_at__lte=now or timezone.now(), unit__is_active=True)
        return rows.select_related("unit", "picture").order_by("-published_at", "-pk")

    def search(self, text: str) -> "PostQuerySet":
        """Return the posts in whose title, summary or text every word of `text` occurs."""
        rows = self
        for word in text.split()[:10]:
            found = models.Q(title__icontains=word) | models.Q(summary__icontains=word) | models.Q(body__icontains=word)
            rows = rows.filter(found)
        return rows


class Post(models.Model):
    """One piece of news. `version` grows with every change; `body` is Markdown and drawn only by `news.markdown`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="unit kerja")
    slug = models.SlugField("alamat", max_length=100, unique=True)
    title = models.CharField("judul", max_length=160)
    summary = models.CharField("ringkasan", max_length=SUMMARY_LIMIT)
    body = models.TextField("isi", validators=[MaxLengthValidator(BODY_LIMIT)])
    area = models.CharField("area", max_length=1, choices=list(AREAS.items()), blank=True, default="")
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="posts")
    picture_alt = models.CharField("teks alternatif", max_length=200, blank=True, default="")
    state = models.CharField("status", max_length=10, choices=PostState, default=PostState.DRAFT, editable=False)
    published_at = models.DateTimeField("terbit", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "berita"
        verbose_name_plural = "berita"
        default_permissions = ("view",)  # written by services alone
        ordering = ["-changed_at"]
        indexes = [
            models.Index(fields=["state", "-published_at"], name="published_posts"),
            models.Index(fields=["unit", "state"], name="posts_of_a_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=PostState.PUBLISHED) | models.Q(published_at__isnull=False),
                name="a_published_post_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(picture=None) | ~models.Q(picture_alt=""), name="a_picture_has_a_text"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:post", args=[self.slug])

    @property
    def is_public(self) -> bool:
        at = self.published_at if self.state == PostState.PUBLISHED else None
        return at is not None and at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.state == PostState.PUBLISHED and not self.is_public
