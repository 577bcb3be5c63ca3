"""The demo's public face: settings, unit details, news with drawn pictures. Only `seed_demo` uses it.

People are functions and numbers; nothing that exists is changed.
"""

import io
import random
from datetime import date, datetime, timedelta

from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import Membership, Role, Unit, User
from assessment.models import Award
from evidence.models import Attachment
from evidence.services.documents import set_public

from .models import Post, SiteSettings, UnitProfile
from .pictures import Made, make_sizes
from .services.posts import PictureChange, Text, create_post, take_step
from .services.units import Details, Innovated, Member, save_details

STATEMENT = (
    "Kami, pimpinan dan seluruh pegawai, **menolak korupsi, kolusi, dan nepotisme** dalam bentuk apa pun. Setiap unit "
    "kami memberi layanan yang jelas syaratnya, pasti waktunya, dan tanpa pungutan di luar ketentuan."
)
TEAM = [
    Member("Penanggung jawab", "Kepala unit kerja"),
    Member("Ketua Tim Kerja", "Pegawai 01"),
    Member("Sekretaris", "Pegawai 02"),
    Member("Koordinator Manajemen Perubahan", "Pegawai 03"),
    Member("Koordinator Penataan Tatalaksana", "Pegawai 04"),
    Member("Koordinator Penataan Sistem Manajemen SDM", "Pegawai 05"),
    Member("Koordinator Penguatan Akuntabilitas", "Pegawai 06"),
    Member("Koordinator Penguatan Pengawasan", "Pegawai 07"),
    Member("Koordinator Peningkatan Kualitas Pelayanan Publik", "Pegawai 08"),
]
INNOVATIONS = {
    "UNIT-01": [
        Innovated("Loket Sekali Datang", 2025, "Satu loket menerima semua berkas; kekurangan diberitahukan saat itu."),
        Innovated("Lacak Izin", 2024, "Pemohon melihat sendiri di meja mana berkasnya dan kapan selesai."),
    ],
    "UNIT-02": [
        Innovated("Layanan Jemput Bola", 2025, "Petugas datang ke rumah warga lanjut usia dan penyandang disabilitas.")
    ],
    "UNIT-03": [
        Innovated("Antrean dari Rumah", 2024, "Nomor antrean poliklinik diambil lewat ponsel sehari sebelumnya.")
    ],
}
# code, title, summary, area, body, days ago, what the picture shows, its colours
POSTS = [
    (
        "UNIT-01", "Maklumat pelayanan baru: izin usaha mikro selesai dalam satu hari",
        "Waktu layanan dipangkas dari lima hari menjadi satu hari kerja, dan syaratnya dipasang di loket.", "6",
        "Mulai bulan ini, izin usaha mikro diterbitkan **paling lama satu hari kerja** sejak berkas lengkap.\n\n"
        "## Yang berubah\n\n- Syarat berkurang dari sembilan menjadi empat.\n- Pemeriksaan berkas dan penerbitan izin "
        "dikerjakan di meja yang sama.\n- Bila terlambat, pemohon menerima pemberitahuan dan berkas diantar.\n\n"
        "Maklumat pelayanan dan standar waktunya dapat dibaca di [Folder Zona Integritas](/folder/6/).",
        4, "Gambar ilustrasi: gedung layanan dengan papan maklumat di depannya.", ("#0b5563", "#d9a441"),
    ),
    (
        "UNIT-02", "Kampanye antigratifikasi di loket kependudukan",
        "Petugas dan warga menandatangani papan komitmen: layanan kependudukan tidak dipungut biaya.", "5",
        "Selama sepekan, unit pengendalian gratifikasi membuka meja informasi di ruang tunggu.\n\n> Bila ada yang "
        "meminta imbalan, laporkan. Identitas pelapor kami lindungi.\n\nTercatat **214 warga** mengisi kuesioner "
        "singkat. Hasilnya dibahas dalam rapat pemantauan triwulan.",
        15, "Gambar ilustrasi: orang-orang berdiri di depan papan komitmen.", ("#7a2e1d", "#e9c46a"),
    ),
    (
        "UNIT-03", "Agen perubahan rumah sakit memperkenalkan antrean dari rumah",
        "Waktu tunggu di poliklinik turun setelah nomor antrean dapat diambil lewat ponsel.", "1",
        "Empat agen perubahan menguji coba antrean dari rumah di tiga poliklinik.\n\n"
        "| Poliklinik | Sebelum | Sesudah |\n|---|---|---|\n| Penyakit dalam | 95 menit | 40 menit |\n"
        "| Anak | 70 menit | 35 menit |\n| Mata | 60 menit | 30 menit |\n\nPoliklinik lain menyusul triwulan depan.",
        33, "Gambar ilustrasi: grafik batang waktu tunggu yang menurun.", ("#1d3557", "#8ab17d"),
    ),
    (
        "UNIT-01", "Peta proses bisnis diperbarui, tujuh prosedur diringkas",
        "Prosedur yang tumpang tindih digabungkan; pegawai memakai satu naskah yang sama.", "2",
        "Tim Kerja meninjau 31 prosedur bersama pelaksana di loket dan di bagian pengarsipan. Tujuh di antaranya "
        "digabungkan menjadi tiga.\n\n1. Naskah lama ditarik dari meja layanan.\n2. Naskah baru diunggah sebagai bukti "
        "dukung.\n3. Pemahaman petugas diuji dua pekan kemudian.",
        52, "", ("#0b5563", "#bfd9ee"),
    ),
    (
        "UNIT-02", "Survei kepuasan: nilai layanan naik, ruang tunggu masih dikeluhkan",
        "Hasil survei semester ini diumumkan apa adanya, beserta rencana perbaikannya.", "6",
        "Responden memberi nilai tertinggi pada **kejelasan biaya** dan terendah pada **sarana**.\n\n"
        "### Rencana perbaikan\n\n- Menambah kursi dan kipas di ruang tunggu.\n- Membuka loket kedua pada jam sibuk.",
        75, "Gambar ilustrasi: diagram hasil survei kepuasan masyarakat.", ("#3d405b", "#f2cc8f"),
    ),
]  # fmt: skip
WAITING = Text(
    "Rapat pemantauan rencana kerja triwulan kedua",
    "Draf: hasil rapat pemantauan dan tindak lanjut yang disepakati.",
    "Rapat dihadiri pimpinan dan seluruh koordinator area.\n\n- Target yang tertinggal dibahas satu per satu.",
    "1",
)


