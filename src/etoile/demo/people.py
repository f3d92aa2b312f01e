"""The people of the guided journey, each through the pages a real one uses: citizen, agent, operator of the hub."""

import re
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from etoile.demo.answers import Request
from etoile.demo.browser import Browser, Form, Page, VisitError
from etoile.runtime import totp

REFERENCE = re.compile(r"\b\d{2}-[0-9A-Z]{4,6}-[0-9A-Z]\b")
MOST_PAGES = 20


@dataclass
class Filed:
    """A request sent: its reference, the page to follow it, and when it was sent (seconds since 1970)."""

    request: Request
    reference: str
    tracking: str
    submitted_at: float


class Citizen:
    def __init__(self, portal: str) -> None:
        self.portal = portal
        self.browser = Browser()

    def file(self, request: Request) -> Filed:
        """Fills the procedure page by page, reads the summary, sends it. Raises VisitError with what the page said."""
        sheet = self.browser.get(f"{self.portal}/demarches/{request.slug}/remplir/")
        here = self.browser.submit(sheet, sheet.form(action="/remplir/"))
        for _ in range(MOST_PAGES):
            if here.url.endswith("/verifier"):
                return self._send(request, here)
            here = self._fill(request, here)
        raise VisitError(f"« {request.slug} » n’arrive pas au récapitulatif : bloqué sur {here.url}.")

    def _fill(self, request: Request, page: Page) -> Page:
        form = question_form(page)
        typed = {name: value for name, value in request.typed.items() if name in form.names()}
        files = {name: content for name, content in request.files.items() if name in form.names()}
        following = self.browser.submit(page, form, typed, files=files)
        if following.status >= 400:
            raise VisitError(f"« {following.title} » : {said(following)}")
        return following

    def _send(self, request: Request, summary: Page) -> Filed:
        form = question_form(summary)
        ticked: dict[str, str | list[str]] = {each.name: each.value for each in form.inputs if each.kind == "checkbox"}
        sent_at = time.time()
        receipt = self.browser.submit(summary, form, ticked)
        found = REFERENCE.search(receipt.text)
        if receipt.status != 200 or not receipt.url.endswith("/envoyee") or found is None:
            raise VisitError(f"Pas d’accusé d’enregistrement pour « {request.slug} » : {said(receipt)}")
        return Filed(request, found[0], tracking_link(receipt), sent_at)

    def follow(self, filed: Filed) -> Page:
        return self.browser.get(filed.tracking)

    def provide(self, filed: Filed, name: str, content: bytes, media_type: str) -> Page:
        """Answers a request for documents from the tracking page."""
        page = self.follow(filed)
        form = page.form(action="/documents/")
        control = next(each.name for each in form.inputs if each.kind == "file")
        return self.browser.submit(page, form, files={control: (name, content, media_type)})


class Agent:
    """Signs in as a real one does: password, then the code of a telephone whose secret is `factor` (base32)."""

    def __init__(self, portal: str, email: str, password: str, factor: str) -> None:
        self.home = f"{portal}/agents/"
        self.browser = Browser()
        asked = knock(self.browser, self.home, email, password)
        self.inbox = arrived(self._prove(asked, factor), self.home)

    def _prove(self, page: Page, factor: str) -> Page:
        """A code serves once: who came in less than thirty seconds ago gives the next one, which is read too."""
        for step in (0, 1):
            if not urlsplit(page.url).path.endswith("/connexion/code/"):
                break
            code = totp.code_at(factor, totp.step_of(time.time()) + step)
            page = self.browser.submit(page, page.form(having="code"), {"code": code})
        return page

    def open(self, reference: str) -> Page:
        page = self.browser.get(f"{self.home}?onglet=toutes&mots={reference}")
        return self.browser.get(page.link(reference))

    def act(self, page: Page, act: str, action: str, values: dict[str, str | list[str]]) -> Page:
        """Opens one of the acts that a case's page proposes, and sends its form; returns the page that follows, or
        raises with what it said."""
        opened = self.browser.get(page.link(f"faire={act}"))
        after = self.browser.submit(opened, opened.form(action=action), values)
        if after.status != 200:
            raise VisitError(f"« {after.title} » : {said(after)}")
        return after


class Operator:
    def __init__(self, hub: str, email: str, password: str) -> None:
        self.console = f"{hub}/console/"
        self.browser = Browser()
        sign_in(self.browser, self.console, email, password)

    def waiting(self) -> Page:
        return self.browser.get(f"{self.console}envois/?application=&state=waiting")


def sign_in(browser: Browser, home: str, email: str, password: str) -> Page:
    return arrived(knock(browser, home, email, password), home)


def knock(browser: Browser, home: str, email: str, password: str) -> Page:
    """What is answered to the password."""
    door = browser.get(home)
    return browser.submit(door, door.form(having="password"), {"username": email, "password": password})


def arrived(inside: Page, home: str) -> Page:
    if urlsplit(inside.url).path != urlsplit(home).path:
        raise VisitError(f"Connexion refusée à {home} : {said(inside)}")
    return inside


def tracking_link(receipt: Page) -> str:
    """The secret address of the case, not the general page « où en est ma demande » nor its receipt."""
    for href, _words in receipt.reader.links:
        if re.search(r"/suivi/[^/]+/$", href):
            return urljoin(receipt.url, href)
    raise VisitError(f"L’accusé « {receipt.title} » ne donne pas d’adresse de suivi.")


def question_form(page: Page) -> Form:
    """The form of the page that asks questions: it posts, and is neither the language nor the search."""
    for form in page.reader.forms:
        target = urlsplit(urljoin(page.url, form.action or page.url)).path
        if form.method == "post" and target == urlsplit(page.url).path:
            return form
    raise VisitError(f"La page « {page.title} » ({page.url}) n’a pas de formulaire : {said(page)}")


def said(page: Page) -> str:
    """What a page says went wrong: its error summary, else its last words."""
    words = page.text
    start = words.find("Il y a")
    return f"[{page.status}] {words[start:][:500] if start >= 0 else words[-400:]}"
