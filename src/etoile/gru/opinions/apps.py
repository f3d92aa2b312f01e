"""Django application of the opinions."""

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "etoile.gru.opinions"
    label = "opinions"
    verbose_name = "Avis"

    def ready(self) -> None:
        """Give the notices the address of an invitation, and the archives what an opinion holds: the rooms below may
        not know ours."""
        from etoile.gru.archive import erasure
        from etoile.gru.notices.links import register_own
        from etoile.gru.opinions.links import invitation_address
        from etoile.gru.opinions.models import Opinion
        from etoile.gru.opinions.services import forget_documents

        for template in ("opinion_asked", "opinion_reminder"):
            register_own(template, invitation_address)
        erasure.register(Opinion, forget_documents)
