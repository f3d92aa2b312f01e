from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.management.named import authority_named, takes_authority
from etoile.gru.access.models import ApiClient
from etoile.gru.api import clients
from etoile.gru.api.allowed import PLAIN


class Command(BaseCommand):
    help = "The programs that may use the API (docs/api.md). A secret is shown once: keep it in a safe place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("create", "list", "allow", "renew", "close"))
        parser.add_argument("client", nargs="?", default="", help="a name (create), else a client identifier")
        takes_authority(parser)
        parser.add_argument("--scope", action="append", default=[], help="may be repeated")
        parser.add_argument("--procedure", action="append", default=[], help="SLUG, or SLUG=FIELD[,FIELD…]")
        parser.add_argument("--per-minute", type=int, help="requests a minute, if not the usual number")

    def handle(self, *args: Any, verb: str, client: str, authority: str, **options: Any) -> None:
        if verb == "list":
            self._list()
            return
        if not client:
            raise CommandError("name the client")
        given = {
            "scopes": options["scope"],
            "procedures": dict(_procedure(text) for text in options["procedure"]),
            "per_minute": options["per_minute"],
        }
        try:
            if verb == "create":
                made, secret = clients.create(authority_named(authority), client, **given)
                self.stdout.write(f"client_id: {made.client_id}\nclient_secret: {secret}")
                return
            found = self._client(client)
            if verb == "allow":
                clients.allow(found, **given)
                self.stdout.write(f"{found.name} may do exactly this from now on.")
            elif verb == "renew":
                self.stdout.write(f"client_secret: {clients.renew(found)}")
            else:
                clients.close(found)
                self.stdout.write(f"{found.name} is closed.")
        except clients.ClientRefused as refused:
            raise CommandError(str(refused)) from refused

    def _list(self) -> None:
        for each in ApiClient.objects.select_related("authority", "limits").order_by("name", "pk"):
            limits = getattr(each, "limits", None)
            procedures = limits.procedures if limits is not None else {}
            listed = " ".join(f"{slug}={','.join(fields)}" for slug, fields in sorted(procedures.items()))
            self.stdout.write(f"{each.client_id}  {each.name}  [{each.allowed_scopes}]  {listed or 'every procedure'}")

    def _client(self, identifier: str) -> ApiClient:
        found = ApiClient.objects.select_related("authority").filter(client_id=identifier).first()
        if found is None:
            raise CommandError(f"there is no client “{identifier}”: see `etoile gru client list`")
        return found


def _procedure(text: str) -> tuple[str, list[str]]:
    slug, _equal, fields = text.partition("=")
    return slug, fields.split(",") if fields else [PLAIN]
