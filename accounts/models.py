"""Who uses the portal and for which unit: users, the tree of units, memberships with a role."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models, transaction
from django.db.models.functions import Collate, Concat, Lower, Substr
from django.db.models.signals import post_delete
from django.dispatch import receiver


class Role(models.TextChoices):
    MEMBER = "member", "Anggota tim unit"
    HEAD = "head", "Kepala unit"
    PRELIM = "prelim", "Penilai pendahuluan"
    TPI_MEMBER = "tpi_member", "Anggota TPI"
    TPI_LEAD = "tpi_lead", "Ketua tim TPI"
    TPI_CONTROLLER = "tpi_controller", "Pengendali teknis TPI"
    OBSERVER = "observer", "Pimpinan instansi/pemantau"
    ADMIN = "admin", "Admin"


AREAS_ONLY_FOR_MEMBERS = "Pembatasan area hanya berlaku untuk peran Anggota tim unit."
CYCLE = "Unit tidak boleh berada di bawah dirinya sendiri."
MAX_DEPTH = 9  # steps from a root down; agencies have three or four

# A role in one of these reaches the unit itself and every unit below it in the tree.
TREE_ROLES = frozenset({Role.PRELIM, Role.OBSERVER, Role.ADMIN})
# Says who may be put on a TPI team; which units such a person sees is decided by the team, never by these.
TPI_ROLES = frozenset({Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER})
TEAM_ROLES = frozenset({Role.MEMBER, Role.HEAD})  # of the unit itself

AREAS = {
    "1": "Manajemen Perubahan",
    "2": "Penataan Tatalaksana",
    "3": "Penataan Sistem Manajemen SDM Aparatur",
    "4": "Penguatan Akuntabilitas",
    "5": "Penguatan Pengawasan",
    "6": "Peningkatan Kualitas Pelayanan Publik",
}
AREA_KEYS = tuple(AREAS)


class UserManager(DjangoUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractUser):
    """A person who signs in. Never deleted while history names them: deactivate instead."""

    # ASCII only: SQLite folds case for nothing else, and look-alike letters cannot pass for another account.
    username = models.CharField(
        "nama pengguna",
        max_length=150,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        help_text="Huruf, angka, dan tanda @ . + - _ saja; besar dan kecil huruf tidak dibedakan.",
        error_messages={"unique": "Nama pengguna ini sudah dipakai."},
    )
    # The whole name in one field: many Indonesian names have no family name to split off.
    first_name = models.CharField("nama", max_length=150, blank=True)
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("surel", blank=True)
    # Kept beside the rows so that the bell on every page costs no query.
    unread_notifications = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_user_per_username",
                violation_error_message="Nama pengguna ini sudah dipakai.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_user_per_email",
                violation_error_message="Surel ini sudah dipakai pengguna lain.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save what somebody changed; the count of the bell belongs to the notifications alone.

        A person read before and written back whole would bring an old count with them.
        """
        if self.pk and not self._state.adding and not args and kwargs.get("update_fields") is None:
            deferred = self.get_deferred_fields()
            names = {field.attname: field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = [n for a, n in names.items() if a not in deferred and n != "unread_notifications"]
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.first_name.strip()

    def clean(self) -> None:
        super().clean()
        problems = {"username": self.username_problem(), "email": self.email_problem()}
        if any(problems.values()):
            raise ValidationError({field: text for field, text in problems.items() if text})

    def username_problem(self) -> str:
        """Say who else answers to this username; sign-in takes usernames and addresses, so they share one space."""
        others = User.objects.exclude(pk=self.pk)
        if others.filter(username__iexact=self.username).exists():
            return "Nama pengguna ini sudah dipakai."
        return "Nama pengguna ini adalah surel pengguna lain." if others.filter(email__iexact=self.username) else ""

    def email_problem(self) -> str:
        """Say who else answers to this e-mail address."""
        others = User.objects.exclude(pk=self.pk)
        if not self.email:
            return ""
        if others.filter(email__iexact=self.email).exists():
            return "Surel ini sudah dipakai pengguna lain."
        return "Surel ini adalah nama pengguna orang lain." if others.filter(username__iexact=self.email) else ""


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: User) -> "UnitQuerySet":
        """Return the units `user` may know exist: own ones, those below for tree roles, else nothing."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(models.Exists(Membership.objects.filter(user=user).reaching()))

    def active(self) -> "UnitQuerySet":
        return self.filter(is_active=True)

    def below(self, unit: "Unit") -> "UnitQuerySet":
        """Return `unit` and all units under it."""
        return self.filter(path__startswith=unit.path)

    def in_tree_order(self) -> "UnitQuerySet":
        """Put every unit right after its parent and its parent's earlier children."""
        return self.order_by(bytewise("path"))

    def lock_tree(self) -> None:
        """Make writers of the tree queue up; call inside a transaction before reading paths."""
        list(self.model.objects.filter(parent=None).order_by("pk").select_for_update().values_list("pk"))


