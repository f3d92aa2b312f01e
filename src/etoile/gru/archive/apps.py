"""Django application of the archives."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "etoile.gru.archive"
    label = "archive"
    verbose_name = "Archives"

    def ready(self) -> None:
        """Tell the cases which of them are set apart: the room below may not know ours. The log of who read what has a
        time of its own, which nobody shortens; a notice may have been told in one that is about no case."""
        from etoile.gru.archive import erasure
        from etoile.gru.archive.queries import is_set_apart
        from etoile.gru.audit.models import Entry
        from etoile.gru.cases.apart import register
        from etoile.gru.notices.models import Notice
        from etoile.gru.notices.services import forget_case

        register("archive", is_set_apart, from_person=True, from_archives=False)
        erasure.keep(Entry)
        erasure.register(Notice, forget_case)
