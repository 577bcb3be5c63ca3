"""Assessments, their answers by stage, and the scorecards kept beside them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.models import TEAM_ROLES, Membership, PastMembership, Unit, User

from .instrument import Choice, Criterion
from .period import Award, Period, Predicate

NOTE_LIMIT = 5000


class Stage(models.TextChoices):
    UNIT = "unit", "Mandiri"
    PRELIM = "prelim", "Pendahuluan"
    TPI = "tpi", "TPI"
    SECOND = "second", "TPI, penilai kedua"  # a sample scored without seeing the first; never a result of its own
    TPN = "tpn", "TPN"


class State(models.TextChoices):
    """Where an assessment stands; only `draft` and `returned` let the unit write. `review.workflow` has the steps."""

    DRAFT = "draft", "Draf"
    SUBMITTED = "submitted", "Diajukan"
    PRELIM = "prelim", "Penilaian pendahuluan"
    UNFIT = "unfit", "Belum layak dinilai TPI"
    REVIEW = "review", "Penilaian TPI"
    RETURNED = "returned", "Dikembalikan"
    LEAD_CHECK = "lead_check", "Pemeriksaan ketua tim"
    APPROVAL = "approval", "Persetujuan pengendali teknis"
    FULFILS = "fulfils", "Memenuhi"
    NOT_YET = "not_yet", "Belum memenuhi"
    PROPOSED = "proposed", "Diusulkan"
    RESULT = "result", "Hasil TPN"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> "AssessmentQuerySet":
        """Return the rows `user` may know exist.

        Own units, units below for tree roles, units assigned to a TPI team of theirs unless a conflict of interest
        keeps them away or they were of the unit's team once; else nothing.
        """
        from .team import Conflict, TeamMember  # refer to assessments themselves

        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        ours = Membership.objects.filter(user=user).reaching("unit")
        team = TeamMember.objects.filter(user=user, team__assignments__assessment=models.OuterRef("pk"))
        kept_away = Conflict.objects.blocking().filter(user=user, assessment=models.OuterRef("pk"))
        was_there = PastMembership.objects.filter(user=user, unit=models.OuterRef("unit"), role__in=TEAM_ROLES)
        is_free = ~models.Exists(kept_away) & ~models.Exists(was_there)
        return self.filter(models.Exists(ours) | (models.Exists(team) & is_free))

    def search(self, text: str) -> "AssessmentQuerySet":
        """Return the rows whose unit's code or name has `text`, or whose year is `text`."""
        found = models.Q(unit__name__icontains=text) | models.Q(unit__code__icontains=text)
        return self.filter(found | models.Q(period__year=int(text)) if text.isascii() and text.isdigit() else found)

    def for_page(self) -> "AssessmentQuerySet":
        """Load what every page of one assessment needs in the same query."""
        awards = Award.objects.filter(unit=models.OuterRef("unit"), withdrawn_on=None)
        return self.select_related("unit", "period__instrument").annotate(
            held_wbk=models.Exists(awards.filter(predicate=Predicate.WBK)),
            held_wbbm=models.Exists(awards.filter(predicate=Predicate.WBBM)),
        )

    def for_list(self) -> "AssessmentQuerySet":
        """Load all that the list page shows, in two queries."""
        cards = models.Prefetch(
            "scorecards", Scorecard.objects.filter(stage=Stage.UNIT).defer("nodes", "checks"), to_attr="unit_cards"
        )
        return self.select_related("unit", "period").prefetch_related(cards).order_by("-period__year", "unit__code")


class Assessment(models.Model):
    """One unit's self-assessment in one period."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assessments", verbose_name="unit kerja")
    period = models.ForeignKey(Period, models.PROTECT, related_name="assessments", verbose_name="periode")
    target = models.CharField("target predikat", max_length=5, choices=Predicate, default=Predicate.WBK)
    state = models.CharField("status", max_length=12, choices=State, default=State.DRAFT, editable=False)
    # The end of the history's hash chain: also what shows that its last rows were cut off.
    event_count = models.PositiveIntegerField(default=0, editable=False)
    event_head = models.CharField(max_length=64, default="", blank=True, editable=False)

    # Only on rows from `for_page`: the predicates that the unit holds now.
    held_wbk: bool
    held_wbbm: bool

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "penilaian"
        verbose_name_plural = "penilaian"
        constraints = [models.UniqueConstraint(fields=["unit", "period"], name="one_assessment_per_unit_and_period")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:detail", args=[self.period.year, self.unit.code])


class Answer(models.Model):
    """The answer to one criterion at one stage. `version` grows with every change."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage)
    choice = models.ForeignKey(Choice, models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=list, blank=True)  # by quantity, n1 first; null where blank
    index = models.DecimalField(
        max_digits=3, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(4)],
    )  # fmt: skip
    ratio = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    ratio_reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="", max_length=NOTE_LIMIT)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "jawaban"
        verbose_name_plural = "jawaban"
        default_permissions = ("view",)  # written by services alone
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion", "stage"], name="one_answer_per_criterion_and_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(index=None) | models.Q(index__gte=0, index__lte=4), name="index_from_0_to_4"
            ),
            models.CheckConstraint(
                condition=models.Q(ratio=None) | (models.Q(ratio__gte=0, ratio__lte=1) & ~models.Q(ratio_reason="")),
                name="ratio_from_0_to_1_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}/{self.stage}"


class Scorecard(models.Model):
    """The scores of one stage, rewritten with every answer so that no page computes them again.

    Figures are the two-decimal ones people see; `nodes` has the unrounded strings.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scorecards")
    stage = models.CharField(max_length=6, choices=Stage)
    total = models.DecimalField(max_digits=6, decimal_places=2)
    provisional_total = models.DecimalField(max_digits=6, decimal_places=2)
    pengungkit = models.DecimalField(max_digits=6, decimal_places=2)
    hasil = models.DecimalField(max_digits=6, decimal_places=2)
    # Points of each area, Pemenuhan and Reform together.
    area_1 = models.DecimalField(max_digits=6, decimal_places=2)
    area_2 = models.DecimalField(max_digits=6, decimal_places=2)
    area_3 = models.DecimalField(max_digits=6, decimal_places=2)
    area_4 = models.DecimalField(max_digits=6, decimal_places=2)
    area_5 = models.DecimalField(max_digits=6, decimal_places=2)
    area_6 = models.DecimalField(max_digits=6, decimal_places=2)
    wbk = models.BooleanField("memenuhi ambang WBK")
    wbbm = models.BooleanField("memenuhi ambang WBBM")
    answered = models.PositiveSmallIntegerField()
    criteria = models.PositiveSmallIntegerField()
    nodes = models.JSONField()  # {code: {"score", "provisional", "weight", "answered", "total"}}
    checks = models.JSONField()  # [{"predicate", "name", "measure", "subject", "value", "minimum", "decides"}]
    unanswered = models.JSONField()  # [criterion code]
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = "kartu nilai"
        verbose_name_plural = "kartu nilai"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["assessment", "stage"], name="one_scorecard_per_stage")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.stage}: {self.total}"

    @property
    def percent_answered(self) -> int:
        """Progress in whole percent, never 100 while something is open."""
        return self.answered * 100 // self.criteria if self.criteria else 0
