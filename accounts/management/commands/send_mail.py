"""Send the e-mails that are waiting."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.notifications.models import Mail
from accounts.notifications.sending import prune, send_due


class Command(BaseCommand):
    help = (
        "Send the e-mails that are due; for cron, every few minutes. Two runs at once send each mail once. "
        "Mails that were sent or given up more than 90 days ago are cleared away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_due()
        prune()
        waiting = Mail.objects.unsent().count()
        self.stdout.write(f"{sent} sent, {waiting} waiting.")
