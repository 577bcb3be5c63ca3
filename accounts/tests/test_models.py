import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import MAX_DEPTH, Role, Unit, User

from .factories import MembershipFactory, UnitFactory, UserFactory, member

pytestmark = pytest.mark.django_db


def test_path_names_every_unit_from_the_root_down():
    root = UnitFactory()
    child = UnitFactory(parent=root)
    assert root.path == f"/{root.pk:08d}/"
    assert child.path == f"/{root.pk:08d}/{child.pk:08d}/"
    assert (root.depth, child.depth) == (0, 1)


def test_moving_a_unit_moves_all_below_and_nothing_else():
    old, new = UnitFactory(), UnitFactory()
    branch = UnitFactory(parent=old)
    leaf = UnitFactory(parent=UnitFactory(parent=branch))
    stays = UnitFactory(parent=old)

    branch.parent = new
    branch.save()

    leaf.refresh_from_db()
    stays.refresh_from_db()
    assert leaf.path == f"/{new.pk:08d}/{branch.pk:08d}/{leaf.parent_id:08d}/{leaf.pk:08d}/"
    assert stays.path == f"/{old.pk:08d}/{stays.pk:08d}/"
    assert set(Unit.objects.below(new)) == {new, branch, leaf.parent, leaf}


def test_a_parent_moved_meanwhile_is_read_afresh():
    top, middle = UnitFactory(), UnitFactory()
    stale = Unit.objects.get(pk=middle.pk)
    middle.parent = top
    middle.save()
    assert UnitFactory(parent=stale).path.startswith(f"/{top.pk:08d}/{middle.pk:08d}/")


def test_unit_under_itself_is_refused_on_clean_and_on_save():
    root = UnitFactory()
    leaf = UnitFactory(parent=UnitFactory(parent=root))
    root.parent = leaf
    with pytest.raises(ValidationError) as refused:
        root.full_clean()
    assert refused.value.message_dict == {"parent": ["Unit tidak boleh berada di bawah dirinya sendiri."]}
    with pytest.raises(ValidationError):
        root.save()
    root.refresh_from_db()
    assert (root.parent, root.path) == (None, f"/{root.pk:08d}/")


def test_tree_may_be_ten_levels_deep_and_no_deeper():
    unit = None
    for _ in range(MAX_DEPTH + 1):
        unit = Unit(code=f"D-{Unit.objects.count()}", name="Unit", parent=unit)
        unit.full_clean()
        unit.save()
    with pytest.raises(ValidationError, match="paling banyak 10 tingkat"):
        Unit(code="D-X", name="Unit", parent=unit).full_clean()
    root = UnitFactory()
    deep = Unit.objects.get(path__startswith=f"/{Unit.objects.get(code='D-0').pk:08d}/", parent=None)
    deep.parent = root
    with pytest.raises(ValidationError, match="paling banyak 10 tingkat"):
        deep.full_clean()


def test_tree_order_puts_children_under_their_parent():
    first = UnitFactory()
    others = UnitFactory.create_batch(12)
    child = UnitFactory(parent=first)
    assert list(Unit.objects.in_tree_order())[:2] == [first, child]
    assert set(Unit.objects.in_tree_order()[2:]) == set(others)


@pytest.mark.parametrize("code", ["", "kecil", "A B", "-A", "A/B", "A\n"])
def test_bad_code_is_refused(code):
    with pytest.raises(ValidationError):
        Unit(code=code, name="Unit").full_clean()


@pytest.mark.parametrize(
    ("taken", "given", "field"),
    [
        ({"username": "adi"}, {"username": "ADI"}, "username"),
        ({"username": "adi", "email": "a@contoh.go.id"}, {"username": "budi", "email": "A@contoh.go.id"}, "email"),
        ({"username": "adi", "email": "a@contoh.go.id"}, {"username": "A@contoh.go.id"}, "username"),
        ({"username": "a@contoh.go.id", "email": ""}, {"username": "budi", "email": "A@contoh.go.id"}, "email"),
    ],
)
def test_two_people_never_answer_to_one_name(taken, given, field):
    UserFactory(**taken)
    user = User(password="!", **given)
    with pytest.raises(ValidationError) as refused:
        user.full_clean()
    assert set(refused.value.message_dict) == {field}


@pytest.mark.parametrize("given", [{"username": "ADI"}, {"username": "budi", "email": "A@contoh.go.id"}])
def test_database_itself_tells_no_case_apart(given):
    UserFactory(username="adi", email="a@contoh.go.id")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(**given)


def test_many_users_may_have_no_address():
    UserFactory.create_batch(2, email="")
    assert User.objects.filter(email="").count() == 2


def test_username_is_ascii():
    with pytest.raises(ValidationError):
        User(username="аdi", password="!").full_clean()


def test_natural_key_tells_no_case_apart():
    user = UserFactory(username="adi")
    assert User.objects.get_by_natural_key("ADI") == user


def test_user_and_unit_with_a_membership_are_protected():
    membership = MembershipFactory()
    for row in (membership.user, membership.unit):
        with pytest.raises(ProtectedError):
            row.delete()
    parent = UnitFactory()
    UnitFactory(parent=parent)
    with pytest.raises(ProtectedError):
        parent.delete()


@pytest.mark.parametrize("areas", ["1", ["7"], [1], {"1": 1}])
def test_areas_are_a_list_of_known_keys(areas):
    membership = MembershipFactory.build(user=UserFactory(), unit=UnitFactory(), areas=areas)
    with pytest.raises(ValidationError):
        membership.full_clean()


@pytest.mark.parametrize("role", Role)
def test_only_team_members_are_limited_to_areas(role):
    membership = MembershipFactory.build(user=UserFactory(), unit=UnitFactory(), role=role, areas=["1"])
    if role == Role.MEMBER:
        membership.full_clean()
        assert membership.area_names == ["Manajemen Perubahan"]
    else:
        with pytest.raises(ValidationError):
            membership.full_clean()


def test_member_has_exactly_the_role_asked_for():
    unit = UnitFactory()
    user = member(unit, Role.MEMBER, areas=("2",))
    found = user.memberships.get()
    assert (found.unit, found.role, found.areas) == (unit, Role.MEMBER, ["2"])


def test_tree_order_keeps_siblings_in_the_order_they_were_made():
    root = UnitFactory()
    children = [UnitFactory(parent=root) for _ in range(12)]
    assert list(Unit.objects.below(root).in_tree_order()) == [root, *children]
