from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Bukti dukung"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers them
