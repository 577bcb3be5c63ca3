"""Why a file is not taken, in words that say what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no-name": "Nama berkas kosong. Beri nama berkas, lalu unggah lagi.",
        "no-extension": "Nama berkas tidak berakhiran seperti .pdf atau .docx. Lengkapi namanya, lalu unggah lagi.",
        "empty": "Berkas ini kosong (0 bita). Periksa berkasnya, lalu unggah lagi.",
        "unknown": "Jenis isi berkas ini tidak dikenali. Simpan sebagai PDF, lalu unggah lagi.",
        "mismatch": (
            "Isi berkas ini {label}, tetapi namanya berakhiran {extension}. "
            "Unggah berkas yang benar atau ganti akhirannya menjadi {expected}."
        ),
        "not-allowed": "Berkas {label} tidak diterima di portal ini. Simpan sebagai PDF, lalu unggah lagi.",
        "damaged": ("Berkas ini rusak atau tidak lengkap. Buka dengan aplikasinya, simpan ulang, lalu unggah lagi."),
        "appended": (
            "Ada data lain yang ditempelkan di awal atau akhir berkas ini. "
            "Buka dengan aplikasinya, simpan ulang, lalu unggah lagi."
        ),
        "polyglot": "Di dalam berkas ini tersembunyi arsip ZIP. Simpan ulang dengan aplikasinya, lalu unggah lagi.",
        "executable": "Berkas ini adalah program dan tidak dapat dijadikan bukti dukung.",
        "script": "Berkas ini berisi skrip atau perintah program. Unggah dokumennya, misalnya sebagai PDF.",
        "markup": "Berkas ini halaman web, SVG, atau XML. Cetak atau simpan sebagai PDF, lalu unggah lagi.",
        "rtf": "Format RTF tidak diterima. Simpan sebagai .docx atau PDF, lalu unggah lagi.",
        "other-image": "Format gambar ini tidak diterima. Simpan sebagai JPEG atau PNG, lalu unggah lagi.",
        "archive": "Berkas arsip seperti ZIP dan RAR tidak diterima. Ekstrak, lalu unggah isinya satu per satu.",
        "legacy-office": "Format Office lama tidak diterima. Simpan ulang sebagai .docx, .xlsx, .pptx, atau PDF.",
        "password": "Berkas ini dilindungi kata sandi. Hapus kata sandinya, simpan ulang, lalu unggah lagi.",
        "macro": "Berkas ini berisi makro. Simpan ulang sebagai .docx, .xlsx, .pptx, atau .odt/.ods tanpa makro.",
        "active-content": "Berkas ini berisi kontrol ActiveX. Hapus kontrolnya atau simpan sebagai PDF.",
        "embedded-program": "Di dalam dokumen ini tertanam program. Hapus programnya, simpan ulang, lalu unggah lagi.",
        "embedded-file": (
            "Di dalam dokumen ini tertanam berkas lain. Hapus berkas itu, simpan ulang, dan unggah tersendiri."
        ),
        "external-content": (
            "Dokumen ini mengambil templat atau objek dari internet. "
            "Putuskan tautannya atau simpan sebagai PDF, lalu unggah lagi."
        ),
        "doctype": "Dokumen ini memuat XML yang tidak aman. Simpan ulang dengan aplikasinya, lalu unggah lagi.",
        "bomb": "Isi dokumen ini mengembang terlalu besar saat dibuka. Perkecil atau simpan sebagai PDF.",
        "too-many-pixels": "Gambar ini {pixels} juta piksel. Perkecil sampai paling banyak {limit} juta piksel.",
        "image-too-big": "Berkas gambar ini terlalu besar. Simpan dengan ukuran lebih kecil, lalu unggah lagi.",
        "pdf-password": "PDF ini meminta kata sandi. Simpan atau cetak ulang tanpa kata sandi, lalu unggah lagi.",
        "pdf-script": "PDF ini berisi skrip. Cetak ulang sebagai PDF biasa, lalu unggah lagi.",
        "pdf-attachment": "PDF ini berisi lampiran. Cetak ulang sebagai PDF, lalu unggah lampirannya tersendiri.",
        "pdf-launch": "PDF ini mencoba menjalankan program. Cetak ulang sebagai PDF biasa, lalu unggah lagi.",
        "pdf-media": "PDF ini berisi video, suara, atau objek 3D. Cetak ulang sebagai PDF biasa, lalu unggah lagi.",
        "pdf-empty": "PDF ini tidak mempunyai halaman. Periksa berkasnya, lalu unggah lagi.",
    }
)


class Refused(ValueError):
    """A file or its name is not taken; `code` is stable, the message is for the person who sent it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(REASONS[code].format(**values))
        self.code = code
