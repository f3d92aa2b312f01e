"""The components as HTML: labels, errors tied to their fields, words beside colours, and everything escaped."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from etoile.design import icons
from etoile.design.calendar import month
from etoile.design.fields import Attached, ErrorLink, FieldView, Option, errors_of
from etoile.design.forms import WRONG_DAY, Plain, day, line
from etoile.design.parts import TONES, Cell, Choice, Pages, SummaryRow, Table, Task, TimelineEntry


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


class Birth(Plain):
    ids = "naissance-%s"
    code = line("Code", required="Écrivez le code.", inputmode="numeric", autocomplete="off")
    paper = line("Code sur papier", autocapitalize="characters")
    born_on = day("Né le")


def test_a_form_says_its_wrong_day_and_brings_the_keyboard_of_its_digits():
    html = drawn("{% for each in form %}{% field each %}{% endfor %}", form=Birth({"code": "", "born_on": "hier"}))
    assert (
        'inputmode="numeric"' in html
        and 'autocapitalize="characters"' in html
        and 'autocomplete="off"' in html
        and 'id="naissance-code"' in html
    )
    assert "Écrivez le code." in html and str(WRONG_DAY) in html
    assert 'type="date"' in html


@pytest.mark.parametrize("tone", TONES)
def test_a_badge_says_its_state_by_words_and_shape_not_by_colour_alone(tone):
    html = drawn("{% badge 'En cours' tone %}", tone=tone)
    assert "En cours" in html and "<svg" in html and f"tone-{tone}" in html


def test_a_summary_row_says_what_its_link_changes():
    html = drawn(
        "{% summary_list rows %}", rows=[SummaryRow("Adresse", ["12 rue", "49999"], "/modifier"), SummaryRow("Photo")]
    )
    assert '<a href="/modifier">Modifier<span class="visually-hidden"> la réponse : Adresse</span></a>' in html
    assert "Sans réponse" in html


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


def test_the_navigation_says_what_waits_and_stays_silent_about_nothing():
    request = RequestFactory().get("/agents/demandes/1/")
    entry = "{% nav_item 'Demandes' '/agents/' exact=True under='/agents/demandes/' count=n %}"
    html = drawn(entry, n=12, request=request)
    assert 'aria-current="page"' in html and ">12<span" in html
    assert "count" not in drawn(entry, n=0, request=request)


def test_a_breadcrumb_links_what_contains_the_page_and_marks_the_page():
    html = drawn("{% breadcrumb 'Demandes' '/agents/' reference %}", reference="<26>")
    assert '<a href="/agents/">Demandes</a>' in html and '<span aria-current="page">&lt;26&gt;</span>' in html


def test_the_number_of_results_is_said_to_those_who_listen():
    assert 'role="status">12 demandes<' in drawn("{% results '12 demandes' %}")


def test_a_wide_table_scrolls_in_a_region_of_its_own_which_the_keyboard_reaches():
    columns = [f"Colonne {n}" for n in range(9)]
    html = drawn("{% table content %}", content=Table("Envois", columns, [[Cell("–") for _ in columns]]))
    assert '<div class="table-scroll" tabindex="0" role="region" aria-label="Envois">' in html
    assert "table-scroll" not in drawn("{% table content %}", content=Table("Envois", ["Un"], [[Cell("a")]]))


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


def test_an_icon_points_into_the_sprite_that_holds_each_drawing_once():
    assert '<use href="#i-check"/>' in drawn("{% icon 'check' %}")
    html = drawn("{% icon_sprite %}")
    assert html.count("<symbol") == len(icons.NAMES) and html.count('id="i-check"') == 1
    with pytest.raises(KeyError, match="no icon is named"):
        icons.draw("nothing")


def test_short_answers_stand_side_by_side_and_long_ones_do_not():
    assert "choices-short" in field(widget="radios", options=(Option("1", "Oui"), Option("0", "Non")))
    assert "choices-short" not in field(widget="radios", options=OPTIONS)


def test_a_limited_text_tells_its_limit_without_a_script():
    html = field(widget="textarea", maxlength=2000)
    assert 'maxlength="2000"' in html
    assert 'data-counter="champ-nom" role="status">2\u202f000 caractères au plus.' in html.replace("\xa0", "\u202f")


def test_a_task_says_how_it_stands_and_is_a_link_when_it_can_be_done():
    html = drawn("{% task_list tasks %}", tasks=[Task("Pièces", "À faire", href="/p"), Task("Envoyer", "Plus tard")])
    assert '<a href="/p">Pièces</a>' in html and "<span>Envoyer</span>" in html
    assert html.count('class="badge') == 2


def test_the_stages_of_a_request_are_said_in_words_too():
    html = drawn("{% track steps 2 %}", steps=["Reçue", "En cours", "Réponse"])
    assert html.count('aria-current="step"') == 1
    assert re.search(r'aria-current="step".*En cours<span class="visually-hidden"> \(en ce moment\)', html)
    assert "Reçue<span" in html and "(fait)" in html


@pytest.mark.parametrize("tag", ["tabs", "chips"])
def test_a_choice_of_contents_is_a_named_navigation_that_marks_where_one_is(tag):
    choices = [Choice("À traiter", "?a", here=True, count=0), Choice("Toutes", "?b")]
    html = drawn(f"{{% {tag} choices 'Choisir' %}}", choices=choices)
    assert '<nav class="tabs" aria-label="Choisir">' in html or '<nav aria-label="Choisir">' in html
    assert html.count("aria-current") == 1 and "0" in html and "None" not in html


def test_a_window_is_a_dialog_with_its_title_that_opens_without_a_script():
    html = drawn("{% dialog_button 'Retirer' 'retrait' %}{% dialog 'retrait' 'Retirer ?' %}<p>Oui ?</p>{% enddialog %}")
    assert 'popovertarget="retrait"' in html
    assert '<dialog class="dialog" id="retrait" aria-labelledby="retrait-titre" popover>' in html
    assert "<p>Oui ?</p>" in html and "Fermer" in html


def test_nothing_to_show_is_said_with_something_to_do_next():
    html = drawn("{% empty_state title 'calm' level='h3' %}<p>{{ title }}</p>{% endempty_state %}", title="<b>Rien")
    assert "<h3>&lt;b&gt;Rien</h3>" in html and "<p>&lt;b&gt;Rien</p>" in html
    assert 'class="illustration"' in html and 'aria-hidden="true"' in html


def test_a_month_links_its_free_days_by_their_whole_name_and_says_the_full_ones():
    shown = month(
        date(2026, 6, 1), free={date(2026, 6, 4): "?jour=4"}, full={date(2026, 6, 8)}, chosen=date(2026, 6, 4)
    )
    html = drawn("{% calendar month 'libre' %}", month=shown)
    assert "<caption>juin 2026</caption>" in html.lower()
    assert '<a href="?jour=4" aria-current="date">' in html and "jeudi 4 juin, libre" in html
    assert html.count("<a ") == 1 and "(complet)" in html
    assert html.count('scope="col"') == 7 and "lundi" in html


def test_a_month_has_whole_weeks_from_monday_and_only_its_own_days():
    shown = month(date(2026, 2, 14), free={})
    assert shown.first == date(2026, 2, 1) and all(len(week) == 7 for week in shown.weeks)
    assert sum(day is not None for week in shown.weeks for day in week) == 28
    assert shown.weeks[0][6].on == date(2026, 2, 1)


def test_a_long_work_says_how_far_it_is():
    html = drawn("{% progress 340 1000 'Export : 340 sur 1 000' %}")
    assert '<progress class="progress-bar" max="1000" value="340" aria-label="Export : 340 sur 1 000">' in html
    assert "34 %" in html
    assert 'max="1"' in drawn("{% progress 0 0 'Rien' %}")


def test_a_card_is_one_single_link():
    html = drawn("{% card 'Acte' '/x' text='Copie' icon='document' foot='3 jours' level='h3' %}")
    assert html.count("<a ") == 1 and '<h3><a href="/x">Acte</a></h3>' in html


def test_what_is_coming_is_said_to_those_who_listen():
    assert 'role="status">Chargement' in drawn("{% skeleton 2 %}")
    assert drawn("{% skeleton 2 %}").count("skeleton-line") == 2


def test_a_toast_is_drawn_with_its_tone():
    assert "tone-danger" in drawn("{% toast 'Raté' 'danger' %}") and "Raté" in drawn("{% toast 'Raté' %}")


def test_a_heading_stands_over_its_numbers():
    html = drawn("{% table content %}", content=Table("T", ["A", "B"], [[Cell("x"), Cell("3", numeric=True)]]))
    assert '<th scope="col" class="numeric">B</th>' in html and '<th scope="col">A</th>' in html


def test_a_figure_leads_to_what_it_counts():
    assert '<a href="/x"><span class="tile-figure">3</span> à traiter</a>' in drawn(
        "{% tile 3 'à traiter' href='/x' %}"
    )
    assert "<a " not in drawn("{% tile 3 'à traiter' %}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Linux"),
        ("Mozilla/5.0 (iPhone; CPU like Mac OS X) Version/18.0 Safari/604.1", "Safari sur iPhone"),
        ("Navigateur du guichet", "Navigateur du guichet"),
    ],
)  # fmt: skip
def test_a_browser_is_called_as_people_do(line, words):
    assert drawn("{{ line|browser_name }}", line=line) == words
