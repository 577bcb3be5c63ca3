"""Notifications, what each person wants of them, and the e-mails waiting to be sent."""

from django.conf import settings
from django.db import models


class Kind(models.TextChoices):
    TRANSITION = "transition", "Perubahan status"
    RETURN = "return", "Pengembalian"
    FINDING = "finding", "Catatan dan tindak lanjut"
    ASSIGNMENT = "assignment", "Penugasan"
    DEADLINE = "deadline", "Tenggat"
    MENTION = "mention", "Diskusi unit"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(in_portal=True, read_at=None)


class Notification(models.Model):
    """Something that one person was told."""

    Kind = Kind

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    kind = models.CharField("jenis", max_length=10, choices=Kind)
    subject = models.CharField("perihal", max_length=150)
    text = models.TextField("isi", max_length=1000, blank=True, default="")
    url = models.CharField("alamat", max_length=300, blank=True, default="")  # a path of the portal
    key = models.CharField(max_length=120, blank=True, default="")  # the same person is told a key once
    in_portal = models.BooleanField(default=True)  # False: by e-mail alone
    at = models.DateTimeField("waktu")
    read_at = models.DateTimeField("dibaca", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "pemberitahuan"
        verbose_name_plural = "pemberitahuan"
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"], condition=~models.Q(key=""), name="one_notification_per_key"
            )
        ]
        indexes = [models.Index(fields=["recipient", "-at"], name="notifications_of_a_person")]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """What one person wants of one kind; without a row, both."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices")
    kind = models.CharField("jenis", max_length=10, choices=Kind)
    portal = models.BooleanField("di portal", default=True)
    email = models.BooleanField("lewat surel", default=True)

    class Meta:
        verbose_name = "pilihan pemberitahuan"
        verbose_name_plural = "pilihan pemberitahuan"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_person_and_kind")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class MailQuerySet(models.QuerySet["Mail"]):
    def unsent(self) -> "MailQuerySet":
        return self.filter(sent_at=None, given_up_at=None)


class Mail(models.Model):
    """An e-mail that was promised in a transaction and goes out after it, again and again until it is taken."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="mails")
    to = models.EmailField("kepada")
    subject = models.CharField("perihal", max_length=200)
    body = models.TextField("isi")
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    # Also what keeps two senders apart: whoever moves it forward has the mail.
    next_try_at = models.DateTimeField("dicoba lagi")
    sent_at = models.DateTimeField("terkirim", null=True, blank=True)
    given_up_at = models.DateTimeField("dihentikan", null=True, blank=True)
    last_error = models.CharField("galat terakhir", max_length=300, blank=True, default="")

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "surel keluar"
        verbose_name_plural = "surel keluar"
        default_permissions = ("view",)
        ordering = ["next_try_at"]
        indexes = [models.Index(fields=["sent_at", "next_try_at"], name="mails_to_send")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
