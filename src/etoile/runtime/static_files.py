"""Static files that no page of ours asks for are neither collected nor compressed: a first start took seconds more."""

from typing import Final

from django.contrib.staticfiles import apps

# The API framework's other viewer (4 MB), all of htmx but the file made to be served, what OAuth's own pages use.
NEVER_ASKED_FOR: Final = ["redoc*", "oauth2_provider", "ext", "htmax-*", "htmx-4*", "htmx-2.js"]


class StaticFilesConfig(apps.StaticFilesConfig):
    ignore_patterns = [*apps.StaticFilesConfig.ignore_patterns, *NEVER_ASKED_FOR]
