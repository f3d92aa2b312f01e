from django.contrib.staticfiles import apps


class StaticFilesConfig(apps.StaticFilesConfig):
    """The documentation page has one viewer; the framework's other one (4 MB) is left out."""

    ignore_patterns = [*apps.StaticFilesConfig.ignore_patterns, "redoc*"]
