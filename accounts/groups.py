"""The group "Admin portal": who belongs to it may manage the portal's own data in the admin site."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings

ADMIN_GROUP = "Admin portal"


def is_own(app: AppConfig) -> bool:
    """Say whether `app` is part of this project, not a library (libraries may lie under the project, in .venv)."""
    return Path(app.path).resolve().parent == Path(settings.BASE_DIR).resolve()


def grant_admin_group(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give the group every permission on the models of `sender`; run after each migrate.

    Connected after django.contrib.auth has made the permissions of the same app. What a superuser
    adds to the group from other apps stays.
    """
    from django.contrib.auth.models import Group, Permission

    if not is_own(sender):
        return
    group, _ = Group.objects.using(using).get_or_create(name=ADMIN_GROUP)
    group.permissions.add(*Permission.objects.using(using).filter(content_type__app_label=sender.label))
