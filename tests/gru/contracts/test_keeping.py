"""Contracts as they are kept: by the pages of the administration, by a file, by commands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from tests.gru.api.calling import Caller
from tests.gru.conftest import log_in, text

from etoile.gru.access.models import ApiClient, Role
from etoile.gru.access.services import create_agent
from etoile.gru.audit.models import Entry
from etoile.gru.contracts.models import Contract

FORM = {
    "application": "etat-civil",
    "purpose": "Préparer les actes",
    "legal_basis": "RGPD, art. 6.1.e",
    "begins_on": "2026-01-01",
    "retention_months": "12",
    "procedures": ["acte"],
    "read_email": "200",
    "read_family_name": "100",
}
FILE = """
contracts:
  - application: etat-civil
    purpose: Préparer les actes
    legal_basis: RGPD, art. 6.1.e
    procedures: [acte]
    read: [family_name, email]
    retention_months: 12
    begins_on: 2026-01-01
  - application: Borne
    client: Borne
    purpose: Prévenir
    legal_basis: RGPD, art. 6.1.e
    sectors: [etat-civil]
    read: {email: 200}
    write: {email: 200}
    retention_months: 6
    begins_on: 2026-01-01
    ends_on: 2026-06-30
"""


def page(name, *args):
    return reverse(f"administration:{name}", args=args)


def test_a_contract_is_written_suspended_with_a_reason_resumed_and_ended_on_its_pages(town, client):
    dpo = create_agent(town.authority, "dpo@valmont.example", password=None, roles={None: [Role.DPO]})
    log_in(client, dpo)
    assert "1 démarche part vers le concentrateur sans le nom" in text(client.get(page("contracts")))
    wrong = client.post(page("contract-add"), {**FORM, "procedures": [], "ends_on": "2025-01-01"})
    assert wrong.status_code == 422
    assert "ne couvre pas tout" in text(wrong) and "vient après le premier" in text(wrong)
    assert client.post(page("contract-add"), FORM).status_code == 302
    row = Contract.objects.get()
    assert (row.way, row.client) == ("hub", None)
    assert row.attributes == {"family_name": {"read": 100}, "email": {"read": 200}}
    assert "sans le nom" not in text(client.get(page("contracts")))
    client.post(page("contract-stop", row.pk), {"why": " "})
    row.refresh_from_db()
    assert row.suspended_at is None
    for sent, state in (({"why": "Fuite"}, "suspended"), ({"resume": "1"}, "in_force"), ({"end": "1"}, "in_force")):
        client.post(page("contract-stop", row.pk), sent)
        row.refresh_from_db()
        assert row.state_on(town.authority.today()) == state
    assert row.ends_on == town.authority.today()
    noted = Entry.objects.filter(action__startswith="contract.").order_by("pk").values_list("action", "actor")
    verbs = ("kept", "suspended", "resumed", "ended")
    assert list(noted) == [(f"contract.{verb}", str(dpo)) for verb in verbs]


def test_who_treats_cases_keeps_no_contract(town, agent, client):
    assert client.get(page("contracts")).status_code == 403
    assert client.post(page("contract-add"), FORM).status_code == 403


def test_the_commands_load_a_file_whole_or_not_at_all_and_say_what_there_is(town, tmp_path):
    Caller(town, known=False)
    file = tmp_path / "contracts.yaml"

    def run(*given):
        out = StringIO()
        call_command("gru_contract", *given, stdout=out)
        return out.getvalue()

    file.write_text(FILE.replace("sectors: [etat-civil]", "sectors: [rien]\n    oubli: 1"), encoding="utf-8")
    with pytest.raises(CommandError, match="oubli"):
        run("load", str(file))
    assert not Contract.objects.exists()
    file.write_text(FILE, encoding="utf-8")
    run("load", str(file))
    run("load", str(file))
    listed = run("list").splitlines()
    assert len(listed) == 2
    assert "Borne (api)  ended  from 2026-01-01 to 2026-06-30  sector:etat-civil" in listed[0]
    by_hub, by_api = Contract.objects.get(way="hub"), Contract.objects.get(way="api")
    assert by_api.client == ApiClient.objects.get(name="Borne")
    assert by_api.attributes == {"email": {"read": 200, "write": 200}}
    assert "suspended" in run("suspend", str(by_hub.pk), "--why=Fuite")
    assert "in_force" in run("resume", str(by_hub.pk))
    assert "to 2026-12-31" in run("end", str(by_hub.pk), "--on=2026-12-31")
    with pytest.raises(CommandError, match="no contract"):
        run("end", "rien")
