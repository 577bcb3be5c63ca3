"""What people of a unit say to each other about a criterion. Nobody outside the unit ever reads it."""

import uuid

from django.db import models

from accounts.models import User
from assessment.models import Assessment, Criterion
from assessment.models.history import FixedModel

TEXT_LENGTH = 2000


class Message(FixedModel):
    """One message; written once. `mentions` are the usernames of the colleagues who were named and told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="messages")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField("pesan", max_length=TEXT_LENGTH)
    mentions = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "pesan diskusi"
        verbose_name_plural = "pesan diskusi"
        default_permissions = ()  # the administration shows none either
        indexes = [models.Index(fields=["assessment", "criterion", "at"], name="messages_of_a_criterion")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id} #{self.pk}"


class Withdrawal(FixedModel):
    """That a message was taken back by who wrote it: its text is shown no more, that there was one stays."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "penarikan pesan"
        verbose_name_plural = "penarikan pesan"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.message_id)
