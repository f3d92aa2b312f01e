"""Everything in the console is in the API: each of its addresses names its twins, or says why it has none."""

from etoile.hub.console import urls
from etoile.hub.intake.api import scopes
from etoile.hub.registry.models import RANKS

# The role a scope of the hub stands for: a twin never asks for less than the page.
ROLES = {"hub:read": "reader", "hub:operate": "operator", "hub:administer": "administrator"}
# Pages that do nothing but draw: forms before they are sent, the session, the words of the law.
SCREEN_ONLY = {
    "sign-in": "the session of a person",
    "sign-out": "the session of a person",
    "password": "the secret of a person, which only they type",
    "set_language": "the language of a person",
    "accessibility": "a declaration",
    "connector": "a choice before a form",
}
# Some addresses both show a form and act; the twins are those of the act.
TWINS = {
    "overview": ["hub_status", "hub_circuits"],
    "deliveries": ["hub_deliveries"],
    "delivery": ["hub_delivery", "hub_attempts"],
    "decide": ["hub_replay", "hub_cancel"],
    "bulk": ["hub_replay", "hub_cancel"],
    "messages": ["hub_messages"],
    "message": ["hub_message"],
    "content": ["hub_content"],
    "applications": ["hub_applications", "hub_authorities"],
    "application": ["hub_application", "hub_credentials", "hub_changes"],
    "connectors": ["hub_connectors"],
    "application-new": ["hub_keep_application"],
    "application-edit": ["hub_keep_application"],
    "contract": ["hub_keep_application"],
    "credential-new": ["hub_make_credential"],
    "credential-withdraw": ["hub_withdraw_credential"],
    "authority-new": ["hub_keep_authority"],
    "subscription": ["hub_subscription", "hub_subscriptions", "hub_changes"],
    "subscription-new": ["hub_keep_subscription"],
    "subscription-edit": ["hub_keep_subscription"],
    "switch": ["hub_hold", "hub_release"],
    "check": ["hub_check"],
    "trial": ["hub_dry_run"],
    "close-circuit": ["hub_close_circuit"],
    "lookups": ["hub_lookups"],
    "lookup": ["hub_lookup"],
    "lookup-try": ["hub_try_lookup"],
    "lookup-check": ["hub_check_provider"],
    "lookup-resume": ["hub_resume_provider"],
    "figures": ["hub_figures"],
    "figures-csv": ["hub_figures"],
    "alarms": ["hub_alarms", "hub_jobs"],
    "quarantine": ["hub_quarantine"],
    "quarantine-decide": ["hub_reprocess", "hub_discard"],
    "reports": ["hub_reconciliations"],
    "report": ["hub_reconciliation"],
    "report-csv": ["hub_reconciliation_csv"],
    "differences-csv": ["hub_reconciliation"],
    "journal": ["hub_status"],
    "operators": ["hub_operators"],
    "operator-new": ["hub_open_account"],
    "operator": ["hub_give_role", "hub_close_account", "hub_reopen_account"],
}
# The console never shows what an answer in quarantine says; a machine opens it with a reason, which the journal keeps.
# A lookup is written in the star file, or by a machine: the console has no form for it yet.
API_ONLY = {"hub_quarantine_content", "hub_keep_lookup"}


def pages():
    return {each.name: each.callback for each in [*urls.patterns, *urls.urlpatterns] if getattr(each, "name", None)}


def test_every_address_of_the_console_names_its_twins_or_says_why_it_has_none() -> None:
    assert set(pages()) == set(TWINS) | set(SCREEN_ONLY)


def test_every_twin_exists_and_every_operation_has_a_page_or_is_said_to_have_none() -> None:
    named = {twin for twins in TWINS.values() for twin in twins}
    operations = {name for name in scopes() if name.startswith("hub_")}
    assert named <= operations
    assert operations - named == API_ONLY


def test_a_twin_never_asks_for_less_than_its_page() -> None:
    asked, found = scopes(), pages()
    weaker = [
        (name, twin)
        for name, twins in TWINS.items()
        for twin in twins
        if RANKS[ROLES[asked[twin]]] < RANKS[found[name].guarded]
    ]
    assert weaker == []
