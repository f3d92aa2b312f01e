"""A person without JavaScript: answers each page of a procedure as its form asks, through Django's test client."""

import re
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

# The smallest image: one transparent pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
REPORT: dict[str, dict[str, Any]] = {
    "probleme": {"categorie": "chaussee", "danger": "no", "description": "Un trou de trente centimètres depuis lundi."},
    "lieu": {"lieu.text": "devant le 12 rue des Tilleuls"},
    "vos-coordonnees": {
        "applicant_family_name": "Martin",
        "applicant_given_names": "Camille",
        "applicant_email": "camille.martin@exemple.fr",
        "applicant_address.lines": "12 rue des Tilleuls",
        "applicant_address.postal_code": "49999",
        "applicant_address.city": "Valmont-sur-Loire",
    },
}


class Names(HTMLParser):
    """The names of the controls of a page, and the ids present in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden" and found.get("name"):
            self.names.append(str(found["name"]))


def picture(name: str = "trou.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PIXEL, content_type="image/png")


def started(client: Client, slug: str = "signalement-voirie") -> str:
    """The address of the first page of a new draft."""
    return client.post(f"/demarches/{slug}/remplir/")["Location"]


def filled(client: Client, answers: dict[str, dict[str, Any]] = REPORT) -> str:
    """Answer every page; returns the address of the summary."""
    address = started(client)
    for page, values in answers.items():
        assert address.endswith(f"/{page}/"), address
        answer = client.post(address, values)
        assert answer.status_code == 302, title(answer)
        address = answer["Location"]
    return address


def title(response: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    return " ".join(found[1].split()) if found else ""
