import gettext
from pathlib import Path

import pytest

from etoile.runtime.messages import MessagesError, compared, compile_all

TEMPLATE = """{% load i18n %}
<h1>{% translate "Vos demandes" %}</h1>
<p>{% blocktranslate with name=person %}Bonjour {{ name }}{% endblocktranslate %}</p>
<p>{% blocktranslate count n=n %}{{ n }} pièce{% plural %}{{ n }} pièces{% endblocktranslate %}</p>
<a title="{% translate 'L’aide' context 'menu' %}">{{ _("Aide") }}</a>
"""
PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _now
from django.utils import translation

A = gettext_lazy("Déposée")
B = _("Nom " "d’usage")
C = translation.gettext("Prénom")
D = _now("Tout de suite")
def f(n): return ngettext("%(n)s jour", "%(n)s jours", n), pgettext("mois", "mars"), _(variable), _("")
"""
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Vos demandes"
msgstr "Your requests"

msgid "Bonjour %(name)s"
msgstr "Hello %(name)s"

#, fuzzy
msgid "Aide"
msgstr "Help"

msgid "Votre fax"
msgstr "Your fax"

msgid "Déposée"
msgstr ""

msgid "%(n)s jour"
msgid_plural "%(n)s jours"
msgstr[0] "%(n)s day"
msgstr[1] "%(n)s days"
"""


@pytest.fixture
def product(tmp_path: Path) -> Path:
    for name, text in {
        "room/templates/room/page.html": TEMPLATE,
        "room/views.py": PYTHON,
        "room/migrations/0001_initial.py": 'gettext("ignored")',
        "room/locale/en/LC_MESSAGES/django.po": CATALOGUE,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_texts_without_a_translation_are_found_in_templates_and_in_python(product: Path) -> None:
    found = {(one.file.name, one.msgid) for one in compared(product)[0]}
    assert found == {
        ("page.html", "%(n)s pièce"),
        ("page.html", "L’aide"),
        ("page.html", "Aide"),
        ("views.py", "Déposée"),
        ("views.py", "Nom d’usage"),
        ("views.py", "Prénom"),
        ("views.py", "mars"),
        ("views.py", "Tout de suite"),
    }


def test_a_translation_that_no_page_asks_for_any_more_is_found(product: Path) -> None:
    assert compared(product)[1] == ["Votre fax"]


def test_catalogues_are_compiled_when_they_changed(product: Path) -> None:
    assert compile_all(product) == 1
    assert compile_all(product) == 0
    with (product / "room/locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Vos demandes") == "Your requests"
    assert catalogue.gettext("Aide") == "Aide"
    assert catalogue.ngettext("%(n)s jour", "%(n)s jours", 2) == "%(n)s days"


def test_a_damaged_catalogue_is_named(product: Path) -> None:
    file = product / "room/locale/en/LC_MESSAGES/django.po"
    file.write_text('msgid "a"\nmsgstr "b\nnonsense')
    with pytest.raises(MessagesError, match=r"django\.po is not a translation file"):
        compile_all(product)
