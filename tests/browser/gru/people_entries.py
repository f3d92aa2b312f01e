"""Agents' pages of the user base, one line for each state."""

from etoile.gru.access.models import Account
from etoile.gru.cases.models import Case
from etoile.gru.people import figures, scope
from etoile.gru.people.models import Level
from etoile.gru.people.services import record_attribute
from tests.browser.gru import matching, space_entries, ties_entries
from tests.browser.harness.pages import Entry

PERSON = "agents/personnes/<uuid:pk>/"
ATTEST = f"{PERSON}attester/<slug:key>/"
ENTRIES = [
    Entry("agents/personnes/", who="agent"),
    Entry("agents/personnes/", "errors", who="agent", submit="/personnes/", fill={"family_name": "Martin"},
          status=422),
    Entry("agents/personnes/", "found", who="agent", submit="/personnes/",
          fill={"family_name": "MARTÍN", "given_names": "cam"}),
    Entry(PERSON, "", "agents/personnes/{person}/", who="agent"),
    Entry(PERSON, "unknown", "agents/personnes/019af000-0000-7000-8000-000000000000/", who="agent", status=404),
    Entry(ATTEST, "", "agents/personnes/{person}/attester/given_names/", who="agent"),
    Entry(ATTEST, "errors", "agents/personnes/{person}/attester/given_names/", who="agent",
          submit="/attester/given_names/", status=422),
    Entry("agents/personnes/qualite/", who="agent"),
]  # fmt: skip


def build(case: Case, agent: Account) -> dict[str, str]:
    """What is known of somebody, from several sources; and whether they are the resident is asked of the latter."""
    # Two records of the town at work were merged before: this one may be of the other now.
    case.refresh_from_db()
    with scope.of_person(case.person_id):
        record_attribute(case.person, "family_name", "Martin", level=Level.OFFICIAL_PROOF_SEEN, source="proof")
        record_attribute(case.person, "given_names", "Camille", level=Level.DECLARED, source="declared")
    figures.count(case.authority)
    return {
        **ties_entries.build(case, agent),
        "person": str(case.person_id),
        **matching.asked(agent, space_entries.EMAIL, case.person_id),
    }
