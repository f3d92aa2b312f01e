from django.apps import AppConfig


class TiesConfig(AppConfig):
    name = "etoile.gru.ties"
    label = "ties"

    def ready(self) -> None:
        from etoile.gru.accounts import queries as accounts
        from etoile.gru.filling import opened
        from etoile.gru.notices import readers
        from etoile.gru.ties import holder, mandates

        holder.declare()
        accounts.register(mandates.out_of_reach)
        readers.register(mandates.readers_instead)
        opened.guards.append(mandates.refuse_draft)
