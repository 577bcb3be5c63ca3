"""How sure the place of a file is."""

from enum import StrEnum


class Confidence(StrEnum):
    SURE = "sure"
    LIKELY = "likely"
    NONE = "none"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Confidence.SURE: "Pasti",
    Confidence.LIKELY: "Perlu dilihat",
    Confidence.NONE: "Belum dikenali",
}
