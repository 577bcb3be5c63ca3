"""One builder per model, and `member` for a person with a role."""

from collections.abc import Sequence

import factory

from accounts.models import Membership, Role, Unit, User

PASSWORD = "kunci-Uji-4711"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("pengguna{}".format)
    first_name = factory.Sequence("Pengguna {}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@contoh.go.id")

    @factory.post_generation
    def password(self: User, create: bool, given: str | None, **kwargs: object) -> None:
        """Hash only when a test signs in through the form: hashing is slow."""
        if given:
            self.set_password(given)
        else:
            self.set_unusable_password()
        if create:
            self.save(update_fields=["password"])


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence("U-{:03}".format)
    name = factory.Sequence("Unit {}".format)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    role = Role.MEMBER


def member(unit: Unit, role: Role = Role.MEMBER, areas: Sequence[str] = ()) -> User:
    """Return a new user with this role in the unit."""
    return MembershipFactory(unit=unit, role=role, areas=list(areas)).user
