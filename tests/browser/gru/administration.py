"""Somebody invited, for the pages of the administration."""

from datetime import date
from io import BytesIO

from PIL import Image

from etoile.gru.access import agents, closing, signing, themes
from etoile.gru.access.models import Account
from etoile.gru.contracts import services
from tests.gru.contracts.making import contract


def build(administrator: Account, agent: Account) -> dict[str, str]:
    """What the entries name."""
    authority = administrator.authority
    names = {"given_name": "Lou", "family_name": "Bernard"}
    invited = agents.invite(authority, "lou@valmont.example", names, {}, by=administrator)
    closing.close(authority, date(2099, 5, 22), date(2099, 5, 22), "Pont de l’Ascension", by=administrator)
    given = dict.fromkeys(signing.FIELDS, "") | {
        "given_name": "Lou", "family_name": "Bernard", "capacity": "Adjointe", "service": "Cabinet",
        "procedures": ["vide-grenier"], "begins_on": date(2026, 1, 1), "ends_on": None,
    }  # fmt: skip
    row = signing.keep(authority, invited, given, by=administrator)
    terms = contract(authority, procedures=["vide-grenier"], begins_on=date(2026, 1, 1), write={"email": 200})
    services.suspend(terms, "Mise à jour de l’éditeur", by=administrator)
    return {
        "contract": str(terms.pk),
        "delegation": str(row.pk),
        "agent_account": str(agent.pk),
        "logo": themes.keep_logo(authority, logo()).partition("/")[2],
        "invitation": "/".join(agents.link_parts(invited)),
    }


def logo() -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8), "#174f86").save(content, "PNG")
    return content.getvalue()
