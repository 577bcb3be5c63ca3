"""The words of Zona Integritas and of this portal, as data. Facts from PermenPANRB 90/2021 and 5/2024."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One entry: `short` says it in a sentence, `text` explains it in paragraphs, `also` names related entries."""

    slug: str
    name: str
    short: str
    text: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    full: str = ""  # what an abbreviation stands for

    @property
    def words(self) -> str:
        """Return everything that a search looks through."""
        return "\n".join((self.name, self.full, self.short, *self.text))


_ENTRIES = (
    # Zona Integritas
    Term("zi", "ZI", "Sebutan bagi instansi yang pimpinan dan seluruh jajarannya berkomitmen mewujudkan WBK dan WBBM.",
         ("Komitmen itu dijalankan melalui reformasi birokrasi pada unit kerja: pemerintahan yang bersih dan "
          "akuntabel, serta pelayanan publik yang prima. Pembangunannya mencakup enam area perubahan dan diukur "
          "dengan LKE.",),
         ("wbk", "wbbm", "area", "lke"), "Zona Integritas"),
    Term("wbk", "WBK", "Predikat bagi unit kerja yang menjalankan reformasi birokrasi dengan baik.",
         ("Unit telah memenuhi sebagian besar kriteria pengungkit dan mewujudkan pemerintahan yang bersih dan "
          "akuntabel serta pelayanan publik yang prima. Nilai total paling sedikit 75,00 dengan pengungkit paling "
          "sedikit 40,00; ambang lainnya juga harus terpenuhi.",),
         ("wbbm", "predikat", "ambang"), "Wilayah Bebas dari Korupsi"),
    Term("wbbm", "WBBM",
         "Predikat di atas WBK, bagi unit kerja yang menjalankan reformasi birokrasi dengan sangat baik.",
         ("Hanya unit yang sudah berpredikat Menuju WBK yang dapat diusulkan. Nilai total paling sedikit 85,00 "
          "dengan pengungkit paling sedikit 48,00; ambang lainnya juga harus terpenuhi.",),
         ("wbk", "predikat", "ambang"), "Wilayah Birokrasi Bersih dan Melayani"),
    Term("predikat", "Predikat", "Pengakuan yang diterima unit: Menuju WBK atau Menuju WBBM.",
         ("Portal menghitung apakah nilai memenuhi semua ambang batas predikat. Predikatnya sendiri ditetapkan "
          "setelah evaluasi TPN; instansi yang memenuhi persyaratan Menteri dapat mengevaluasi WBK secara mandiri.",
          "Unit berpredikat dipantau TPI, dan perkembangannya dilaporkan paling sedikit setiap dua tahun.",),
         ("wbk", "wbbm", "ambang", "tpn")),
    Term("ambang", "Ambang batas", "Nilai minimum yang semuanya harus dicapai agar sebuah predikat terpenuhi.",
         ("Ada minimum untuk nilai total, pengungkit, masing-masing dari enam area, Birokrasi yang Bersih dan "
          "Akuntabel beserta IPAK dan capaian kinerja di dalamnya, dan Pelayanan Publik yang Prima. Nilai total "
          "yang tinggi tidak menutup satu ambang yang kurang.",
          "Yang dibandingkan adalah angka dengan dua desimal seperti yang tampil, dan selalu nilai bila dikirim.",),
         ("predikat", "bila-dikirim", "area")),
    Term("area", "Enam area perubahan", "Bagian pengungkit yang dibangun unit kerja.",
         ("Manajemen Perubahan (bobot 8), Penataan Tatalaksana (7), Penataan Sistem Manajemen SDM Aparatur (10), "
          "Penguatan Akuntabilitas (10), Penguatan Pengawasan (15), dan Peningkatan Kualitas Pelayanan Publik "
          "(10).",
          "Setiap area harus mencapai 60% untuk Menuju WBK dan 75% untuk Menuju WBBM. Pengaturan periode "
          "menentukan apakah Pemenuhan dan Reform dibaca bersama atau masing-masing; keduanya ditampilkan.",),
         ("pengungkit", "pemenuhan", "reform", "ambang")),
    Term("permenpanrb", "PermenPANRB 90/2021 dan 5/2024", "Peraturan yang menjadi dasar penilaian di portal ini.",
         ("PermenPANRB 90/2021 mengatur pembangunan dan evaluasi Zona Integritas beserta lembar kerjanya. "
          "PermenPANRB 5/2024 mengubah bagian pengajuan unit: syarat pengusulan, unit afirmasi, dan evaluasi WBK "
          "secara mandiri.",),
         ("lke", "syarat", "afirmasi")),
    Term("unit-kerja", "Unit kerja", "Unit atau satuan kerja yang membangun ZI dan mengisi LKE.",
         ("Yang dipilih instansi antara lain unit dengan layanan utama, dengan risiko tinggi, dan dengan dampak "
          "luas bagi masyarakat. Di portal, unit tersusun dalam pohon: instansi, unit atasan, lalu unit kerja.",),
         ("zi", "afirmasi")),
    Term("afirmasi", "Unit afirmasi", "Unit pemerintah daerah yang boleh diusulkan sambil masih melengkapi syarat.",
         ("Menurut PermenPANRB 5/2024: rumah sakit umum daerah, dinas kependudukan dan catatan sipil, Samsat, "
          "pelayanan terpadu satu pintu, pelayanan pendidikan, dan pelayanan ketenagakerjaan. Ambang batas "
          "nilainya tetap sama.",),
         ("syarat", "pengusulan")),
    # The worksheet and its figures
    Term("lke", "LKE", "Lembar kerja tempat unit menilai diri dan penilai memeriksanya.",
         ("LKE memuat 113 kriteria dalam dua komponen, Pengungkit (60) dan Hasil (40). Unit, penilai pendahuluan, "
          "TPI, dan TPN memakai lembar yang sama, masing-masing dengan jawabannya sendiri.",),
         ("pengungkit", "hasil", "kriteria", "tahap"), "Lembar Kerja Evaluasi"),
    Term("pengungkit", "Pengungkit", "Komponen LKE tentang tata kelola di dalam unit, dengan bobot 60.",
         ("Terdiri atas enam area perubahan. Setiap area dinilai dari dua sisi dengan bobot sama: Pemenuhan dan "
          "Reform.",),
         ("area", "pemenuhan", "reform", "hasil")),
    Term("pemenuhan", "Pemenuhan", "Sisi pengungkit yang menanyakan apakah yang diwajibkan sudah ada dan dijalankan.",
         ("Misalnya tim kerja, rencana kerja, SOP, dan pemantauannya. Bobotnya 30 dari 60.",),
         ("pengungkit", "reform")),
    Term("reform", "Reform", "Sisi pengungkit yang menanyakan perubahan nyata dari yang sudah dijalankan.",
         ("Banyak kriterianya dihitung dari jumlah, misalnya persentase pegawai atau layanan. Bobotnya 30 dari 60.",),
         ("pengungkit", "pemenuhan", "penyebut-nol")),
    Term("hasil", "Hasil", "Komponen LKE tentang dampak yang dirasakan masyarakat, dengan bobot 40.",
         ("Birokrasi yang Bersih dan Akuntabel (22,50) terdiri atas IPAK (17,50) dan capaian kinerja (5,00). "
          "Pelayanan Publik yang Prima (17,50) diukur dengan IPKP.",),
         ("ipak", "capaian-kinerja", "ipkp", "pengungkit")),
    Term("kriteria", "Kriteria", "Butir LKE yang dijawab dan dinilai.",
         ("Jawabannya Ya/Tidak, huruf A sampai C, D, atau E, jumlah yang dihitung menjadi persentase, atau indeks "
          "survei 0 sampai 4. Di bawah setiap huruf tertulis rubrik: keadaan yang dimaksud.",
          "Nilai sub-area adalah rata-rata nilai kriterianya dikali bobot sub-area itu.",),
         ("bobot", "lke", "bukti")),
    Term("bobot", "Bobot", "Nilai tertinggi yang dapat dicapai sebuah bagian LKE.",
         ("Bobot seluruh LKE berjumlah 100. Capaian sebuah bagian adalah nilainya dibagi bobotnya.",),
         ("kriteria",)),
    Term("bila-dikirim", "Nilai bila dikirim", "Nilai dengan kriteria yang belum dijawab dihitung 0.",
         ("Inilah nilai yang berlaku seandainya penilaian diajukan sekarang. Ambang batas predikat selalu "
          "memakainya.",),
         ("sementara", "ambang")),
    Term("sementara", "Nilai sementara", "Rata-rata dari kriteria yang sudah dijawab saja.",
         ("Menunjukkan arah selama pengisian, seperti lembar kerja kementerian. Setelah semua kriteria dijawab, "
          "nilai sementara sama dengan nilai bila dikirim.",),
         ("bila-dikirim",)),
    Term("penyebut-nol", "Penyebut nol", "Keadaan ketika persentase tidak dapat dihitung karena pembaginya 0.",
         ("Misalnya jumlah yang harus dicapai diisi 0. Peraturan tidak mengaturnya, jadi kriteria itu bernilai 0 "
          "dan ditandai “perlu penetapan TPI”. TPI dapat menetapkan nilainya dengan alasan, yang disimpan dan "
          "ikut tercetak.",
          "Pengecualian: bila pelanggaran disiplin tahun lalu dan tahun ini sama-sama 0, nilainya penuh.",),
         ("reform", "tpi")),
    Term("mengapa", "Mengapa nilai ini?", "Rincian langkah dari jawaban sampai nilai, untuk setiap angka.",
         ("Tekan sebuah nilai untuk melihat jawaban, rata-rata, bobot, dan aturan yang membentuknya.",),
         ("bobot", "bila-dikirim")),
    Term("bukti", "Bukti dukung", "Dokumen atau tautan yang menunjukkan bahwa sebuah jawaban benar.",
         ("Satu dokumen dapat dilampirkan pada banyak kriteria. Isinya tidak pernah ditimpa: berkas pengganti "
          "menjadi versi baru, dan versi saat diajukan tetap dapat dibuka.",),
         ("dokumen-diharapkan", "hasil-bukti", "versi")),
    Term("dokumen-diharapkan", "Dokumen yang diharapkan", "Daftar dokumen yang lazim diminta untuk sebuah kriteria.",
         ("Daftar ini membantu melihat apa yang belum terlampir. Bukti lain tetap boleh dilampirkan.",),
         ("bukti",)),
    Term("kelengkapan-bukti", "Kelengkapan bukti", "Berapa dari dokumen yang diharapkan sudah terlampir.",
         ("Dihitung per bagian LKE. Jawaban di atas nilai terendah yang belum berbukti didaftar tersendiri supaya "
          "dilengkapi sebelum diajukan.",),
         ("dokumen-diharapkan", "bukti")),
    Term("versi", "Versi dokumen", "Keadaan sebuah dokumen pada satu waktu; versi lama tidak hilang.",
         ("Mengganti berkas membuat versi baru. Pada pengajuan, portal mencatat versi yang berlaku saat itu.",),
         ("bukti", "salinan-tetap")),
    Term("dokumen-publik", "Dokumen publik", "Dokumen yang dibuka kepala unit bagi siapa saja, tanpa masuk ke portal.",
         ("Menariknya dari publik berlaku saat itu juga.",),
         ("bukti",)),
    # Who assesses, and the way to the ministry
    Term("tahap", "Tahap penilaian", "Urutan penilai yang menjawab LKE yang sama.",
         ("Mandiri oleh unit, pendahuluan oleh unit atasan bila dipakai, TPI, lalu TPN. Jawaban setiap tahap "
          "disimpan terpisah, dan hasil penilai baru terlihat oleh unit setelah tahap itu selesai.",),
         ("mandiri", "pendahuluan", "tpi", "tpn")),
    Term("mandiri", "Penilaian mandiri", "Penilaian oleh unit atas dirinya sendiri, berikut buktinya.",
         ("Diajukan oleh kepala unit disertai SPTJM. Sesudah itu jawaban dan bukti tidak dapat diubah, kecuali "
          "kriteria yang dikembalikan penilai.",),
         ("sptjm", "pengembalian", "tahap")),
    Term("pendahuluan", "Penilaian pendahuluan", "Penilaian oleh unit atasan sebelum TPI, dengan instrumen yang sama.",
         ("Pada kementerian/lembaga dilakukan unit eselon I atau unit tingkat provinsi, dan menjadi dasar apakah "
          "unit layak dinilai TPI. Pemerintah daerah tidak memakainya. Periode di portal menentukan dipakai atau "
          "tidak.",),
         ("tpi", "tahap")),
    Term("tpi", "TPI", "Tim bentukan pimpinan instansi yang mengevaluasi unit dan memberi rekomendasi.",
         ("Biasanya APIP. Anggota menilai, ketua tim memeriksa dan dapat mengembalikan ke unit, pengendali teknis "
          "menyetujui dan memutuskan. Hasilnya: unit memenuhi atau belum memenuhi kriteria.",),
         ("apip", "tpn", "lhe"), "Tim Penilai Internal"),
    Term("tpn", "TPN", "Tim nasional yang mengevaluasi unit yang diusulkan instansi.",
         ("Terdiri atas unsur Kementerian PANRB dan instansi lain. TPN memeriksa ambang batas, mendalami LKE dan "
          "bukti, meninjau lapangan, dan mengadakan survei kepada paling sedikit 30 penerima layanan. Hasilnya "
          "dicatat admin di portal.",),
         ("tpi", "pengusulan", "ipak", "ipkp"), "Tim Penilai Nasional"),
    Term("apip", "APIP", "Pengawas internal pemerintah, misalnya inspektorat.",
         ("APIP biasanya menjalankan tugas TPI. Tindak lanjut hasil pengawasan APIP dan BPK harus selesai 100% "
          "sebelum unit diusulkan.",),
         ("tpi", "bpk"), "Aparat Pengawasan Internal Pemerintah"),
    Term("hasil-bukti", "Hasil pemeriksaan bukti",
         "Pendapat penilai atas setiap dokumen: sesuai, kurang, atau tidak relevan.",
         ("Untuk kurang dan tidak relevan, penilai menulis alasannya.",),
         ("bukti", "tpi")),
    Term("catatan", "Catatan penilai",
         "Catatan, rekomendasi, atau kekuatan yang ditulis penilai pada sebuah kriteria.",
         ("Unit melihatnya sejak ditulis dan menjawab dengan tindak lanjut; penilai menyatakannya selesai atau "
          "membukanya kembali. Yang belum selesai tetap terlihat pada tahun berikutnya.",),
         ("tindak-lanjut", "lhe")),
    Term("tindak-lanjut", "Tindak lanjut", "Jawaban unit atas catatan penilai, dengan dokumen bila perlu.",
         (),
         ("catatan",)),
    Term("pengembalian", "Pengembalian",
         "Permintaan penilai agar unit memperbaiki kriteria tertentu sampai batas waktu.",
         ("Hanya kriteria yang disebut yang dapat diubah. Kepala unit mengajukan kembali; penilai lalu memeriksa "
          "yang berubah. Setiap pengembalian adalah satu putaran.",),
         ("catatan", "mandiri")),
    Term("benturan", "Benturan kepentingan", "Hubungan penilai dengan unit yang dapat memengaruhi penilaiannya.",
         ("Penilai yang menyatakannya langsung tidak dapat membuka penilaian unit itu, sampai atasannya dalam tim "
          "memutuskan. Pegawai yang sedang atau pernah menjadi bagian unit tidak dapat menilainya.",),
         ("tpi",)),
    Term("penilaian-kedua", "Penilaian kedua", "Sampel kriteria yang dinilai dua kali tanpa saling melihat.",
         ("Ketua tim menunjuk penilai kedua dan memutuskan yang berbeda. Periode menentukan besar sampelnya; 0 "
          "berarti tidak dipakai.",),
         ("kesepakatan", "tpi")),
    Term("kesepakatan", "Kesepakatan", "Bagian sampel yang dijawab sama oleh kedua penilai.",
         (),
         ("penilaian-kedua",)),
    Term("selisih", "Selisih", "Hasil penilai terakhir dikurangi hasil unit.",
         ("Selisih negatif berarti penilai memberi nilai lebih rendah daripada penilaian mandiri.",),
         ("tahap",)),
    Term("salinan-tetap", "Salinan tetap", "Salinan jawaban, nilai, dan bukti pada saat pengajuan atau keputusan.",
         ("Salinan tidak dapat diubah dan menjadi dasar SPTJM, LHE, dan data untuk PortalRB. Sidik jarinya "
          "menunjukkan bahwa isinya masih sama.",),
         ("sptjm", "lhe", "portalrb", "riwayat")),
    Term("riwayat", "Riwayat", "Catatan setiap perubahan: siapa, kapan, dari apa menjadi apa.",
         ("Tidak dapat dihapus; setiap barisnya terikat pada baris sebelumnya.",),
         ("salinan-tetap",)),
    Term("syarat", "Syarat pengusulan", "Hal yang harus terpenuhi sebelum unit diusulkan kepada TPN.",
         ("Tingkat instansi: opini BPK WTP, predikat SAKIP, indeks RB, dan maturitas SPIP. Tingkat unit: layanan "
          "utama dengan dampak nyata, tindak lanjut APIP/BPK 100%, LHKPN dan LHKAN 100%, sudah membangun ZI "
          "paling sedikit satu tahun, dan predikat SAKIP internal.",
          "Penilaian boleh diajukan sebelum semua syarat terpenuhi; pengusulan tidak, kecuali bagi unit afirmasi.",),
         ("pengusulan", "afirmasi", "wtp", "sakip", "spip", "indeks-rb")),
    Term("pengusulan", "Pengusulan", "Pengajuan unit yang memenuhi kepada TPN dengan surat pimpinan instansi.",
         ("Satu surat memuat semua unit yang diajukan dan dilengkapi SPTJM. Batasnya 31 Mei setiap tahun, kecuali "
          "TPN menetapkan waktu lain.",),
         ("syarat", "surat-pengajuan", "tpn")),
    Term("surat-pengajuan", "Surat pengajuan", "Surat kepada Menteri PANRB yang mengusulkan unit berpredikat.",
         ("Dibuat admin di portal; isinya tetap setelah dibuat, dan dapat diunduh sebagai PDF atau Word.",),
         ("pengusulan",)),
    Term("sptjm", "SPTJM", "Pernyataan bahwa semua data dan bukti yang disampaikan sesuai keadaan sebenarnya.",
         ("Dinyatakan kepala unit saat mengajukan. Portal membuat PDF-nya dari salinan tetap.",),
         ("mandiri", "salinan-tetap"), "Surat Pernyataan Tanggung Jawab Mutlak"),
    Term("surat-monev", "Surat monev", "Laporan pemantauan unit berpredikat kepada TPN.",
         ("Pemantauan dilakukan TPI dan dilaporkan paling sedikit sekali dalam dua tahun. Suratnya dibuat admin di "
          "portal dari nilai keputusan terakhir dan catatan yang belum selesai; isinya tetap setelah dibuat.",),
         ("predikat", "tpi", "tpn"), "Surat pemantauan dan evaluasi"),
    Term("rencana-aksi", "Rencana aksi", "Kegiatan unit untuk memenuhi kriteria: siapa mengerjakan apa, sampai kapan.",
         ("Yang belum selesai diteruskan bila periode dilanjutkan. Tidak memengaruhi nilai.",),
         ("kriteria", "dokumen-diharapkan", "penanggung-jawab")),
    Term("penanggung-jawab", "Penanggung jawab", "Anggota tim unit yang memegang sebuah area atau kriteria.",
         ("Penunjukan pada kriteria mendahului penunjukan pada areanya. Hak mengisi tidak berubah karenanya.",),
         ("kriteria", "rencana-aksi")),
    Term("lhe", "LHE", "Laporan TPI tentang hasil evaluasi sebuah unit.",
         ("Memuat nilai, catatan, rekomendasi, dan simpulan apakah unit memenuhi kriteria untuk diajukan kepada "
          "TPN. Dibuat dari salinan tetap saat pengendali teknis memutuskan.",),
         ("tpi", "salinan-tetap"), "Laporan Hasil Evaluasi"),
    Term("portalrb", "PortalRB", "Sistem kementerian yang mengambil usulan dan jawaban LKE dari instansi.",
         ("Yang dibaca hanya salinan tetap unit yang sudah diusulkan, tidak pernah yang sedang diisi. Bukti "
          "dibuka kementerian melalui tautan bertanda tangan yang berbatas waktu dan dapat dicabut.",),
         ("pengusulan", "salinan-tetap")),
    Term("rekap", "Rekap", "Daftar semua unit yang dapat Anda lihat terhadap ambang batas.",
         (),
         ("ambang", "selisih")),
    # Measures that criteria and conditions name
    Term("ipak", "IPAK", "Indeks survei 0 sampai 4 tentang bersihnya unit dari korupsi menurut penerima layanan.",
         ("Menanyakan diskriminasi, kecurangan, imbalan di luar ketentuan, percaloan, dan pungutan liar. Nilainya "
          "indeks dibagi 4 dikali 17,50. Minimum untuk kedua predikat 15,75, yaitu indeks 3,60.",),
         ("ipkp", "hasil"), "Indeks Persepsi Anti Korupsi"),
    Term("ipkp", "IPKP", "Indeks survei 0 sampai 4 tentang mutu pelayanan menurut penerima layanan.",
         ("Nilainya indeks dibagi 4 dikali 17,50. Minimum 14,00 untuk Menuju WBK (indeks 3,20) dan 15,75 untuk "
          "Menuju WBBM (indeks 3,60).",),
         ("ipak", "hasil"), "Indeks Persepsi Kualitas Pelayanan"),
    Term("capaian-kinerja", "Capaian kinerja", "Apakah target kinerja utama tercapai dan lebih baik dari tahun lalu.",
         ("Bobotnya 5,00. Minimum 2,50 untuk Menuju WBK (jawaban C) dan 3,75 untuk Menuju WBBM (jawaban B).",),
         ("hasil", "sakip")),
    Term("sakip", "SAKIP", "Cara instansi merencanakan, mengukur, dan melaporkan kinerjanya.",
         ("Syarat pengusulan: predikat paling rendah B untuk Menuju WBK dan BB untuk Menuju WBBM, bagi instansi "
          "dan, dari evaluasi internal, bagi unit.",),
         ("syarat", "capaian-kinerja"), "Sistem Akuntabilitas Kinerja Instansi Pemerintah"),
    Term("spip", "SPIP", "Pengendalian yang menjaga agar kegiatan instansi tertib, andal, dan taat aturan.",
         ("Syarat pengusulan tingkat instansi: maturitas paling rendah level 3.",),
         ("syarat",), "Sistem Pengendalian Intern Pemerintah"),
    Term("indeks-rb", "Indeks RB", "Nilai pelaksanaan reformasi birokrasi sebuah instansi.",
         ("Syarat Menuju WBK: paling rendah CC bagi pemerintah daerah dan B bagi kementerian/lembaga. Syarat "
          "Menuju WBBM: B bagi pemerintah daerah dan BB bagi kementerian/lembaga.",),
         ("syarat",), "Indeks Reformasi Birokrasi"),
    Term("lhkpn", "LHKPN", "Laporan harta kekayaan yang wajib disampaikan penyelenggara negara.",
         ("LKE menghitung bagian wajib lapor yang sudah melapor. Syarat pengusulan: kepatuhan 100%.",),
         ("lhkan", "syarat"), "Laporan Harta Kekayaan Penyelenggara Negara"),
    Term("lhkan", "LHKAN", "Laporan harta kekayaan pegawai yang tidak wajib LHKPN.",
         ("Pada LKE termasuk Non-LHKPN. Syarat pengusulan: kepatuhan 100%.",),
         ("lhkpn", "syarat"), "Laporan Harta Kekayaan Aparatur Negara"),
    Term("bpk", "BPK", "Lembaga negara yang memeriksa pengelolaan keuangan negara.",
         ("Opininya atas laporan keuangan instansi menjadi syarat pengusulan, begitu pula tindak lanjut temuannya.",),
         ("wtp", "apip", "syarat"), "Badan Pemeriksa Keuangan"),
    Term("wtp", "WTP", "Opini BPK bahwa laporan keuangan disajikan wajar.",
         ("Syarat pengusulan tingkat instansi, untuk Menuju WBK maupun Menuju WBBM.",),
         ("bpk", "syarat"), "Wajar Tanpa Pengecualian"),
    Term("skm", "SKM", "Survei kepuasan masyarakat yang diadakan unit pelayanan.",
         ("Survei persepsi kualitas pelayanan mengacu pada kebijakan SKM. Setelah unit berpredikat, hasil SKM "
          "dapat dipakai TPI untuk memantau mutu layanannya.",),
         ("ipkp",), "Survei Kepuasan Masyarakat"),
)  # fmt: skip

TERMS = {term.slug: term for term in sorted(_ENTRIES, key=lambda term: term.name.casefold())}


def related(term: Term) -> list[Term]:
    """Return the entries that a term points to."""
    return [TERMS[slug] for slug in term.also]
