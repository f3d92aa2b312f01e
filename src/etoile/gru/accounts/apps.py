from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "etoile.gru.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Give the notices the words of our e-mails: the room below may not know ours."""
        from etoile.gru.accounts import letters

        letters.register()
