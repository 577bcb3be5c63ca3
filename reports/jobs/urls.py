"""The addresses of long work."""

from django.urls import URLPattern, path

from . import views

_JOB = "unduhan/<uuid:job>"

urlpatterns: list[URLPattern] = [
    path("unduhan/", views.jobs, name="jobs"),
    path(f"{_JOB}/", views.job, name="job"),
    path(f"{_JOB}/batal/", views.job_cancel, name="job-cancel"),
    path(f"{_JOB}/ulang/", views.job_again, name="job-again"),
    path(f"{_JOB}/berkas/", views.job_file, name="job-file"),
    path("rekap/<year:year>/unduh/lke-banyak/", views.job_lke, name="job-lke"),
    path("rekap/<year:year>/unduh/rekap-latar/", views.job_recap, name="job-recap"),
    path("penilaian/<year:year>/<unit:code>/unduh/bukti/", views.evidence_zip, name="evidence-zip"),
    path("penilaian/<year:year>/<unit:code>/unduh/bukti/siapkan/", views.job_evidence, name="job-evidence"),
]