def path_step(pk: int) -> str:
    """Return a unit's own part of its path, as wide as any other's: siblings then sort by their ids."""
    return f"{pk:08d}"


def bytewise(field: str) -> Collate:
    """Order by bytes: PostgreSQL's usual collations ignore the slashes of a path."""
    return Collate(field, "C" if connection.vendor == "postgresql" else "BINARY")


class Unit(models.Model):
    """A unit kerja in the agency's tree. Deactivated, never deleted, once something refers to it."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "Instansi"
        UPPER = "upper", "Unit atasan (eselon I/provinsi)"
        UNIT = "unit", "Unit kerja/satuan kerja"

    class Affirmative(models.TextChoices):
        """Kinds of unit that PermenPANRB 5/2024 lets a local government propose early."""

        NONE = "", "Bukan unit afirmasi"
        HOSPITAL = "hospital", "Rumah sakit umum daerah"
        CIVIL_REGISTRY = "civil_registry", "Dinas kependudukan dan catatan sipil"
        SAMSAT = "samsat", "Penyelenggara Samsat"
        ONE_STOP = "one_stop", "Pelayanan terpadu satu pintu"
        EDUCATION = "education", "Pelayanan pendidikan"
        MANPOWER = "manpower", "Pelayanan ketenagakerjaan"

    code = models.CharField(
        "kode",
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[A-Z0-9][A-Z0-9._-]*\Z",
                "Kode hanya boleh berisi huruf besar, angka, titik, garis bawah, dan tanda hubung.",
            )
        ],
    )
    name = models.CharField("nama", max_length=200)
    kind = models.CharField("jenis", max_length=10, choices=Kind, default=Kind.UNIT)
    affirmative = models.CharField(
        "unit afirmasi", max_length=20, choices=Affirmative, default=Affirmative.NONE, blank=True
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="unit atasan"
    )
    is_active = models.BooleanField("aktif", default=True)
    # "/00000003/00000017/": ids from the root down, so that "below" is one prefix match.
    path = models.CharField(max_length=200, editable=False, default="", db_index=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "unit kerja"
        verbose_name_plural = "unit kerja"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the unit and keep the paths of everything under it right; raise ValidationError on a cycle."""
        with transaction.atomic():
            Unit.objects.lock_tree()
            parent_path = self._current_parent_path()
            super().save(*args, **kwargs)
            path = f"{parent_path}{path_step(self.pk)}/"
            if path == self.path:
                return
            old, self.path = self.path, path
            Unit.objects.filter(pk=self.pk).update(path=path)
            if old:
                Unit.objects.filter(path__startswith=old).update(
                    path=Concat(models.Value(path), Substr("path", len(old) + 1))
                )

    @property
    def depth(self) -> int:
        """Return how many units stand above this one."""
        return max(self.path.count("/") - 2, 0)

    def clean(self) -> None:
        if self.parent is None:
            return
        if self.pk and self.path and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": CYCLE})
        if self.parent.depth + 1 + self._height() > MAX_DEPTH:
            raise ValidationError({"parent": f"Pohon unit paling banyak {MAX_DEPTH + 1} tingkat."})

    def _current_parent_path(self) -> str:
        """Read the parent's path afresh: the instance at hand may be older than a move."""
        if self.parent_id is None:
            return "/"
        path = Unit.objects.values_list("path", flat=True).get(pk=self.parent_id)
        if self.pk and f"/{path_step(self.pk)}/" in path:
            raise ValidationError({"parent": CYCLE})
        return path

    def _height(self) -> int:
        if not self.path:
            return 0
        return max((unit.depth for unit in Unit.objects.below(self).only("path")), default=self.depth) - self.depth


