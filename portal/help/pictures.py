"""The pictures in the help: real pages of the demo. `scripts/help_pictures` takes them again; no Django here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what it shows in words, and how it is taken.

    `user` is a demo account, `path` the address with `{year}`; `at` is a CSS selector that is scrolled to the top,
    `press` one that is clicked before.
    """

    alt: str
    user: str
    path: str
    at: str = ""
    press: str = ""
    width: int = 1040
    height: int = 650


_A = "/penilaian/{year}"
PICTURES = {
    "daftar-penilaian": Picture(
        "Halaman Penilaian: satu unit dengan kemajuan pengisian, nilai bila dikirim, dan nilai sementara.",
        "operator02", "/penilaian/",
    ),
    "lembar-isian": Picture(
        "Lembar isian Manajemen Perubahan: daftar isi di kiri, pilihan jawaban sebuah kriteria di kanan.",
        "operator02", f"{_A}/UNIT-02/lembar/A.I.1/",
    ),
    "bukti-kriteria": Picture(
        "Halaman bukti sebuah kriteria: dokumen yang diharapkan, dokumen terlampir, dan tombol unggah.",
        "operator01", f"{_A}/UNIT-01/bukti/A.I.1.i.a/",
    ),
    "dokumen-unit": Picture(
        "Daftar dokumen unit dengan pencarian, ruang yang terpakai, dan kriteria tempat setiap dokumen dilampirkan.",
        "operator01", "/unit/UNIT-01/dokumen/",
    ),
    "impor-bukti": Picture(
        "Halaman impor bukti: mengunggah satu ZIP di kiri atau memilih folder di kanan.",
        "operator02", f"{_A}/UNIT-02/impor-bukti/",
    ),
    "ringkasan": Picture(
        "Ringkasan penilaian: langkah berikutnya, nilai bila dikirim, nilai sementara, dan kemajuan.",
        "kepala02", f"{_A}/UNIT-02/",
    ),
    "ambang-batas": Picture(
        "Grafik enam area terhadap nilai minimum, dan tabel ambang batas predikat dengan hasilnya.",
        "kepala01", f"{_A}/UNIT-01/", "section[aria-labelledby=areas-title]",
    ),
    "mengapa": Picture(
        "Panel Mengapa nilai ini? dengan langkah perhitungan sebuah nilai.",
        "kepala02", f"{_A}/UNIT-02/", press=".tile .big a",
    ),
    "syarat": Picture(
        "Syarat pengusulan: sebuah syarat dengan pilihan keadaan, keterangan, dan dokumennya.",
        "kepala01", f"{_A}/UNIT-01/syarat/",
    ),
    "kelengkapan": Picture(
        "Periksa kelengkapan: yang harus diselesaikan dan yang perlu diperiksa sebelum diajukan.",
        "kepala02", f"{_A}/UNIT-02/periksa/",
    ),
    "mengajukan": Picture(
        "Halaman pengajuan: nilai mandiri, hal yang sebaiknya diperiksa, dan pernyataan tanggung jawab mutlak.",
        "kepala01", f"{_A}/UNIT-01/ajukan/",
    ),
    "dikembalikan": Picture(
        "Lembar isian setelah dikembalikan: kriteria yang perlu diperbaiki ditandai beserta alasan dan batasnya.",
        "kepala.lain", f"{_A}/UNIT-06/lembar/A.I.1/", ".sheet-head",
    ),
    "catatan-unit": Picture(
        "Daftar catatan penilai sebuah unit dengan jenis, isi, tenggat, dan statusnya.",
        "kepala.lain", f"{_A}/UNIT-06/catatan/",
    ),
    "tugas": Picture(
        "Tugas saya: unit yang ditugaskan dengan status, kemajuan, tenggat, dan tombol langkah berikutnya.",
        "tpi.anggota", "/tugas/",
    ),
    "menilai": Picture(
        "Sebuah kriteria dengan jawaban dan bukti unit di kiri, jawaban penilai di kanan.",
        "tpi.anggota", f"{_A}/UNIT-05/nilai/lembar/A.I.1/", "#k-A-I-1-i-a",
    ),
    "menulis-catatan": Picture(
        "Halaman catatan penilai: catatan yang ada dan formulir untuk menulis yang baru.",
        "tpi.anggota", f"{_A}/UNIT-05/catatan/", "#tulis",
    ),
    "perbaikan": Picture(
        "Halaman perbaikan milik ketua tim: daftar kriteria yang dikembalikan dengan alasannya.",
        "tpi.ketua", f"{_A}/UNIT-06/perbaikan/",
    ),
    "perbandingan": Picture(
        "Perbandingan hasil unit dan TPI: nilai total, nilai per bagian, dan selisihnya.",
        "tpi.pengendali", f"{_A}/UNIT-08/perbandingan/",
    ),
    "memutuskan": Picture(
        "Halaman Setujui dan putuskan: ambang batas menurut TPI dan tempat menulis simpulan.",
        "tpi.pengendali", f"{_A}/UNIT-08/langkah/approve/",
    ),
    "rekap": Picture(
        "Rekap semua unit: nilai, status, dan ambang batas yang terpenuhi atau belum.",
        "pimpinan", "/rekap/{year}/",
    ),
    "salinan": Picture(
        "Daftar salinan tetap sebuah penilaian dengan tahap, nilai, dan sidik jarinya.",
        "kepala.lain", f"{_A}/UNIT-09/salinan/",
    ),
    "administrasi": Picture(
        "Situs administrasi: daftar data yang dikelola admin.", "admin", "/admin/",
    ),
    "penugasan": Picture(
        "Halaman penugasan: daftar unit dengan tim dan tenggat yang dapat dipilih.",
        "admin", "/tim/{year}/penugasan/",
    ),
    "usulan": Picture(
        "Pengajuan kepada TPN: unit yang memenuhi dengan kotak centang, dan isian surat pengajuan.",
        "admin", "/usulan/{year}/",
    ),
    "portalrb": Picture(
        "Pemeriksaan kiriman ke PortalRB: unit yang diusulkan dengan hasil pemeriksaan datanya.",
        "admin", "/portalrb/",
    ),
    "pemberitahuan": Picture(
        "Daftar pemberitahuan; yang belum dibaca diberi garis di tepinya.",
        "kepala.lain", "/pemberitahuan/",
    ),
    "mencari": Picture(
        "Hasil pencarian yang dikelompokkan menurut jenis dengan jumlahnya.",
        "operator01", "/cari/?q=tim+kerja",
    ),
    "beranda": Picture(
        "Beranda: yang perlu dikerjakan dengan tenggatnya, kemajuan unit, dan yang terakhir diubah.",
        "operator02", "/beranda/",
    ),
    "dasbor-unit": Picture(
        "Dasbor unit: nilai, ambang, kelengkapan bukti, dan grafik enam area terhadap nilai minimum.",
        "kepala01", f"{_A}/UNIT-01/dasbor/",
    ),
    "dasbor-instansi": Picture(
        "Dasbor instansi: jumlah unit menurut status dan ambang yang paling sering belum tercapai.",
        "pimpinan", "/dasbor/{year}/",
    ),
    "jalan": Picture(
        "Jalan menuju WBK: kriteria yang disarankan diperbaiki dengan tambahan nilainya, dan hasil bila dicoba.",
        "kepala02", f"{_A}/UNIT-02/jalan/", "section[aria-labelledby=saran]",
    ),
    "rencana-aksi": Picture(
        "Papan rencana aksi: kegiatan menurut status, dengan tombol yang mengubah statusnya.",
        "kepala01", f"{_A}/UNIT-01/rencana-aksi/?tampilan=papan", ".page-head",
    ),
    "penanggung-jawab": Picture(
        "Halaman Penanggung jawab: ketua tim kerja dan penanggung jawab setiap area.",
        "kepala02", f"{_A}/UNIT-02/penanggung-jawab/", ".page-head",
    ),
    "lanjut-periode": Picture(
        "Membuka periode baru dari periode lalu: tahun, nama, instrumen, dan waktunya.",
        "admin", "/periode/{year}/lanjutkan/",
    ),
    "impor-lke": Picture(
        "Halaman Impor LKE: memilih satu berkas Excel, dan bentuk berkas yang dikenali.",
        "operator02", f"{_A}/UNIT-02/impor-lke/",
    ),
    "berita": Picture(
        "Berita dan profil unit: tombol untuk menulis, dan daftar tulisan dengan statusnya.",
        "operator01", "/redaksi/",
    ),
}  # fmt: skip
