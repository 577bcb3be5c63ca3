"""The admin pages of this app, where Django looks for them."""

from django.contrib import admin as django_admin
from django_tasks_db.models import DBTaskResult

from .portalrb import admin

__all__ = ["admin"]

# Their rows say nothing that a job does not say better, and their page is in English.
django_admin.site.unregister(DBTaskResult)
