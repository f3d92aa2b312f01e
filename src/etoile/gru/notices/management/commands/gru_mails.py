from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.html import format_html, format_html_join

from etoile.gru.access.management.named import authority_named, takes_authority
from etoile.gru.access.models import Authority
from etoile.gru.notices import samples

PAGE = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>{0}</title><h1>{0}</h1>'
    "<table><tr><th>Message<th>Langue<th>Objet{1}</table></html>"
)
ROW = '<tr><td><a href="{0}.html">{1}</a> (<a href="{0}.txt">texte</a>)<td>{2}<td>{3}\n'


class Command(BaseCommand):
    help = "Every e-mail of the authority in each language, text and HTML, with made-up facts; index.html lists them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        takes_authority(parser)

    def handle(self, *args: Any, folder: Path, authority: str, **options: Any) -> None:
        town = authority_named(authority)
        folder.mkdir(parents=True, exist_ok=True)
        rows = [row for language, _name in settings.LANGUAGES for row in self._write(folder, town, language)]
        index = format_html(PAGE, f"Courriels de {town}", format_html_join("", ROW, rows))
        (folder / "index.html").write_text(index, encoding="utf-8")
        self.stdout.write(f"{len(rows)} e-mails in {folder}/index.html; no address in them opens anything.")

    def _write(self, folder: Path, authority: Authority, language: str) -> list[tuple[str, str, str, str]]:
        rows = []
        for name, notice in samples.every(authority, language):
            message = samples.message(notice)
            (html,) = (each.content for each in message.alternatives)
            file = f"{name}.{language}"
            (folder / f"{file}.html").write_text(str(html), encoding="utf-8")
            (folder / f"{file}.txt").write_text(f"{message.subject}\n\n{message.body}", encoding="utf-8")
            rows.append((file, name, language, str(message.subject)))
        return rows
