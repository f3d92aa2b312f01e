from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from etoile.hub.journal.models import Entry
from etoile.hub.registry import operators
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Change, Credential, Operator

pytestmark = pytest.mark.django_db
PASSWORD = "une phrase assez longue 42"
BY = By("claire@example.org", "Nouvelle équipe")


def make(email: str, role: str = "reader") -> Operator:
    return operators.create(email, PASSWORD, role=role, by=BY)


def test_the_first_operator_is_administrator_and_the_next_one_what_was_asked() -> None:
    assert make("a@example.org").role == "administrator"
    assert make("b@example.org").role == "reader"
    assert make("c@example.org", "operator").role == "operator"


def test_each_role_does_all_that_the_one_before_it_does() -> None:
    operator = Operator(role="operator")
    assert [operator.may(role) for role in ("reader", "operator", "administrator")] == [True, True, False]


def test_a_change_of_role_is_in_the_history_and_in_the_journal() -> None:
    make("a@example.org")
    make("b@example.org")
    operators.give_role("B@example.org", "operator", by=By("a@example.org", "Remplace Léa"))
    change = Change.objects.filter(kind="operator", name="b@example.org").first()
    assert (change.before["role"], change.after["role"]) == ("reader", "operator")
    assert (change.actor, change.reason) == ("a@example.org", "Remplace Léa")
    entry = Entry.objects.filter(kind="registry.changed").first()
    assert entry.detail == {
        "change": str(change.pk),
        "kind": "operator",
        "name": "b@example.org",
        "reason": "Remplace Léa",
        "fields": ["role"],
    }


def test_giving_the_role_someone_has_writes_nothing() -> None:
    make("a@example.org")
    before = Change.objects.count()
    operators.give_role("a@example.org", "administrator", by=BY)
    assert Change.objects.count() == before


def test_the_last_administrator_can_neither_leave_nor_step_down() -> None:
    make("a@example.org")
    make("b@example.org", "administrator")
    operators.close("b@example.org", by=BY)
    for verb in (
        lambda: operators.close("a@example.org", by=BY),
        lambda: operators.give_role("a@example.org", "reader", by=BY),
    ):
        with pytest.raises(operators.LastAdministratorError):
            verb()
    operators.reopen("b@example.org", by=BY)
    assert not operators.close("a@example.org", by=BY).is_active


def test_a_decision_about_someone_needs_a_reason() -> None:
    make("a@example.org")
    with pytest.raises(ValidationError):
        operators.close("a@example.org", by=By("a@example.org", " "))


def test_the_commands_give_a_role_and_close_an_account(tmp_path) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    said = StringIO()
    for email in ("a@example.org", "b@example.org"):
        call_command("hub_operator", "create", email, password_file=file, stdout=said)
    call_command("hub_operator", "role", "b@example.org", role="administrator", reason="Renfort", stdout=said)
    call_command("hub_operator", "close", "a@example.org", reason="Partie", stdout=said)
    assert said.getvalue().splitlines()[2:] == [
        "b@example.org is administrator from now on.",
        "a@example.org comes in no more.",
    ]
    with pytest.raises(CommandError, match="only administrator"):
        call_command("hub_operator", "close", "b@example.org", reason="Partie")
    with pytest.raises(CommandError, match="no operator"):
        call_command("hub_operator", "close", "x@example.org", reason="Partie")


@pytest.mark.parametrize(
    "statement", ["UPDATE registry_change SET reason = 'x'", "DELETE FROM registry_change", "TRUNCATE registry_change"]
)
def test_the_history_is_append_only(statement: str) -> None:
    make("a@example.org")
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.usefixtures("town")
def test_no_scope_of_the_hub_is_held_by_a_credential_that_does_not_operate_it() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(client_id="gru").update(scopes="events:write hub:read")
    Credential.objects.filter(client_id="gru").update(scopes="hub:read", operation=True)
