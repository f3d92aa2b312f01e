"""Django application of the absences."""

from django.apps import AppConfig


class AbsencesConfig(AppConfig):
    name = "etoile.gru.absences"
    label = "absences"
    verbose_name = "Absences"
