import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal

from accounts.groups import ADMIN_GROUP, is_own

pytestmark = pytest.mark.django_db


def own_permissions():
    labels = [app.label for app in apps.get_app_configs() if is_own(app)]
    return set(Permission.objects.filter(content_type__app_label__in=labels))


def test_own_apps_are_those_of_the_project():
    assert is_own(apps.get_app_config("accounts")) and is_own(apps.get_app_config("assessment"))
    assert not any(is_own(apps.get_app_config(label)) for label in ("auth", "admin", "axes", "sessions"))


def test_group_holds_every_permission_on_own_models_and_no_other():
    held = set(Group.objects.get(name=ADMIN_GROUP).permissions.all())
    assert held == own_permissions()
    assert {"add_unit", "change_user", "delete_membership"} <= {permission.codename for permission in held}
    assert {permission.content_type.app_label for permission in held} >= {"accounts", "assessment"}


def test_migrating_again_puts_back_what_is_missing_and_keeps_what_was_added():
    group = Group.objects.get(name=ADMIN_GROUP)
    extra = Permission.objects.get(codename="view_group")
    group.permissions.remove(Permission.objects.get(codename="change_unit"))
    group.permissions.add(extra)
    for _ in range(2):
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert set(group.permissions.all()) == own_permissions() | {extra}
    assert Group.objects.filter(name=ADMIN_GROUP).count() == 1