def validate_areas(value: object) -> None:
    if not isinstance(value, list) or any(key not in AREA_KEYS for key in value):
        raise ValidationError("Area harus berupa daftar angka 1 sampai 6.")


def areas_fit(role: str, areas: object) -> bool:
    """Say whether `role` may be limited to `areas`: only a unit's team members are."""
    return not areas or role == Role.MEMBER


class MembershipQuerySet(models.QuerySet["Membership"]):
    def reaching(self, unit: str = "") -> "MembershipQuerySet":
        """Return the memberships that reach the outer query's unit, for use in `Exists`; TPI's reach none.

        `unit` is the outer row's way to its unit, such as "document__unit"; "" where the row is the unit.
        """
        here = models.Q(unit=models.OuterRef(unit or "pk"))
        below = models.Q(role__in=TREE_ROLES, outer_path__startswith=models.F("unit__path"))
        path = models.OuterRef(f"{unit}__path" if unit else "path")
        outer = models.ExpressionWrapper(path, output_field=models.CharField())
        return self.alias(outer_path=outer).exclude(role__in=TPI_ROLES).filter(here | below)


class Membership(models.Model):
    """A role that a user has in a unit; `areas` limits a team member to some of the six areas."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="pengguna")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="unit kerja")
    role = models.CharField("peran", max_length=20, choices=Role)
    areas = models.JSONField(
        "area", default=list, blank=True, validators=[validate_areas], help_text="Kosong berarti semua area."
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "keanggotaan"
        verbose_name_plural = "keanggotaan"
        ordering = ["unit__code", "role", "user__username"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                name="one_membership_per_role",
                violation_error_message="Pengguna ini sudah mempunyai peran tersebut di unit ini.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the membership; a unit or role that it leaves is kept on record."""
        with transaction.atomic():
            old = Membership.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            if old and (old.user_id, old.unit_id, old.role) != (self.user_id, self.unit_id, self.role):
                PastMembership.objects.create(user_id=old.user_id, unit_id=old.unit_id, role=old.role)

    def clean(self) -> None:
        if not areas_fit(self.role, self.areas):
            raise ValidationError({"areas": AREAS_ONLY_FOR_MEMBERS})

    @property
    def area_names(self) -> list[str]:
        """Return the names of the areas this role is limited to; empty means all."""
        return [AREAS[key] for key in self.areas if key in AREAS]


class PastMembership(models.Model):
    """A role that somebody had in a unit: who was part of it may not judge it later."""

    user = models.ForeignKey(User, models.PROTECT, related_name="past_memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="past_memberships")
    role = models.CharField("peran", max_length=20, choices=Role)
    until = models.DateTimeField("sampai", auto_now_add=True)

    class Meta:
        verbose_name = "keanggotaan lama"
        verbose_name_plural = "keanggotaan lama"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.user_id} · {self.unit_id} · {self.role}"


@receiver(post_delete, sender=Membership)
def _remember(instance: Membership, **kwargs: Any) -> None:
    """Keep what a deleted membership said, however it was deleted."""
    PastMembership.objects.create(user_id=instance.user_id, unit_id=instance.unit_id, role=instance.role)


from .letterheads.models import Letterhead, Logo  # noqa: E402, F401  Django finds models here
from .notifications.models import Mail, Notification, Preference  # noqa: E402, F401  Django finds models here
