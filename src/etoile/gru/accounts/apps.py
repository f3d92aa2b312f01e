from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "etoile.gru.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Give the notices the words of our e-mails, and the forms what an account fills in: the rooms below may not
        know ours."""
        from etoile.gru.accounts import letters, profile
        from etoile.gru.filling import prefilling

        letters.register()
        prefilling.register_account(profile.told)