def seed(*, year: int) -> int:
    """Add what is missing of the demo's public face; return how many posts were added."""
    admin = User.objects.filter(username="admin").first()
    units = {u.code: u for u in Unit.objects.filter(code__in=["UNIT-01", "UNIT-02", "UNIT-03"])}
    if admin is None or not units:
        return 0
    _settings(year)
    _awards(units, year)
    for code, unit in units.items():
        _details(unit, INNOVATIONS.get(code, []), year, _writer(unit, admin))
    if Post.objects.exists():
        return 0
    for unit in units.values():
        _publish(unit, admin)
    return _posts(units, admin)


def _publish(unit: Unit, admin: User) -> None:
    """Publish every third document of a unit beside those that the unit published already."""
    head = Membership.objects.filter(unit=unit, role=Role.HEAD).select_related("user").order_by("pk").first()
    attached = Attachment.objects.live().filter(document__unit=unit).order_by("document__title", "document")
    found = list(dict.fromkeys(attached.values_list("document", flat=True)))
    set_public(unit=unit, documents=found[::3], public=True, by=head.user if head else admin)


def _settings(year: int) -> None:
    SiteSettings.objects.get_or_create(
        defaults={
            "statement": STATEMENT, "statement_by": "Pimpinan Instansi Contoh",
            "decree_title": "Keputusan Pimpinan tentang Tim Pembangunan Zona Integritas",
            "decree_number": f"120/KEP/{year}", "decree_date": date(year, 1, 6),
            "complaint_url": "https://pengaduan.instansi.example/", "wbs_url": "https://wbs.instansi.example/",
            "lapor_url": "https://www.lapor.go.id/", "survey_url": "https://survei.instansi.example/",
        }
    )  # fmt: skip


