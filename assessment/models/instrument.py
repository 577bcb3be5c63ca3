"""The instrument: the LKE's tree, criteria, choices, quantities, thresholds. All data, frozen once a period uses it."""

from typing import Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

FROZEN = "Instrumen ini sudah dipakai sebuah periode dan tidak dapat diubah. Buat versi baru untuk memperbaikinya."

M = TypeVar("M", bound=models.Model)


class AnswerType(models.TextChoices):
    YN = "YN", "Ya/Tidak"
    ABC = "ABC", "A/B/C"
    ABCD = "ABCD", "A/B/C/D"
    ABCDE = "ABCDE", "A/B/C/D/E"
    PCT = "PCT", "Persentase dari jumlah"
    INDEX04 = "INDEX04", "Indeks survei 0–4"


class ZeroRule(models.TextChoices):
    """What a ratio counts when its denominator is zero."""

    NONE = "", "—"
    FULL = "full", "Penuh bila keduanya nol"
    UNDECIDED = "undecided", "Perlu penetapan TPI"


class Level(models.TextChoices):
    COMPONENT = "component", "Komponen"
    SECTION = "section", "Rincian"
    AREA = "area", "Area"
    SUBAREA = "subarea", "Sub-area"


class InstrumentManager(models.Manager["Instrument"]):
    def get_by_natural_key(self, code: str, version: int) -> "Instrument":
        return self.get(code=code, version=version)


class Instrument(models.Model):
    """One version of a worksheet, `frozen` once a period uses it.

    `source_digest` is the SHA-256 of the fixture or import file that it came from; "" if edited here.
    """

    code = models.SlugField("kode", max_length=40)
    version = models.PositiveSmallIntegerField("versi", default=1)
    name = models.CharField("nama", max_length=200)
    legal_basis = models.CharField("dasar hukum", max_length=300)
    year = models.PositiveSmallIntegerField("berlaku mulai tahun")
    frozen = models.BooleanField("beku", default=False, editable=False)
    source_digest = models.CharField(max_length=64, default="", blank=True, editable=False)

    objects = InstrumentManager()

    class Meta:
        verbose_name = "instrumen LKE"
        verbose_name_plural = "instrumen LKE"
        ordering = ["code", "version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_instrument_per_version")]

    def __str__(self) -> str:
        return f"{self.name} (versi {self.version})"

    def natural_key(self) -> tuple[str, int]:
        return (self.code, self.version)


class PartQuerySet(models.QuerySet[M]):
    """Refuses bulk changes of frozen instruments too."""

    def update(self, **kwargs: Any) -> int:
        self._refuse_frozen()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        return super().delete()

    def _refuse_frozen(self) -> None:
        lookup = f"{self.model.instrument_path}__frozen"  # type: ignore[attr-defined]
        if self.filter(**{lookup: True}).exists():
            raise ValidationError(FROZEN)


class PartManager(models.Manager[M]):
    def get_queryset(self) -> PartQuerySet[M]:
        return PartQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, *key: Any) -> M:
        return self.get(**dict(zip(self.model.key_fields, key, strict=True)))  # type: ignore[attr-defined]


class InstrumentPart(models.Model):
    """Base of everything that belongs to an instrument: unchangeable once that is frozen."""

    instrument_path: ClassVar[str] = "instrument"
    key_fields: ClassVar[tuple[str, ...]]

    objects: ClassVar[PartManager[Self]] = PartManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        return super().delete(*args, **kwargs)

    def owner(self) -> Instrument:
        found: Any = self
        for name in self.instrument_path.split("__"):
            found = getattr(found, name)
        return found

    def _refuse_frozen(self) -> None:
        # Asked of the database: the copy in memory may be older than the freeze.
        if Instrument.objects.filter(pk=self.owner().pk, frozen=True).exists():
            raise ValidationError(FROZEN)


