from django.urls import path

from . import views
from .importing.urls import urlpatterns as importing
from .jobs.urls import urlpatterns as jobs
from .monev.urls import urlpatterns as monev
from .portalrb.urls import urlpatterns as portalrb
from .recap.urls import urlpatterns as recap_patterns

app_name = "reports"
_COPY = "penilaian/<year:year>/<unit:code>/salinan/<uuid:snapshot>"
_LETTER = "usulan/<year:year>/<uuid:proposal>"

urlpatterns = [
    path("penilaian/<year:year>/<unit:code>/unduh/lke.xlsx", views.lke_xlsx, name="lke-xlsx"),
    path("penilaian/<year:year>/<unit:code>/unduh/lke.pdf", views.lke_pdf, name="lke-pdf"),
    path(f"{_COPY}/lke.pdf", views.fixed_lke_pdf, name="fixed-lke-pdf"),
    path(f"{_COPY}/sptjm.pdf", views.sptjm_pdf, name="sptjm-pdf"),
    path(f"{_COPY}/lhe.pdf", views.lhe_pdf, name="lhe-pdf"),
    path(f"{_COPY}/lhe.docx", views.lhe_docx, name="lhe-docx"),
    path(f"{_LETTER}/surat.pdf", views.letter_pdf, name="letter-pdf"),
    path(f"{_LETTER}/surat.docx", views.letter_docx, name="letter-docx"),
    *importing,
    *jobs,
    *monev,
    *portalrb,
    *recap_patterns,
]
