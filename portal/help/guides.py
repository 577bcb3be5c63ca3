"""The guides: for each role the topics that concern it, in the order of the work. Texts are in templates."""

from dataclasses import dataclass

from accounts.models import Role


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject, explained step by step in `portal/help/topics/<slug>.html`.

    `needs` names a route without which the subject does not exist in this installation.
    """

    slug: str
    title: str
    needs: str = ""

    @property
    def template(self) -> str:
        return f"portal/help/topics/{self.slug}.html"


@dataclass(frozen=True, slots=True)
class Guide:
    """What somebody in one role does here, in a sentence, and the topics that explain it."""

    slug: str
    role: Role
    intro: str
    topics: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.role.label


_TOPICS = (
    Topic("mulai", "Masuk dan menemukan jalan"),
    Topic("beranda", "Melihat yang perlu dikerjakan di Beranda", "dashboards:home"),
    Topic("mengisi", "Mengisi LKE"),
    Topic("penanggung-jawab", "Membagi kriteria dalam tim", "planning:charges"),
    Topic("diskusi", "Berdiskusi dalam tim", "planning:talks"),
    Topic("bukti", "Melampirkan bukti dukung"),
    Topic("dokumen-unit", "Mengelola dokumen unit"),
    Topic("impor-bukti", "Mengimpor bukti dari ZIP atau folder"),
    Topic("impor-lke", "Mengimpor LKE dari Excel", "reports:lke-import-start"),
    Topic("membaca-nilai", "Membaca nilai dan ambang batas"),
    Topic("dasbor-unit", "Membaca dasbor unit", "dashboards:unit"),
    Topic("jalan", "Mencari jalan menuju WBK/WBBM", "dashboards:way"),
    Topic("syarat-pengusulan", "Mengisi syarat pengusulan"),
    Topic("mengajukan", "Memeriksa kelengkapan dan mengajukan"),
    Topic("memperbaiki", "Memperbaiki yang dikembalikan"),
    Topic("menindaklanjuti", "Menindaklanjuti catatan penilai"),
    Topic("rencana-aksi", "Menyusun rencana aksi", "planning:actions"),
    Topic("lanjut-tahun", "Mengonfirmasi jawaban periode lalu", "planning:suggestions"),
    Topic("dokumen-publik", "Membuka dokumen bagi publik"),
    Topic("tugas", "Menemukan tugas Anda"),
    Topic("benturan-kepentingan", "Menyatakan benturan kepentingan"),
    Topic("pendahuluan", "Melakukan penilaian pendahuluan"),
    Topic("menilai", "Menilai di samping jawaban unit"),
    Topic("memeriksa-bukti", "Memeriksa bukti dukung"),
    Topic("menulis-catatan", "Menulis catatan dan rekomendasi"),
    Topic("mengembalikan", "Mengembalikan kriteria untuk diperbaiki"),
    Topic("menyerahkan", "Menyerahkan hasil kepada ketua tim"),
    Topic("ketua-tim", "Memeriksa dan meneruskan sebagai ketua tim"),
    Topic("penilai-kedua", "Memakai penilaian kedua"),
    Topic("memutuskan", "Menyetujui dan memutuskan"),
    Topic("perbandingan", "Membandingkan hasil unit dan penilai"),
    Topic("dasbor-instansi", "Memantau semua unit di dasbor instansi", "dashboards:agency"),
    Topic("rekap", "Membaca rekap semua unit"),
    Topic("unduhan", "Mengunduh LKE, bukti, dan dokumen resmi"),
    Topic("unduhan-besar", "Unduhan besar yang dibuat di latar belakang", "reports:jobs"),
    Topic("menyiapkan-periode", "Menyiapkan unit, akun, dan periode"),
    Topic("lanjut-periode", "Membuka periode baru dari periode lalu", "planning:carry"),
    Topic("membentuk-tim", "Membentuk tim TPI dan menugaskan unit"),
    Topic("mengusulkan", "Mengusulkan unit kepada TPN"),
    Topic("portalrb", "Mengirim ke PortalRB"),
    Topic("hasil-tpn", "Mencatat hasil TPN"),
    Topic("surat-monev", "Membuat surat monev", "reports:monev-start"),
    Topic("berita", "Menulis dan menerbitkan berita", "news:desk"),
    Topic("profil-publik", "Mengisi profil publik unit", "news:details"),
    Topic("nilai-publik", "Menerbitkan nilai akhir unit", "news:score-publish"),
    Topic("pemberitahuan", "Mengatur pemberitahuan"),
    Topic("mencari", "Mencari di seluruh portal"),
)
TOPICS = {topic.slug: topic for topic in _TOPICS}
_FOR_ALL = ("pemberitahuan", "mencari")
_REVIEW = ("tugas", "benturan-kepentingan", "menilai", "memeriksa-bukti", "menulis-catatan", "mengembalikan")

GUIDES = {
    guide.slug: guide
    for guide in (
        Guide(
            "tim-unit", Role.MEMBER, "Anda menjawab kriteria LKE unit dan melampirkan buktinya.",
            ("mulai", "beranda", "mengisi", "penanggung-jawab", "diskusi", "bukti", "dokumen-unit", "impor-bukti",
             "impor-lke", "membaca-nilai", "dasbor-unit", "jalan", "memperbaiki", "menindaklanjuti", "rencana-aksi",
             "lanjut-tahun", "unduhan", "unduhan-besar", "berita", "profil-publik", *_FOR_ALL),
        ),
        Guide(
            "kepala-unit", Role.HEAD, "Anda memantau pengisian LKE, mengajukannya, dan bertanggung jawab atas isinya.",
            ("mulai", "beranda", "dasbor-unit", "membaca-nilai", "jalan", "penanggung-jawab", "diskusi", "rencana-aksi",
             "syarat-pengusulan", "mengajukan", "memperbaiki", "menindaklanjuti", "lanjut-tahun", "dokumen-publik",
             "mengisi", "bukti", "impor-lke", "unduhan", "unduhan-besar", "berita", "profil-publik", *_FOR_ALL),
        ),
        Guide(
            "penilai-pendahuluan", Role.PRELIM, "Anda menilai unit di bawah unit Anda sebelum TPI menilainya.",
            ("mulai", "beranda", "tugas", "pendahuluan", "menilai", "memeriksa-bukti", "menulis-catatan",
             "mengembalikan", "perbandingan", "rekap", *_FOR_ALL),
        ),
        Guide(
            "anggota-tpi", Role.TPI_MEMBER, "Anda memeriksa bukti dan menilai kriteria unit yang ditugaskan.",
            ("mulai", "beranda", *_REVIEW, "menyerahkan", "penilai-kedua", "perbandingan", "unduhan", *_FOR_ALL),
        ),
        Guide(
            "ketua-tim-tpi", Role.TPI_LEAD, "Anda memimpin penilaian tim, mengembalikan ke unit, dan meneruskan hasil.",
            ("mulai", "beranda", *_REVIEW, "ketua-tim", "penilai-kedua", "perbandingan", "rekap", "unduhan", *_FOR_ALL),
        ),
        Guide(
            "pengendali-teknis", Role.TPI_CONTROLLER, "Anda memeriksa hasil tim dan memutuskannya.",
            ("mulai", "beranda", "tugas", "benturan-kepentingan", "perbandingan", "memutuskan", "rekap", "unduhan",
             *_FOR_ALL),
        ),
        Guide(
            "pimpinan", Role.OBSERVER, "Anda melihat kemajuan dan hasil semua unit, tanpa mengubah apa pun.",
            ("mulai", "beranda", "dasbor-instansi", "rekap", "dasbor-unit", "membaca-nilai", "jalan", "perbandingan",
             "unduhan", "unduhan-besar", *_FOR_ALL),
        ),
        Guide(
            "admin", Role.ADMIN, "Anda menyiapkan periode dan tim, mengusulkan unit, dan mencatat hasilnya.",
            ("mulai", "beranda", "menyiapkan-periode", "lanjut-periode", "membentuk-tim", "dasbor-instansi", "rekap",
             "syarat-pengusulan", "mengusulkan", "portalrb", "hasil-tpn", "surat-monev", "unduhan", "unduhan-besar",
             "berita", "profil-publik", "nilai-publik", *_FOR_ALL),
        ),
    )
}  # fmt: skip
GUIDE_OF = {guide.role: guide for guide in GUIDES.values()}
