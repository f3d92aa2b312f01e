from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from etoile.gru.access.models import Authority
from etoile.gru.identity import discovery, leaving, ruling, wire


class Command(BaseCommand):
    help = "Whether the directory of the authority answers, and what its groups give is there."

    def handle(self, *args: Any, **options: Any) -> None:
        directory = settings.IDENTITY.directory
        if directory is None:
            self.stdout.write("No directory (GRU_DIRECTORY_URL): agents sign in by other ways.")
            return
        authority = Authority.objects.filter(siret=directory.siret).first()
        if authority is None:
            raise CommandError(f"No authority has the SIRET {directory.siret}: see GRU_DIRECTORY_AUTHORITY.")
        if missing := ruling.unknown_teams(directory):
            raise CommandError(f"GRU_DIRECTORY_ROLES names teams that are not there: {', '.join(missing)}.")
        try:
            discovery.known(directory.platform)
        except wire.Unreachable as problem:
            raise CommandError(f"The directory at {directory.platform.issuer} cannot be read: {problem}.") from problem
        if leaving.held(authority):
            raise CommandError("The directory closed too many accounts within an hour: « Administration », « Agents ».")
        leavers = "it tells who leaves" if directory.token else "it does not tell who leaves (GRU_DIRECTORY_SCIM_TOKEN)"
        self.stdout.write(f"The directory answers; {len(directory.lines)} lines give roles; {leavers}.")
