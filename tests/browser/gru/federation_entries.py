"""Who signs in by a platform. None is there: what is looked at are the pages that say why it did not work."""

from etoile.gru.access.models import Authority
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.identity.directories import Directory
from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import directory, franceconnect, franceconnect_plus, proconnect
from tests.browser.harness.pages import Entry, NoPage
from tests.gru.conftest import PROCEDURE, SIRET

NOWHERE = "http://127.0.0.1:9/api/v2"
SECRET = "a-secret-of-the-tests"
IDENTITY = Identities(
    franceconnect=franceconnect(NOWHERE, "town", SECRET, "ES256"),
    franceconnect_plus=franceconnect_plus(NOWHERE, "town", SECRET, "ES256", ""),
    proconnect=proconnect(NOWHERE, "town", SECRET, "RS256"),
    directory=Directory(siret=SIRET, platform=directory(NOWHERE, "town", SECRET, "RS256")),
)
PRO, FC, DIR = "identite/proconnect/", "identite/<slug:slug>/", "identite/annuaire/"
PAGES = [
    Entry(f"{PRO}retour/", "not asked for", f"{PRO}retour/?state=x&code=y", status=400),
    Entry(f"{FC}retour/", "not asked for", "identite/franceconnect/retour/?state=x&code=y", status=400),
    Entry(FC, "out of order", "mon-espace/connexion/", submit="/identite/franceconnect/", status=503),
    Entry(FC, "who is there asked again", "mon-espace/securite/", who="settled", submit="/identite/franceconnect/"),
    Entry(f"{DIR}retour/", "not asked for", f"{DIR}retour/?state=x&code=y", status=400),
    Entry(DIR, "out of order", "agents/connexion/", submit=f"/{DIR}", status=503),
    Entry(PRO, "out of order", "agents/connexion/", submit=f"/{PRO}", status=503),
]
PAGES += [
    Entry("demarches/<slug:slug>/remplir/", "identity asked", "demarches/acte/remplir/"),
    Entry("agents/demarches/<slug:slug>/traitement/", "identity asked", "agents/demarches/acte/traitement/",
          who="administrator"),
]  # fmt: skip
NO_PAGE = [
    NoPage("mon-espace/securite/franceconnect/", "post", who="resident"),
    NoPage(f"{PRO}fin/", "redirect"),
    NoPage(f"{DIR}fin/", "redirect"),
    NoPage("agents/administration/agents/annuaire/", "post", who="administrator"),
    NoPage(f"{FC}fin/", "redirect", "identite/franceconnect/fin/"),
]


def build(town: Authority) -> None:
    """A procedure for which one shows who one is."""
    version = load(town, {**PROCEDURE, "identity": "eidas1"})
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
