"""A visitor without JavaScript: cookies, forms read from the page, files, redirects. Sends only what a page offers."""

import json
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3


class VisitError(Exception):
    """The page was not what the journey expects; the message says which page and what was missing."""


@dataclass
class Input:
    name: str
    kind: str
    value: str = ""
    checked: bool = False
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    multipart: bool
    inputs: list[Input] = field(default_factory=list)
    identifier: str = ""

    def names(self) -> set[str]:
        return {item.name for item in self.inputs if item.kind not in {"hidden", "submit"}}

    def defaults(self) -> list[tuple[str, str]]:
        """What a browser sends if the visitor types nothing (buttons apart)."""
        sent = []
        for item in self.inputs:
            if item.kind in {"submit", "file", "button"}:
                continue
            if item.kind in {"radio", "checkbox"} and not item.checked:
                continue
            sent.append((item.name, item.value))
        return sent


class Reader(HTMLParser):
    """Forms, links, title and text of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.title = ""
        self.words: list[str] = []
        self._form: Form | None = None
        self._open: list[str] = []
        self._select: Input | None = None
        self._link: str | None = None
        self._area: Input | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        present = {name for name, _ in attributes}
        if tag == "form":
            self._form = Form(
                values.get("action", ""),
                values.get("method", "get").lower(),
                "multipart" in values.get("enctype", ""),
                identifier=values.get("id", ""),
            )
            self.forms.append(self._form)
        elif tag == "a" and "href" in values:
            self._link = values["href"]
            self.links.append((values["href"], ""))
        elif self._form is not None and values.get("name"):
            self._control(self._form, tag, values, present)
        elif tag == "option" and self._select is not None:
            self._select.options.append(values.get("value", ""))
            if "selected" in present or not self._select.value:
                self._select.value = values.get("value", "")
        if tag in {"title", "script", "style"}:
            self._open.append(tag)

    def _control(self, form: Form, tag: str, values: dict[str, str], present: set[str]) -> None:
        if tag == "input":
            kind = values.get("type", "text")
            default = "on" if kind in {"checkbox", "radio"} else ""
            item = Input(values["name"], kind, values.get("value", default), "checked" in present)
        elif tag == "button":
            item = Input(values["name"], "submit", values.get("value", ""))
        elif tag == "textarea":
            item = self._area = Input(values["name"], "textarea")
        elif tag == "select":
            item = self._select = Input(values["name"], "select")
        else:
            return
        form.inputs.append(item)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "a":
            self._link = None
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"]:
            self.title += data.strip().replace("\u00a0", " ")
        elif self._area is not None:
            self._area.value += data
        elif not self._open and data.strip():
            self.words.append(" ".join(data.split()))
            if self._link is not None:
                href, words = self.links[-1]
                self.links[-1] = (href, f"{words} {data.strip()}".strip())


@dataclass
class Page:
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    reader: Reader

    @property
    def title(self) -> str:
        return self.reader.title

    @property
    def text(self) -> str:
        return " ".join(self.reader.words)

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self, *, having: str | None = None, action: str | None = None) -> Form:
        """The form which has that input, or whose action contains these words."""
        for form in self.reader.forms:
            if having is not None and not any(item.name == having for item in form.inputs):
                continue
            if action is not None and action not in form.action:
                continue
            return form
        raise VisitError(f"La page « {self.title} » ({self.url}) n’a pas le formulaire attendu ({having or action}).")

    def link(self, part: str) -> str:
        for href, words in self.reader.links:
            if part in href or part in words:
                return urljoin(self.url, href)
        raise VisitError(f"La page « {self.title} » ({self.url}) n’a pas de lien « {part} ».")


class Browser:
    """One visitor with a cookie jar, on one site or several."""

    def __init__(self) -> None:
        self.pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=30), retries=False)
        self.cookies: dict[str, dict[str, str]] = {}

    def get(self, url: str, **headers: str) -> Page:
        return self._send("GET", url, None, headers)

    def submit(
        self,
        page: Page,
        form: Form,
        values: dict[str, str | list[str]] | None = None,
        *,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        button: tuple[str, str] | None = None,
    ) -> Page:
        """Sends the form with these values over its defaults. Raises VisitError on a name the form does not have."""
        values = values or {}
        names = {item.name for item in form.inputs}
        strangers = (set(values) | set(files or {})) - names
        if strangers:
            raise VisitError(f"« {page.title} » n’a pas de champ {sorted(strangers)} ; elle a {sorted(names)}.")
        pairs = [(name, value) for name, value in form.defaults() if name not in values]
        for name, value in values.items():
            pairs.extend((name, one) for one in ([value] if isinstance(value, str) else value))
        if button:
            pairs.append(button)
        target = urljoin(page.url, form.action or page.url)
        if form.method == "get":
            return self._send("GET", f"{target.split('?')[0]}?{urlencode(pairs)}", None, {})
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(target))
        headers = {"Referer": page.url, "Origin": origin}
        if form.multipart:
            parts: list[Any] = [*pairs, *(files or {}).items()]
            body, media_type = urllib3.encode_multipart_formdata(parts)
        else:
            body, media_type = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return self._send("POST", target, body, headers | {"Content-Type": media_type})

    def _send(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Page:
        for _ in range(8):
            host = urlsplit(url).netloc
            jar = self.cookies.setdefault(host, {})
            sent = dict(headers)
            if jar:
                sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
            sent.setdefault("Accept-Language", "fr")
            answer = self.pool.request(method, url, body=body, headers=sent, redirect=False)
            for line in answer.headers.getlist("Set-Cookie"):
                for name, morsel in SimpleCookie(line).items():
                    jar[name] = morsel.value
            if answer.status in {301, 302, 303, 307, 308} and "Location" in answer.headers:
                url = urljoin(url, answer.headers["Location"])
                if answer.status in {301, 302, 303}:
                    method, body = "GET", None
                    headers = {name: value for name, value in headers.items() if name != "Content-Type"}
                continue
            reader = Reader()
            if "html" in answer.headers.get("Content-Type", ""):
                reader.feed(answer.data.decode("utf-8", "replace"))
            lowered = {name.lower(): value for name, value in answer.headers.items()}
            return Page(url, answer.status, lowered, answer.data, reader)
        raise VisitError(f"Trop de redirections vers {url}.")


def until(check: Any, *, seconds: float, what: str, pause: float = 0.1) -> Any:
    """Calls `check` until it answers something true; raises VisitError naming `what` when the time is over."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise VisitError(f"Toujours pas observé après {seconds:.0f} s : {what}.")
        time.sleep(pause)
