"""The process dies after each statement of what is done at the counter: an entry sent, a payment, another procedure."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from etoile.gru.cases.states import Channel
from etoile.gru.counter import entering
from etoile.gru.counter.entering import Arrival
from etoile.gru.counter.models import Entry, Letter
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import Fee, How
from etoile.gru.filling import services as filling
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import resume
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.requalification.models import Requalification
from etoile.gru.requalification.services import requalify
from tests.gru.cases import test_kills
from tests.gru.conftest import PROCEDURE

OURS = tuple(model._meta.db_table for model in (Entry, Letter, Fee, Requalification, Draft))


def entered(town):
    """A form filled for somebody without an e-mail, ready to be sent."""
    arrival = Arrival(Channel.MAIL, timezone.localdate(), has_email=False)
    draft = entering.begin(town.agent, town.fresh_version(), arrival)
    opened = resume(draft.id, entering.key_of(draft.id), authority=town.authority)
    filling.save_page(opened, opened.definition.pages[0], {"nom": "Martin", "motif": "Mariage"})
    return lambda: entering.FRAME.send(SimpleNamespace(user=town.agent), opened, {})


def paid(town):
    fee = fees.ask(town.submit().pk, town.agent, fees.Asked(1650, How.TILL))
    return lambda: fees.pay(fee.pk, town.agent, reference="Q-1", paid_on=timezone.localdate())


def moved(town):
    case = town.submit()
    version = load(town.authority, PROCEDURE | {"slug": "copie", "title": {"fr": "Copie"}})
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    version.procedure.refresh_from_db()
    return lambda: requalify(case.pk, town.agent, version, reason="Mauvaise démarche.")


@pytest.mark.parametrize("scene", [entered, paid, moved])
def test_a_process_that_dies_at_the_counter_leaves_all_or_nothing(town, monkeypatch, scene):
    monkeypatch.setattr(test_kills, "TABLES", (*test_kills.TABLES, *OURS))
    assert test_kills.all_or_nothing(scene(town)) > 8
