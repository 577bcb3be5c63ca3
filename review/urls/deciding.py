"""Comparing, deciding, proposing, and what came of it."""

from django.urls import URLPattern, path

from ..views import deciding, predicates, proposals, results

_ASSESSMENT = "penilaian/<year:year>/<unit:code>"

urlpatterns: list[URLPattern] = [
    path(f"{_ASSESSMENT}/perbandingan/", deciding.compare, name="compare"),
    path(f"{_ASSESSMENT}/langkah/<slug:step>/", deciding.step_page, name="step-page"),
    path(f"{_ASSESSMENT}/langkah/<slug:step>/simpan/", deciding.step, name="step"),
    path("usulan/<year:year>/", proposals.proposals, name="proposals"),
    path("usulan/<year:year>/buat/", proposals.proposal_add, name="proposal-add"),
    path("usulan/<year:year>/<uuid:proposal>/", proposals.proposal, name="proposal"),
    path(f"{_ASSESSMENT}/hasil-tpn/", results.result_page, name="result-page"),
    path(f"{_ASSESSMENT}/hasil-tpn/simpan/", results.result, name="result"),
    path("unit/<unit:code>/rekam/", predicates.record, name="record"),
    path("unit/<unit:code>/predikat/<count:award>/cabut/", predicates.award_withdraw_page, name="award-withdraw-page"),
    path("unit/<unit:code>/predikat/<count:award>/cabut/simpan/", predicates.award_withdraw, name="award-withdraw"),
    path("publik/predikat/", predicates.predicates, name="predicates"),
]
