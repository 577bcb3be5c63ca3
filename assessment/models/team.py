"""Who assesses which unit for the inspectorate (TPI): what makes an assessment visible to a reviewer."""

from django.db import models

from accounts.models import Role, User

from .answer import Assessment
from .period import Period


class Team(models.Model):
    """A TPI team of one period."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="teams", verbose_name="periode")
    name = models.CharField("nama tim", max_length=100)

    class Meta:
        verbose_name = "tim TPI"
        verbose_name_plural = "tim TPI"
        ordering = ["period", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "name"],
                name="one_team_per_name_and_period",
                violation_error_message="Sudah ada tim dengan nama ini pada periode tersebut.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person on a team, with one role."""

    class Part(models.TextChoices):
        MEMBER = Role.TPI_MEMBER.value, "Anggota"
        LEAD = Role.TPI_LEAD.value, "Ketua tim"
        CONTROLLER = Role.TPI_CONTROLLER.value, "Pengendali teknis"

    team = models.ForeignKey(Team, models.CASCADE, related_name="members", verbose_name="tim")
    user = models.ForeignKey(User, models.PROTECT, related_name="team_members", verbose_name="pengguna")
    role = models.CharField("peran", max_length=20, choices=Part)

    class Meta:
        verbose_name = "anggota tim TPI"
        verbose_name_plural = "anggota tim TPI"
        ordering = ["team", "role", "user__username"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_part_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.team} · {self.user} · {self.get_role_display()}"


class Assignment(models.Model):
    """The team that assesses a unit."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="assignment", verbose_name="penilaian")
    team = models.ForeignKey(Team, models.PROTECT, related_name="assignments", verbose_name="tim")
    due_on = models.DateField("tenggat", null=True, blank=True)
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        verbose_name = "penugasan"
        verbose_name_plural = "penugasan"

    def __str__(self) -> str:
        return f"{self.team} → {self.assessment_id}"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def blocking(self) -> "ConflictQuerySet":
        """Return those that keep a person away: not decided yet, or found to hold."""
        return self.exclude(state=Conflict.State.DISMISSED)


class Conflict(models.Model):
    """A reviewer's declared conflict of interest about one unit: away from it until somebody decides otherwise."""

    class State(models.TextChoices):
        OPEN = "open", "Menunggu keputusan"
        UPHELD = "upheld", "Diterima: tidak menilai unit ini"
        DISMISSED = "dismissed", "Tidak terbukti: tetap menilai"

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="conflicts", verbose_name="penilaian")
    user = models.ForeignKey(User, models.PROTECT, related_name="conflicts", verbose_name="penilai")
    reason = models.TextField("alasan", max_length=2000)
    declared_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField("pertimbangan", max_length=2000, blank=True, default="")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = "benturan kepentingan"
        verbose_name_plural = "benturan kepentingan"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "user"],
                condition=models.Q(state="open"),
                name="one_open_conflict_per_person_and_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.assessment_id}: {self.state}"
