"""One piece of long work that somebody asked for."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


class JobQuerySet(models.QuerySet["Job"]):
    def pending(self) -> "JobQuerySet":
        return self.filter(state__in=Job.PENDING)

    def for_list(self) -> "JobQuerySet":
        """Leave out what only the worker needs."""
        return self.defer("params", "scope")


class Job(models.Model):
    """A file to be made in the background for one person, who alone may see it.

    `claim` is the token of the worker that has it: whoever writes as a worker does so only while it is still there.
    `scope` are the stages of each assessment (by id) that the file shows.
    """

    class Kind(models.TextChoices):
        LKE = "lke", "LKE banyak unit"
        EVIDENCE = "evidence", "Bukti dukung"
        RECAP = "recap", "Rekap"

    class State(models.TextChoices):
        QUEUED = "queued", "Menunggu giliran"
        RUNNING = "running", "Sedang disiapkan"
        DONE = "done", "Siap diunduh"
        FAILED = "failed", "Gagal"
        CANCELLED = "cancelled", "Dibatalkan"

    PENDING = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    kind = models.CharField("jenis", max_length=8, choices=Kind)
    state = models.CharField("status", max_length=9, choices=State, default=State.QUEUED)
    title = models.CharField("judul", max_length=250)
    params = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)  # the same for the same request
    asked_at = models.DateTimeField("diminta")
    queued_at = models.DateTimeField()  # again after a worker died
    started_at = models.DateTimeField("dimulai", null=True)
    beat_at = models.DateTimeField(null=True)  # the worker's last sign of life
    finished_at = models.DateTimeField("selesai", null=True)
    task = models.UUIDField(null=True)
    claim = models.CharField(max_length=32, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    step = models.CharField("langkah", max_length=250, blank=True, default="")
    problem = models.CharField("masalah", max_length=500, blank=True, default="")
    remark = models.CharField("keterangan", max_length=500, blank=True, default="")
    scope = models.JSONField(default=dict)
    stored_name = models.CharField(max_length=80, blank=True, default="")
    file_name = models.CharField("nama berkas", max_length=150, blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField("ukuran", default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "unduhan"
        verbose_name_plural = "unduhan"
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "fingerprint"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_pending_job_per_request",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-asked_at"], name="jobs_of_a_person"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=["queued", "running"]), name="jobs_not_finished"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:job", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        return self.state in self.PENDING

    @property
    def percent(self) -> int:
        """How far it is, 0 to 99 while it is not done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
