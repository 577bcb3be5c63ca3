from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Penilaian LKE"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the system checks
