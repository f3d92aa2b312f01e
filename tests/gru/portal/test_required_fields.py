"""The four conditions of an obligatory field (RGAA 11.10), on every page of every procedure ready to use."""

import re
from html.parser import HTMLParser

import pytest

from etoile.gru.forms.evaluation import evaluate, is_required, visible_sections
from etoile.gru.forms.models import Procedure
from tests.gru.portal.test_filling import plausible


class Elements(HTMLParser):
    """Attributes by id, and the words of each label and legend."""

    def __init__(self, html):
        super().__init__()
        self.by_id, self.labels, self.fieldsets, self._open, self._set = {}, {}, {}, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if found.get("id"):
            self.by_id[found["id"]] = found
            if self._set is not None:
                self.fieldsets.setdefault(found["id"], self._set)
        if tag == "fieldset":
            self._set = {"describedby": found.get("aria-describedby", ""), "legend": ""}
        if tag in ("label", "legend"):
            self._open = (tag, found.get("for"))

    def handle_endtag(self, tag):
        if tag in ("label", "legend"):
            self._open = None
        if tag == "fieldset":
            self._set = None

    def handle_data(self, data):
        if self._open is None:
            return
        tag, control = self._open
        if tag == "legend" and self._set is not None:
            self._set["legend"] += data
        elif control:
            self.labels[control] = self.labels.get(control, "") + data


def pages_of(client, slug):
    """Each page empty, then refused, before it is answered."""
    address = client.post(f"/demarches/{slug}/remplir/")["Location"]
    for _ in range(12):
        if address.endswith("/verifier"):
            return
        yield address, client.get(address).content.decode(), client.post(address, {}).content.decode()
        answers = plausible(client.get(address).content.decode())
        following = client.post(address, answers)
        if "Location" not in following:
            return
        address = following["Location"]


@pytest.mark.exigence("A11Y-24")
@pytest.mark.parametrize(
    "slug", ["signalement-voirie", "reservation-salle", "acte-etat-civil", "inscription-evenement"]
)
def test_each_required_field_is_announced_then_refused_with_the_four_conditions(client, town, slug):
    definition = Procedure.objects.get(slug=slug).current.definition
    checked = 0
    for address, before, after in pages_of(client, slug):
        page = definition.page(address.rstrip("/").rsplit("/", 1)[1])
        first, refused = Elements(before), Elements(after)
        for _section, fields in visible_sections(page, evaluate(definition, {})):
            for each in fields:
                control = f"champ-{each.id}"
                if not is_required(each, {}) or control not in first.by_id or each.type in ("title", "explanation"):
                    continue
                checked += 1
                announced(first, control)
                explained(refused, after, control, str(each.label))
    assert checked >= 3


def announced(page, control):
    """1: said before sending, in the label; 2: and to programs, by `required` or by words."""
    group = page.fieldsets.get(control, {"legend": ""})
    words = page.labels.get(control, "") + group["legend"]
    assert "*" in words, control
    assert "required" in page.by_id[control] or "obligatoire" in words, control


def explained(page, html, control, label):
    """3: marked as wrong; 4: described by a message that names it, to which the summary leads."""
    assert page.by_id[control].get("aria-invalid") == "true", control
    described = page.by_id[control].get("aria-describedby", "") + page.fieldsets.get(control, {}).get("describedby", "")
    assert f"{control}-erreur" in described, control
    assert f'<a href="#{control}">' in html, control
    message = re.search(rf'id="{re.escape(control)}-erreur">(.*?)</p>', html, re.DOTALL)[1]
    assert label.split("?")[0].strip()[:20] in message.replace("\u00a0", " ").replace("&#x27;", "'"), (control, message)
