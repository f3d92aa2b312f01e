from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "etoile.gru.counter"
    label = "counter"

    def ready(self) -> None:
        """The rooms below do not know ours: where a form is filled by an agent, what becomes of a notice without
        e-mail."""
        from etoile.gru.archive import erasure
        from etoile.gru.counter import entering, letters
        from etoile.gru.counter.models import Entry
        from etoile.gru.notices.posting import register as post
        from etoile.gru.portal.frames import register as frame

        frame(entering.WITHIN, entering.FRAME)
        post(letters.to_print)
        erasure.register(Entry, entering.forget_case)
