from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "etoile.gru.accounts"
    label = "accounts"

    def ready(self) -> None:
        """The rooms below do not know ours: the words of our e-mails, what an account fills in, what becomes of one
        that is merged."""
        from etoile.gru.accounts import letters, merged, profile
        from etoile.gru.filling import prefilling

        letters.register()
        merged.declare()
        prefilling.register_account(profile.told)
