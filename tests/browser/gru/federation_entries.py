"""Who signs in by a platform. It is not there: what is looked at are the pages that say why it did not work."""

from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import proconnect
from tests.browser.harness.pages import Entry, NoPage

NOWHERE = "http://127.0.0.1:9/api/v2"
IDENTITY = Identities(proconnect=proconnect(NOWHERE, "town", "a-secret-of-the-tests", "RS256"))
PRO = "identite/proconnect/"
PAGES = [
    Entry(f"{PRO}retour/", "not asked for", f"{PRO}retour/?state=x&code=y", status=400),
    Entry(PRO, "out of order", "agents/connexion/", submit=f"/{PRO}", status=503),
]
NO_PAGE = [NoPage(f"{PRO}fin/", "redirect")]
