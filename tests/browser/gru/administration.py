"""Somebody invited, for the pages of the administration."""

from etoile.gru.access import agents
from etoile.gru.access.models import Account


def build(administrator: Account, agent: Account) -> dict[str, str]:
    """What the entries name."""
    names = {"given_name": "Lou", "family_name": "Bernard"}
    invited = agents.invite(administrator.authority, "lou@valmont.example", names, {}, by=administrator)
    return {"agent_account": str(agent.pk), "invitation": "/".join(agents.link_parts(invited))}
