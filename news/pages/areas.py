"""The six areas as the public sees them: a number, a name, an icon, what each is for."""

from dataclasses import dataclass

from accounts.models import AREAS

ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI"}
ICONS = {"1": "arrow-repeat", "2": "diagram-3", "3": "people", "4": "graph-up", "5": "eye", "6": "patch-check"}
PURPOSES = {
    "1": "Pola pikir dan budaya kerja yang berintegritas, digerakkan pimpinan dan agen perubahan.",
    "2": "Proses bisnis yang ringkas, berbasis elektronik, dan terbuka bagi publik.",
    "3": "Pegawai yang ditempatkan, dikembangkan, dan dinilai menurut kompetensi dan kinerja.",
    "4": "Kinerja yang direncanakan, diukur, dan dipertanggungjawabkan sampai pimpinan.",
    "5": "Pengendalian gratifikasi, pengaduan masyarakat, dan benturan kepentingan.",
    "6": "Layanan yang cepat, jelas, terjangkau, dan diperbaiki menurut suara penggunanya.",
}


@dataclass(frozen=True, slots=True)
class AreaCard:
    key: str
    roman: str
    name: str
    icon: str
    purpose: str
    count: str  # published documents; "" where they were not counted


def area_cards(counts: dict[str, int]) -> list[AreaCard]:
    """Return the six folders with how many documents lie in each."""
    return [area_card(key, str(counts[key]) if key in counts else "") for key in AREAS]


def area_card(key: str, count: str = "") -> AreaCard:
    return AreaCard(key, ROMAN[key], AREAS[key], ICONS[key], PURPOSES[key], count)
