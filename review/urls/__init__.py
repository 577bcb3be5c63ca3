"""The review's addresses, by part."""

from . import deciding, findings, judging, submission, teams

app_name = "review"
urlpatterns = [
    *submission.urlpatterns,
    *judging.urlpatterns,
    *teams.urlpatterns,
    *findings.urlpatterns,
    *deciding.urlpatterns,
]
