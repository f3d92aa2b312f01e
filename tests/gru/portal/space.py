"""A person who has an account, and whoever would like theirs."""

import re
from uuid import UUID

from django.test import Client

from etoile.gru.accounts import proofs
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person

EMAIL = "camille.martin@exemple.fr"
PHRASE = "quatre lavoirs bleus sans pluie"
OTHER = "trois barques vertes sous le pont"
SPACE = "/mon-espace/"


def asked(browser, email=EMAIL, page="creer"):
    """The address of the page that waits for the code."""
    return browser.post(f"{SPACE}{page}/", {"email": email})


def entrance(address, phrase=PHRASE, code=None):
    proof = address.rstrip("/").rpartition("/")[2]
    return {"code": code or proofs.code_of(UUID(proof)), "passphrase": phrase, "again": phrase}


def opened(email=EMAIL, phrase=PHRASE):
    """A browser that is signed in, by a code."""
    browser = Client()
    address = asked(browser, email)["Location"]
    answer = browser.post(address, entrance(address, phrase))
    assert answer.status_code == 302, answer.content
    return browser


def signed_in(browser, email=EMAIL, phrase=PHRASE, **more):
    return browser.post(f"{SPACE}connexion/", {"email": email, "passphrase": phrase, **more})


def people():
    """How many there are."""
    with scope.of_task("test"):
        return Person.objects.count()


def known(account, **checked):
    """What is known of the person of an account; `checked`: values that somebody has seen a proof of, since."""
    with scope.of_task("test"):
        rows = Attribute.objects.filter(person_id=account.person_id)
        for key, value in checked.items():
            rows.filter(key=key).update(level=Level.FRANCECONNECT, value=value)
        return {each.key: (each.value, each.level) for each in rows.all()}


def said(answer):
    """The page without the form's token and the address of its proof."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r"/code/[0-9a-f-]{36}/", "/code/", page)
