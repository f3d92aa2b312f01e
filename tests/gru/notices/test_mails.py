"""Every e-mail: two parts that say the same, a language, one h1, links that say where they go, the town's colours."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.management import call_command

from etoile.design.colours import TEXT_RATIO, contrast
from etoile.gru.notices import mail, wording
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.identifiers import uuid7

SECRET = "arachide"
CONTEXT = {
    "reference": "26-K7QM-3",
    "procedure": {"fr": "Inscription au périscolaire", "en": "After-school care"},
    "authority": "Valmont-sur-Loire",
    "service": "Service famille",
    "service_address": "3 rue des Écoles\n49999 Valmont-sur-Loire",
    "service_email": "famille@valmont.example",
    "service_phone": "02 00 00 00 01",
    "received_at": "2026-11-24T12:00:00+00:00",
    "timezone": "Europe/Paris",
    "silence_regime": "accept",
    "silence_date": "2027-01-24",
    "deadline": "2026-12-24",
    "leaves_on": "2027-01-15",
    "paid_on": "2026-12-24",
    "account": 1,
    "proof": uuid7().hex,
    "minutes": 10,
    "days": 7,
    "at": "2026-12-24T12:00:00+00:00",
    "amount": 1650,
    "until": "2026-12-24T12:00:00+00:00",
    "due_at": "2026-12-01T12:00:00+00:00",
    "regime": "accept",
    "day": "2027-01-24",
    "to": "Département de Loire",
    "by": "Alix Moreau",
    "count": 2,
    "before": 1650,
    "after": 2000,
    "effect": "due",
    "state": "submitted",
    "substate": "",
    # What a careless caller would put there: no template may print it.
    "answers": {"allergie": SECRET},
    "body": SECRET,
    "comment": SECRET,
}
EVERY = [(template, language) for template in wording.BUILDERS for language in ("fr", "en")]


class Page(HTMLParser):
    """Tags, attributes and visible words of a mail."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.links, self._open = [], "", [], None
        self.hidden = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.hidden = tag in {"style", "title"}
        if tag == "a":
            self._open = [dict(attrs)["href"], ""]

    def handle_endtag(self, tag):
        self.hidden = False
        if tag == "a":
            self.links.append(tuple(self._open))
            self._open = None

    def handle_data(self, data):
        if not self.hidden:
            self.words += " " + data
            if self._open:
                self._open[1] += data

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def letter(town):
    def made(template, language="fr", theme=None):
        town.authority.theme = theme or {}
        to_team = template in wording.TO_TEAMS
        followed, chosen = "https://demarches.example/suivi/cle/", "https://demarches.example/courriels/cle/"
        leads = mail.Addresses(link=lambda _notice: "" if to_team else followed, wishes=lambda _notice: chosen)
        notice = Notice(
            authority=town.authority,
            case_id=None if to_team else uuid7(),
            template=template,
            context=CONTEXT,
            language=language,
            recipient_name="Camille Martin",
            recipient_email="camille@example.org",
            message_id="<1@example.org>",
        )
        message = mail.compose(notice, leads)
        (html,) = (each.content for each in message.alternatives)
        return message, html

    return made


@pytest.fixture
def letters(letter):
    """Each mail in each language: (its name and language, message, HTML, page). A case each would be as many towns."""
    made = ((f"{template}.{language}", *letter(template, language)) for template, language in EVERY)
    return [(name, message, html, Page(html)) for name, message, html in made]


@pytest.mark.exigence("A11Y-32")
def test_each_mail_is_text_and_html_that_say_the_same(letters):
    for name, message, _html, page in letters:
        parts = [part.get_content_type() for part in message.message().walk()]
        assert parts == ["multipart/alternative", "text/plain", "text/html"], name
        told = " ".join([*page.words.split(), *(href for href, _words in page.links)])
        said = [" ".join(part.split()) for line in message.body.splitlines() for part in re.split(r" ?: ", line)]
        assert [part for part in said if part not in told] == [], name


@pytest.mark.exigence("A11Y-32")
def test_each_mail_declares_its_language_has_one_title_and_one_heading(letters):
    for name, message, html, page in letters:
        language = name.rpartition(".")[2]
        assert message.extra_headers["Content-Language"] == language, name
        assert page.of("html") == [{"lang": language, "dir": "ltr"}], name
        assert len(page.of("h1")) == len(page.of("title")) == len(page.of("main")) == 1, name
        assert f"<title>{message.subject}</title>" in html.replace("&#x27;", "'"), name
        assert all(table["role"] == "presentation" for table in page.of("table")), name


@pytest.mark.exigence("A11Y-32")
def test_each_link_says_where_it_goes_and_nothing_is_loaded(letters):
    vague = re.compile(r"^\W*(cliquez|ici|lien|click|here|link)\b", re.IGNORECASE)
    for name, _message, html, page in letters:
        for href, words in page.links:
            assert len(words.strip()) >= 10, name
            assert not vague.match(words), name
            assert href.startswith("https://demarches.example/"), name
        assert not page.of("img") + page.of("link") + page.of("script") + page.of("iframe"), name
        assert "url(" not in html, name
        assert "http:" not in html, name


@pytest.mark.exigence("RGPD-18")
def test_no_mail_carries_the_content_of_the_file(letters):
    for name, message, html, _page in letters:
        assert SECRET not in message.body + html + message.subject, name
        assert not re.search(r"%\(|\{\{|None", message.body + html), name


@pytest.mark.parametrize("theme", [{}, {"colour": "#5b2a6e", "accent": "#c2410c"}, {"colour": "#ffee00"}])
def test_a_mail_wears_the_town_s_colours_and_can_be_read_by_day_and_by_night(letter, theme):
    _message, html = letter("registration_receipt", theme=theme)
    light = dict(re.findall(r'class="(\w+)"[^>]*?background:(#\w{6});color:#\w{6}', html))
    pairs = re.findall(r"background:(#\w{6})(?:!important)?;color:(#\w{6})", html)
    assert len(pairs) >= 6
    assert {ratio for ground, ink in pairs if (ratio := contrast(ground, ink)) < TEXT_RATIO} == set()
    if theme.get("colour") == "#5b2a6e":
        assert light["button"] == "#5b2a6e"
    assert "prefers-color-scheme:dark" in html


def test_a_mail_to_a_team_opens_nobody_s_request(letter):
    for template in wording.TO_TEAMS:
        message, html = letter(template)
        assert "suivi" not in message.body
        assert "<a " not in html


def test_a_town_writes_every_mail_in_a_folder_to_look_at_them(town, tmp_path):
    call_command("gru_mails", tmp_path, verbosity=0)
    index = (tmp_path / "index.html").read_text()
    written = {path.name for path in tmp_path.iterdir()} - {"index.html"}
    for template, language in EVERY:
        assert {f"{template}.{language}.{part}" for part in ("txt", "html")} <= written
    assert set(re.findall(r'href="([^"]+)"', index)) == written
    for name in written:
        text = (tmp_path / name).read_text()
        assert set(re.findall(r"https?://[^\s\"<]+", text)) <= {f"{settings.PUBLIC_URL}/exemple/"}, name
        assert not re.search(r"%\(|\{\{|None", text), name
