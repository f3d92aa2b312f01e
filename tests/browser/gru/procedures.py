"""Procedures at each step of their life, for the pages of the designer; and a hub that answers them at once."""

from etoile.gru.access.models import Account
from etoile.gru.forms.editing import drafts
from etoile.gru.forms.editing.change import Edit
from etoile.gru.forms.editing.questions import set_procedure
from etoile.gru.forms.editing.structure import set_values
from etoile.gru.forms.models import Procedure
from etoile.gru.outbox.rehearsal import Answer, Read, Receiver, Rehearsed, Value


def prepare(account: Account) -> None:
    """A version begun over one in service, with something of each change; a procedure just begun."""
    acte = Procedure.objects.get(authority=account.authority, slug="acte-etat-civil")
    drafts.open_draft(acte, by=account)
    set_procedure(Edit(acte, 0, account), {"delay": {"fr": "Une semaine", "en": "One week"}})
    set_values(Edit(acte, 1, account, "Dit à l’accueil"), "field", "motif", {"hint": {"fr": "Pour quoi faire ?"}})
    message = {"subject": {"fr": "Votre acte {{ reference }}"}, "body": {"fr": "Bonjour du {{ service }}."}}
    set_procedure(Edit(acte, 2, account), {"messages": {"decision": message}}, verb="message_changed")
    drafts.create(account.authority, title={"fr": "Kermesse"}, team=acte.team, by=account)


def hub(type: str, *, authority: str, data: list[dict[str, object]]) -> Rehearsed:
    """In place of the hub, which no page test starts: one application, which reads two answers."""
    reads = tuple(Read(f"answers.{name}", "mapping", True) for name in ("type_acte", "motif"))
    values = (Value("/send/Type", "", "Copie intégrale", ""), Value("/send/Motif", "", "Mariage", ""))
    told = Receiver("etat-civil", "État civil (simulé)", True, "", (), reads, values)
    return Rehearsed(Answer.GIVEN, tuple((told,) for _each in data))
