from django.urls import URLPattern, path

from .views import criterion, documents, exports, files, importing, library

app_name = "evidence"
ASSESSMENT = "penilaian/<year:year>/<unit:code>"
CRITERION = f"{ASSESSMENT}/bukti/<place:criterion>"
LIBRARY = "unit/<unit:code>/dokumen"
DOCUMENT = f"{LIBRARY}/<uuid:document>"
IMPORT = f"{ASSESSMENT}/impor-bukti"
urlpatterns: list[URLPattern] = [
    path(f"{CRITERION}/", criterion.criterion, name="criterion"),
    path(f"{CRITERION}/unggah/", criterion.upload, name="upload"),
    path(f"{CRITERION}/tautan/", criterion.link, name="link"),
    path(f"{CRITERION}/pilih/", criterion.pick, name="pick"),
    path(f"{CRITERION}/<uuid:attachment>/ubah/", criterion.change, name="change"),
    path(f"{CRITERION}/<uuid:attachment>/lepas/", criterion.detach, name="detach"),
    path(f"{IMPORT}/", importing.import_start, name="import-start"),
    path(f"{IMPORT}/zip/", importing.import_zip, name="import-zip"),
    path(f"{IMPORT}/mulai/", importing.import_begin, name="import-begin"),
    path(f"{IMPORT}/<uuid:batch>/", importing.import_preview, name="import"),
    path(f"{IMPORT}/<uuid:batch>/berkas/", importing.import_file, name="import-file"),
    path(f"{IMPORT}/<uuid:batch>/lanjut/", importing.import_step, name="import-step"),
    path(f"{IMPORT}/<uuid:batch>/terapkan/", importing.import_apply, name="import-apply"),
    path(f"{IMPORT}/<uuid:batch>/batal/", importing.import_discard, name="import-discard"),
    path(f"{ASSESSMENT}/bukti.zip", exports.export, name="export"),
    path(f"{LIBRARY}/", library.library, name="library"),
    path(f"{LIBRARY}/tambah/", library.add, name="add"),
    path(f"{LIBRARY}/massal/", library.bulk, name="bulk"),
    path(f"{LIBRARY}/lampirkan/", library.bulk_attach, name="bulk-attach"),
    path(f"{DOCUMENT}/", documents.document, name="document"),
    path(f"{DOCUMENT}/ubah/", documents.describe, name="describe"),
    path(f"{DOCUMENT}/versi/", documents.replace, name="replace"),
    path(f"{DOCUMENT}/publikasi/", documents.publish, name="publish"),
    path(f"{DOCUMENT}/hapus/", documents.delete, name="delete"),
    path(f"{DOCUMENT}/periksa/", documents.check_link, name="check-link"),
    path(f"{DOCUMENT}/versi/<count:number>/berkas/", files.file, name="file"),
    path(f"{DOCUMENT}/versi/<count:number>/halaman/<count:page>/", files.page_image, name="page-image"),
    path("publik/dokumen/<uuid:document>/", files.public_file, name="public-file"),
]
