"""Works on many cases: one under way, one that refused a case, one whose file is ready; and an absence to come."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from etoile.gru.absences.services import declare
from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.batches import running, services
from etoile.gru.batches.models import Batch, Format, Item, Kind, State


def build(agent: Account, cases: list[UUID]) -> dict[str, UUID | int]:
    going = services.ask(agent, Kind.MESSAGE, cases, {"body": "Le service ferme lundi."})
    going.items.filter(number=1).update(state=Item.State.DONE)
    Batch.objects.filter(pk=going.pk).update(state=State.RUNNING)
    done = services.ask(agent, Kind.ASSIGN, [UUID(int=1)], {"to": agent.pk}, query="onglet=a-traiter")
    running.act(done.pk, lambda: False)
    file = services.ask_export(agent, "onglet=toutes", form=Format.CSV)
    running.export(file.pk, lambda: False)
    today = timezone.localdate()
    contact = {"given_name": "Robin", "family_name": "Lefèvre", "email": "robin.lefevre@valmont-sur-loire.example"}
    colleague = Account.objects.create(authority=agent.authority, **contact)
    Membership.objects.create(account=colleague, team=agent.memberships.first().team, role=Role.INSTRUCTOR)
    given = {"first": today + timedelta(days=20), "last": today + timedelta(days=34), "today": today}
    absence = declare(agent, by=agent, stand_in=colleague, **given)
    return {"absence": absence.pk, "batch_going": going.pk, "batch_done": done.pk, "batch_file": file.pk}
