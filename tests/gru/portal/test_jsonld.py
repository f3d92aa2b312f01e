"""What is told to search engines cannot leave its element, whatever a procedure is called."""

import json

from etoile.gru.access.models import Authority, Team
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.texts import Text
from etoile.gru.portal.jsonld import government_service


def told(title):
    definition = Definition(slug="acte", title=Text(title), category="etat-civil")
    return government_service(
        definition, Authority(name="Valmont", phone=""), Team(name="État civil"), "https://x/acte"
    )


def test_a_title_cannot_close_the_element():
    written = told("</script><script>alert(1)</script>")
    assert "<" not in written
    assert json.loads(written)["name"] == "</script><script>alert(1)</script>"


def test_what_the_town_did_not_give_is_left_out():
    data = json.loads(told("Acte"))
    assert "telephone" not in data["provider"]
    assert data["areaServed"] == "Valmont"
