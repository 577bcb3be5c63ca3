from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Pengguna dan unit"

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .converters import register
        from .groups import grant_admin_group

        register()
        post_migrate.connect(grant_admin_group, dispatch_uid="accounts.grant_admin_group")
