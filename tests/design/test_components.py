"""The components as HTML: labels, errors tied to their fields, words beside colours, and everything escaped."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from etoile.design import icons
from etoile.design.fields import Attached, ErrorLink, FieldView, Option, errors_of
from etoile.design.parts import TONES, Cell, Pages, SummaryRow, Table, TimelineEntry


def drawn(source, **context):
    return Template("{% load design %}" + source).render(Context(context))


def field(**more):
    return drawn("{% field view %}", view=FieldView(**({"name": "nom", "label": "Nom"} | more)))


OPTIONS = (Option("a", "Un"), Option("b", "Deux", hint="Le second", checked=True))


def test_a_label_stands_with_its_control():
    html = field()
    assert '<label for="champ-nom">Nom</label>' in html
    assert re.search(r'<input[^>]*id="champ-nom" name="nom"', html)
    assert "placeholder" not in html


def test_a_required_field_is_marked_for_the_eye_and_for_the_machine():
    html = field(required=True)
    assert '<span class="required" aria-hidden="true">*</span>' in html
    assert re.search(r"<input[^>]* required", html)


def test_hint_and_error_describe_the_control_in_this_order():
    html = field(hint="Votre nom de naissance", error="Indiquez votre nom.")
    assert 'aria-describedby="champ-nom-aide champ-nom-erreur"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="champ-nom-aide">Votre nom de naissance' in html
    assert "Erreur : " in html and "Indiquez votre nom." in html


@pytest.mark.parametrize("widget", ["radios", "checkboxes"])
def test_a_closed_question_is_a_fieldset_with_its_legend(widget):
    html = field(widget=widget, options=OPTIONS, error="Choisissez.", required=True)
    assert html.count("<legend>") == 1
    assert html.count("<label") == html.count("<input") == 2
    assert 'id="champ-nom" name="nom" value="a"' in html
    assert 'id="champ-nom-2" name="nom" value="b" checked' in html
    assert 'aria-describedby="champ-nom-2-aide"' in html


def test_a_list_keeps_its_choice_and_starts_empty():
    html = field(widget="select", options=OPTIONS)
    assert '<option value="">' in html and '<option value="b" selected>' in html


def test_the_parts_of_a_group_are_said_wrong_with_it():
    parts = tuple(FieldView(f"d.{name}", name, "number", part_of="champ-d-erreur") for name in ("day", "month"))
    html = drawn(
        "{% field view %}", view=FieldView("d", "Date", "group", error="Cette date n'existe pas.", parts=parts)
    )
    assert html.count('aria-invalid="true"') == 2
    assert html.count('aria-describedby="champ-d-erreur"') == 3
    assert html.count('inputmode="numeric"') == 2


def test_a_file_already_given_is_shown_with_a_named_button_to_take_it_away():
    html = field(widget="file", attached=(Attached("acte.pdf", 2_500_000, "42"),))
    assert "acte.pdf" in html and "2,4\u00a0Mo" in html
    assert 'name="remove" value="42"' in html
    assert '<span class="visually-hidden"> acte.pdf</span>' in html
    assert 'type="file"' not in html
    assert 'id="champ-nom"' in html


def test_a_password_is_never_written_back():
    assert "secret" not in field(widget="password", value="secret")


@pytest.mark.parametrize(
    "widget", ["text", "textarea", "select", "radios", "checkbox", "explanation", "heading", "file"]
)
def test_nothing_of_a_field_can_be_markup(widget):
    bad = "<script>alert(1)</script>\"'>"
    html = field(
        widget=widget,
        label=bad,
        hint=bad,
        error=bad,
        value=bad,
        options=(Option(bad, bad, bad),),
        attached=(Attached(bad, 1, bad),),
    )
    assert "<script>" not in html


def test_the_error_summary_takes_the_focus_and_links_to_each_field():
    html = drawn("{% error_summary errors %}", errors=[ErrorLink("champ-a", "Un"), ErrorLink("champ-b", "Deux")])
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert '<a href="#champ-a">Un</a>' in html and '<a href="#champ-b">Deux</a>' in html
    assert "Il y a 2 erreurs" in html
    assert drawn("{% error_summary errors %}", errors=[]).strip() == ""


def test_errors_are_listed_in_the_order_of_the_questions_with_those_of_the_parts():
    part = FieldView("b.day", "Jour", error="Trop grand")
    fields = [FieldView("a", "A", error="Vide"), FieldView("b", "B", "group", parts=(part,)), FieldView("c", "C")]
    assert errors_of(fields) == [ErrorLink("champ-a", "Vide"), ErrorLink("champ-b-day", "Trop grand")]


class SignIn(forms.Form):
    email = forms.EmailField(label="Courriel", help_text="Celui de la mairie")
    password = forms.CharField(
        label="Mot de passe", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    team = forms.ChoiceField(label="Service", choices=[("1", "Voirie"), ("2", "Salles")], initial="2")
    keep = forms.BooleanField(label="Rester connecté", required=False)

    def clean(self):
        raise forms.ValidationError("Courriel ou mot de passe incorrect.")


def test_a_django_form_is_drawn_by_the_same_components():
    form = SignIn(label_suffix="")
    html = drawn("{% for each in form %}{% field each %}{% endfor %}", form=form)
    assert html.count("<label") == 4
    assert 'autocomplete="current-password"' in html
    assert '<option value="2" selected>' in html
    assert 'type="email"' in html and "Celui de la mairie" in html


def test_the_errors_of_a_django_form_link_to_its_fields():
    html = drawn("{% error_summary form %}", form=SignIn({"email": "x"}))
    assert '<a href="#id_email">Courriel ou mot de passe incorrect.</a>' in html
    assert html.count('href="#id_email"') == 2
    assert 'href="#id_password"' in html


@pytest.mark.parametrize("tone", TONES)
def test_a_badge_says_its_state_by_words_and_shape_not_by_colour_alone(tone):
    html = drawn("{% badge 'En cours' tone %}", tone=tone)
    assert "En cours" in html and "<svg" in html and f"tone-{tone}" in html


def test_a_summary_row_says_what_its_link_changes():
    html = drawn(
        "{% summary_list rows %}", rows=[SummaryRow("Adresse", ["12 rue", "49999"], "/modifier"), SummaryRow("Photo")]
    )
    assert '<a href="/modifier">Modifier<span class="visually-hidden"> la réponse : Adresse</span></a>' in html
    assert "Non renseigné" in html


def test_a_timeline_is_an_ordered_list_with_machine_readable_dates():
    at = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
    html = drawn("{% timeline entries %}", entries=[TimelineEntry("Reçue", at, "Par le portail", "success", "Étoile")])
    assert "<ol" in html and "<time datetime=" in html and "Par le portail" in html


def test_a_table_has_a_caption_headings_and_labels_for_narrow_screens():
    rows = [[Cell("26-K7QM-3", href="/x"), Cell("Reçue", tone="info")]]
    html = drawn("{% table content %}", content=Table("Demandes", ["Référence", "État"], rows))
    assert "<caption>Demandes</caption>" in html
    assert html.count('scope="col"') == 2 and '<th scope="row" data-label="Référence">' in html
    assert 'data-label="État"' in html
    assert "Aucune demande" in drawn("{% table content %}", content=Table("D", ["R"], [], "Aucune demande"))


def test_a_table_refuses_a_row_that_has_not_its_columns():
    with pytest.raises(ValueError, match="zip"):
        drawn("{% table content %}", content=Table("D", ["A", "B"], [[Cell("1")]]))


def test_the_pages_of_a_list_are_a_named_navigation():
    html = drawn("{% pagination pages %}", pages=Pages(next_href="?apres=1", words="1 à 25"))
    assert 'aria-label="Pages de la liste"' in html and 'rel="next"' in html and "prev" not in html
    assert drawn("{% pagination pages %}", pages=Pages()).strip() == ""


def test_a_step_is_said_in_words():
    html = drawn("{% stepper 2 4 'Vos coordonnées' %}")
    assert "Étape 2 sur 4" in html and 'aria-hidden="true"' in html


def test_a_button_is_a_button_and_a_link_is_a_link():
    assert drawn("{% button 'Envoyer' %}").startswith('<button class="button button-primary" type="submit"')
    assert drawn("{% button 'Voir' href='/x' %}").startswith('<a class="button button-primary" href="/x"')


def test_a_banner_speaks_up_only_when_asked():
    assert "role" not in drawn("{% banner 'Fermé lundi' %}")
    assert 'role="alert"' in drawn("{% banner 'Échec' 'danger' role='alert' %}")


@pytest.mark.parametrize(
    ("path", "href", "current"),
    [
        ("/demarches/acte/", "/demarches/", True),
        ("/demarches/", "/demarches/", True),
        ("/", "/demarches/", False),
        ("/x", "/", False),
    ],
)
def test_the_navigation_says_where_one_is(path, href, current):
    html = drawn("{% nav_item 'Démarches' href %}", href=href, request=RequestFactory().get(path))
    assert ('aria-current="page"' in html) == current


@pytest.mark.parametrize("name", sorted(icons.NAMES))
def test_an_icon_is_hidden_from_those_who_listen(name):
    html = icons.draw(name)
    assert 'aria-hidden="true"' in html and 'focusable="false"' in html


@pytest.mark.parametrize(
    ("size", "words"), [(67, "67\u00a0o"), (1024, "1\u00a0ko"), (1_500_000, "1,4\u00a0Mo"), (2**30, "1\u00a0Go")]
)
def test_sizes_are_said_as_people_say_them(size, words):
    assert drawn("{{ size|file_size }}", size=size) == words


def test_the_mark_of_a_town_is_its_initial():
    assert ">É</text>" in drawn("{% monogram name %}", name="« Étampes »")
