from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "etoile.gru.administration"
    label = "administration"

    def ready(self) -> None:
        """The notices learn what an invitation says, and where it leads."""
        from etoile.gru.administration import braked, invitations

        invitations.register()
        braked.register()