def _awards(units: dict[str, Unit], year: int) -> None:
    for code, number in (("UNIT-02", "1212"), ("UNIT-03", "871")):
        if code in units and not units[code].awards.exists():
            awarded = date(year - (1 if code == "UNIT-02" else 3), 12, 9)
            Award.objects.create(
                unit=units[code], predicate="WBK", decree_number=f"{number}/{awarded.year}", decree_date=awarded
            )


def _writer(unit: Unit, admin: User) -> User:
    found = Membership.objects.filter(unit=unit, role=Role.MEMBER).select_related("user").order_by("pk").first()
    return found.user if found else admin


def _details(unit: Unit, innovations: list[Innovated], year: int, by: User) -> None:
    if UnitProfile.objects.filter(unit=unit).exists():
        return
    details = Details(
        f"{unit.name} melayani masyarakat setiap hari kerja. Standar layanan, maklumat, dan hasil survei kepuasan "
        "diterbitkan di halaman ini.",
        "Keputusan Kepala Unit tentang Tim Kerja Zona Integritas", f"{unit.code[-2:]}/TIM-ZI/{year}",
        date(year, 1, 12), TEAM, innovations,
    )  # fmt: skip
    save_details(unit=unit, details=details, seen=0, by=by)


def _posts(units: dict[str, Unit], admin: User) -> int:
    added = 0
    for code, title, summary, area, body, days, alt, colours in POSTS:
        if code not in units:
            continue
        made = picture(title, colours) if alt else None
        text = Text(title, summary, body, area, alt)
        by = _writer(units[code], admin)
        post = create_post(unit=units[code], text=text, picture=PictureChange(made), by=by)
        take_step(post=post, step="terbitkan", seen=1, by=admin, at=_morning(days))
        added += 1
    if "UNIT-01" in units:
        waiting = create_post(
            unit=units["UNIT-01"], text=WAITING, picture=PictureChange(), by=_writer(units["UNIT-01"], admin)
        )
        take_step(post=waiting, step="ajukan", seen=1, by=waiting.created_by)
        added += 1
    return added


def _morning(days_ago: int) -> datetime:
    day = timezone.localtime() - timedelta(days=days_ago)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def picture(title: str, colours: tuple[str, str]) -> Made:
    """Draw a picture that is nobody's photograph: a building before hills, the same for the same title."""
    generator = random.Random(title)  # noqa: S311  a demo, not a secret
    width, height = 1280, 720
    image = Image.new("RGB", (width, height), "#dfeef0")
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((900, 70, 1060, 230), fill=colours[1])
    for shade, base in (("#c3dadd", 420), ("#a9c9cd", 500)):
        points = [(x, base - generator.randint(0, 120)) for x in range(0, width + 160, 160)]
        canvas.polygon([(0, height), *points, (width, height)], fill=shade)
    left = generator.randint(240, 480)
    canvas.rectangle((left, 300, left + 560, 620), fill="#ffffff")
    canvas.polygon([(left - 40, 300), (left + 280, 180), (left + 600, 300)], fill=colours[0])
    for x in range(left + 40, left + 520, 96):
        canvas.rectangle((x, 350, x + 52, 430), fill=colours[0])
        canvas.rectangle((x, 470, x + 52, 620 if x == left + 232 else 540), fill=colours[1])
    canvas.rectangle((0, 620, width, height), fill=colours[0])
    for _ in range(generator.randint(7, 12)):
        x = generator.randint(60, width - 60)
        canvas.ellipse((x - 16, 560, x + 16, 592), fill="#5b4636")
        canvas.rounded_rectangle((x - 26, 592, x + 26, 670), 18, fill=colours[1])
    made = io.BytesIO()
    image.save(made, "PNG")
    made.seek(0)
    return make_sizes(made, len(made.getvalue()))
