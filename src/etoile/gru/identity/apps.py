from django.apps import AppConfig
from django.conf import settings


class IdentityConfig(AppConfig):
    name = "etoile.gru.identity"
    label = "identity"

    def ready(self) -> None:
        """A role that does not exist stops the start, as any wrong setting does."""
        from etoile.gru.identity import ruling

        ruling.check(settings.IDENTITY.directory)
