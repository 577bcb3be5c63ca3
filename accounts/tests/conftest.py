import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from accounts.groups import ADMIN_GROUP
from accounts.models import User

from .factories import UserFactory


@pytest.fixture(autouse=True)
def fast_hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def portal_admin(db: None) -> User:
    """Return a member of the group "Admin portal": staff, not a superuser."""
    user = UserFactory(username="pengelola", is_staff=True)
    user.groups.add(Group.objects.get(name=ADMIN_GROUP))
    return user


@pytest.fixture
def superuser(db: None) -> User:
    return UserFactory(username="kepala", is_staff=True, is_superuser=True)