class Node(InstrumentPart):
    """A weighted place in the tree: component, section, area or sub-area."""

    key_fields = ("instrument__code", "instrument__version", "code")

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="nodes", verbose_name="instrumen")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name="induk"
    )
    code = models.CharField("kode", max_length=30)
    level = models.CharField("tingkat", max_length=10, choices=Level)
    title = models.TextField("judul")
    weight = models.DecimalField("bobot", max_digits=7, decimal_places=4, validators=[MinValueValidator(0)])
    order = models.PositiveSmallIntegerField("urutan")
    area_key = models.CharField("area", max_length=2, blank=True, default="")

    class Meta:
        verbose_name = "simpul"
        verbose_name_plural = "simpul"
        ordering = ["instrument", "order"]
        constraints = [models.UniqueConstraint(fields=["instrument", "code"], name="one_node_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.instrument.natural_key(), self.code)

    natural_key.dependencies = ["assessment.instrument"]  # type: ignore[attr-defined]


class Criterion(InstrumentPart):
    """What is answered and scored."""

    key_fields = ("instrument__code", "instrument__version", "code")

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="criteria", verbose_name="instrumen")
    node = models.ForeignKey(Node, models.CASCADE, related_name="criteria", verbose_name="simpul")
    code = models.CharField("kode", max_length=30)
    title = models.TextField("judul")
    answer_type = models.CharField("jenis jawaban", max_length=8, choices=AnswerType)
    weight = models.DecimalField(
        "bobot", max_digits=7, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text="Hanya bila kriteria berbobot sendiri; selain itu dirata-ratakan dalam sub-area.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField("urutan")
    formula = models.CharField("rumus", max_length=100, blank=True, default="", help_text="n1 = jumlah pertama.")
    zero_rule = models.CharField("bila penyebut nol", max_length=10, choices=ZeroRule, blank=True, default="")
    # [{"rule": "n2<=n1", "message": "…", "blocks": true}]: counts that contradict each other are refused with the
    # message, or only pointed out when `blocks` is false.
    limits = models.JSONField("batas antarjumlah", default=list, blank=True)
    help = models.TextField("petunjuk", blank=True, default="")
    soal_id = models.PositiveIntegerField("id soal PortalRB", null=True, blank=True)
    excel_row = models.PositiveIntegerField("baris PortalRB", null=True, blank=True)

    class Meta:
        verbose_name = "kriteria"
        verbose_name_plural = "kriteria"
        ordering = ["instrument", "order"]
        constraints = [models.UniqueConstraint(fields=["instrument", "code"], name="one_criterion_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.instrument.natural_key(), self.code)

    natural_key.dependencies = ["assessment.node"]  # type: ignore[attr-defined]


class CriterionPart(InstrumentPart):
    """Base of what belongs to one criterion."""

    instrument_path = "criterion__instrument"

    class Meta:
        abstract = True


class Choice(CriterionPart):
    key_fields = ("criterion__instrument__code", "criterion__instrument__version", "criterion__code", "key")

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="choices", verbose_name="kriteria")
    key = models.CharField("huruf", max_length=1)
    value = models.DecimalField(
        "nilai", max_digits=5, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    text = models.TextField("rubrik")

    class Meta:
        verbose_name = "pilihan"
        verbose_name_plural = "pilihan"
        ordering = ["criterion", "-value", "key"]
        constraints = [models.UniqueConstraint(fields=["criterion", "key"], name="one_choice_per_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.criterion.natural_key(), self.key)

    natural_key.dependencies = ["assessment.criterion"]  # type: ignore[attr-defined]


class Quantity(CriterionPart):
    key_fields = ("criterion__instrument__code", "criterion__instrument__version", "criterion__code", "number")

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="quantities", verbose_name="kriteria")
    number = models.PositiveSmallIntegerField("nomor", help_text="1 adalah n1 dalam rumus.")
    title = models.TextField("judul")
    help = models.TextField("petunjuk", blank=True, default="")
    soal_id = models.PositiveIntegerField("id soal PortalRB", null=True, blank=True)
    excel_row = models.PositiveIntegerField("baris PortalRB", null=True, blank=True)

    class Meta:
        verbose_name = "jumlah"
        verbose_name_plural = "jumlah"
        ordering = ["criterion", "number"]
        constraints = [models.UniqueConstraint(fields=["criterion", "number"], name="one_quantity_per_number")]

    def __str__(self) -> str:
        return f"n{self.number}: {self.title}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.criterion.natural_key(), self.number)

    natural_key.dependencies = ["assessment.criterion"]  # type: ignore[attr-defined]


class ExpectedDocument(CriterionPart):
    key_fields = ("criterion__instrument__code", "criterion__instrument__version", "criterion__code", "order")

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="expected_documents", verbose_name="kriteria")
    order = models.PositiveSmallIntegerField("urutan")
    title = models.CharField("dokumen", max_length=300)

    class Meta:
        verbose_name = "dokumen yang diharapkan"
        verbose_name_plural = "dokumen yang diharapkan"
        ordering = ["criterion", "order"]
        constraints = [models.UniqueConstraint(fields=["criterion", "order"], name="one_document_per_order")]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.criterion.natural_key(), self.order)

    natural_key.dependencies = ["assessment.criterion"]  # type: ignore[attr-defined]


class Threshold(InstrumentPart):
    """One minimum of a predicate (Lampiran II, Tabel 6); see worksheet.Threshold for the measures."""

    class Measure(models.TextChoices):
        TOTAL = "total", "Nilai total"
        NODE = "node", "Nilai sebuah simpul atau kriteria berbobot"
        AREA = "area", "Persentase sebuah area"
        AWARD = "award", "Sudah berpredikat"

    key_fields = ("instrument__code", "instrument__version", "predicate", "measure", "subject")

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="thresholds", verbose_name="instrumen")
    predicate = models.CharField("predikat", max_length=5)
    order = models.PositiveSmallIntegerField("urutan")
    name = models.CharField("nama", max_length=150)
    measure = models.CharField("ukuran", max_length=5, choices=Measure)
    subject = models.CharField("pokok", max_length=30, blank=True, default="")
    minimum = models.DecimalField("minimum", max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = "ambang batas"
        verbose_name_plural = "ambang batas"
        ordering = ["instrument", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "predicate", "measure", "subject"], name="one_threshold_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predicate}: {self.name}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.instrument.natural_key(), self.predicate, self.measure, self.subject)

    natural_key.dependencies = ["assessment.instrument"]  # type: ignore[attr-defined]


class ProposalCondition(InstrumentPart):
    """One condition of Tabel 5 for being proposed (PermenPANRB 5/2024)."""

    class Scope(models.TextChoices):
        AGENCY = "agency", "Tingkat instansi"
        UNIT = "unit", "Tingkat unit"

    class AppliesTo(models.TextChoices):
        ALL = "all", "Semua instansi"
        LOCAL = "local", "Pemerintah daerah"
        CENTRAL = "central", "Kementerian/lembaga"

    key_fields = ("instrument__code", "instrument__version", "predicate", "key")

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="conditions", verbose_name="instrumen")
    predicate = models.CharField("predikat", max_length=5)
    key = models.SlugField("kunci", max_length=40)
    order = models.PositiveSmallIntegerField("urutan")
    scope = models.CharField("tingkat", max_length=10, choices=Scope)
    applies_to = models.CharField("berlaku bagi", max_length=10, choices=AppliesTo, default=AppliesTo.ALL)
    text = models.TextField("syarat")

    class Meta:
        verbose_name = "syarat pengusulan"
        verbose_name_plural = "syarat pengusulan"
        ordering = ["instrument", "order"]
        constraints = [models.UniqueConstraint(fields=["instrument", "predicate", "key"], name="one_condition_per_key")]

    def __str__(self) -> str:
        return f"{self.predicate}: {self.text}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.instrument.natural_key(), self.predicate, self.key)

    natural_key.dependencies = ["assessment.instrument"]  # type: ignore[attr-defined]
