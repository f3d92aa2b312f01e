"""Each limit of the pages of persons: who guesses is refused, whoever comes next at the same kiosk is not."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client

from etoile.gru.cases.models import Case
from etoile.gru.filling import resuming
from etoile.gru.filling.models import Draft
from etoile.gru.notices.models import Notice
from etoile.gru.portal import services, throttle
from etoile.gru.portal.space import coming, proving
from etoile.gru.portal.views import resuming as resuming_pages
from etoile.gru.portal.views import starting
from etoile.gru.throttles import services as throttles
from etoile.gru.throttles.models import Count
from tests.gru.portal.journey import filled, started
from tests.gru.portal.space import EMAIL, OTHER, PHRASE, SPACE, asked, entrance, opened, signed_in
from tests.gru.portal.test_space_keys import IN, OverTls, added, shown, within

LOU = "lou@exemple.fr"
FEW = throttle.Limit(count=2, seconds=600)


@dataclass(frozen=True)
class Vector:
    """`attack` is tried over and over, and answers whether it did what it wanted; `next` is somebody else, there."""

    limits: tuple[tuple[object, str], ...]
    attack: Callable[[], bool]
    refused: Callable[[], bool]
    next: Callable[[], bool]


def wrong_passphrase():
    return Vector(
        ((coming, "WRONG_HERE"),),
        lambda: signed_in(Client(), EMAIL, "pas la bonne phrase").status_code == 302,
        lambda: signed_in(Client(), EMAIL, PHRASE).status_code == 429,
        lambda: signed_in(Client(), LOU, OTHER).status_code == 302,
    )


def wrong_passphrase_inside():
    camille, lou = opened(), opened(LOU, OTHER)
    page = f"{SPACE}securite/adresse/"
    return Vector(
        ((proving, "WRONG_INSIDE"),),
        lambda: camille.post(page, {"email": "x@exemple.fr", "current": OTHER}).status_code == 302,
        lambda: camille.post(page, {"email": "x@exemple.fr", "current": PHRASE}).status_code == 422,
        lambda: lou.post(page, {"email": "y@exemple.fr", "current": OTHER}).status_code == 302,
    )


def codes(page):
    email = f"{page}@exemple.fr"
    return Vector(
        ((coming, "CODES_PER_EMAIL"),),
        lambda: asked(Client(), email, page).status_code != 302,
        lambda: (
            asked(Client(), email, page).status_code == 422
            and Notice.objects.filter(template="account_code", recipient_email=email).count() == FEW.count
        ),
        lambda: asked(Client(), "max@exemple.fr", page).status_code == 302,
    )


def guessed_code():
    mine, theirs = asked(Client(), "zoe@exemple.fr")["Location"], asked(Client(), "max@exemple.fr")["Location"]
    return Vector(
        (),
        lambda: Client().post(mine, entrance(mine, code="00000000")).status_code == 302,
        lambda: Client().post(mine, entrance(mine)).status_code == 404,
        lambda: Client().post(theirs, entrance(theirs)).status_code == 302,
    )


def wrong_passkey():
    key, lou = added(within()), added(within(LOU, OTHER), phrase=OTHER)
    return Vector(
        ((coming, "WRONG_HERE"),),
        lambda: OverTls().post(IN, shown(key, host="faux.example")).status_code == 302,
        lambda: OverTls().post(IN, shown(key)).status_code == 429,
        lambda: OverTls().post(IN, shown(lou)).status_code == 302,
    )


def tracking_key():
    (case,) = Case.objects.all()
    return Vector(
        (),
        lambda: Client().get(f"/suivi/{'x' * 27}/").status_code == 200,
        lambda: Client().get(f"/suivi/{'y' * 27}/").status_code == 404,
        lambda: Client().get(f"/suivi/{case.tracking_key}/").status_code == 200,
    )


def link_again():
    browser = Client()
    browser.post(filled(browser))
    first, second = Case.objects.order_by("submitted_at")
    Case.objects.filter(pk=second.pk).update(contact_email=LOU)

    def sent(case, email):
        Client().post("/suivi/", {"reference": case.reference, "email": email})
        return Notice.objects.filter(template="tracking_link", recipient_email=email).count()

    return Vector(
        ((services, "PER_EMAIL"),),
        lambda: sent(first, EMAIL) > FEW.count,
        lambda: sent(first, EMAIL) == FEW.count,
        lambda: sent(second, LOU) == 1,
    )


def draft_code():
    """A code that somebody wrote down has 57 bits: from one place, wrong ones are counted; the link of the e-mail still
    opens there."""
    started(Client())
    draft = Draft.objects.latest("created_at")
    token = resuming.token_of(draft.pk)
    return Vector(
        ((resuming_pages, "WRONG_CODES"),),
        lambda: Client().post("/demarches/reprendre/", {"code": "K7QM-3XPT-9DBR"}).status_code == 302,
        lambda: "Trop de codes" in Client().post("/demarches/reprendre/", {"code": "K7QM-3XPT-9DBR"}).content.decode(),
        lambda: Client().post(f"/demarches/reprendre/{token}/").status_code == 302,
    )


VECTORS = {
    "sign-in": wrong_passphrase,
    "passphrase asked again": wrong_passphrase_inside,
    "creation": lambda: codes("creer"),
    "lost passphrase": lambda: codes("oubli"),
    "code of the e-mail": guessed_code,
    "passkey": wrong_passkey,
    "tracking key": tracking_key,
    "link sent again": link_again,
    "code of a draft": draft_code,
}


@pytest.mark.exigence("ASVS 2.4.1")
@pytest.mark.exigence("ASVS 6.3.1")
def test_who_guesses_is_refused_and_the_next_person_at_the_same_place_is_not(case, monkeypatch):
    opened(EMAIL, PHRASE)
    opened(LOU, OTHER)
    for name, prepared in VECTORS.items():
        vector = prepared()
        with monkeypatch.context() as few:
            for holder, limit in vector.limits:
                assert 3 <= getattr(holder, limit).count <= 60, name
                few.setattr(holder, limit, FEW)
            assert not any(vector.attack() for _ in range(5 if not vector.limits else FEW.count)), name
            assert vector.refused(), f"{name}: who guesses goes on"
            assert vector.next(), f"{name}: the next person is refused"
        Count.objects.all().delete()


def test_a_count_is_one_for_all_the_processes_and_starts_again_after_its_window(db):
    """Nothing is kept in the memory of a process: the row is all there is."""
    with time_machine.travel("2026-11-29T12:00:00+00:00", tick=False) as clock:
        assert [throttles.allowed("essai", "là", FEW) for _ in range(3)] == [True, True, False]
        assert throttles.exceeded("essai", "là", FEW) and not throttles.exceeded("essai", "ailleurs", FEW)
        (row,) = Count.objects.all()
        assert row.uses == 3 and "là".encode() not in bytes(row.key)
        clock.shift(601)
        assert not throttles.exceeded("essai", "là", FEW)
        assert throttles.allowed("essai", "là", FEW) and Count.objects.get().uses == 1
        clock.shift(601)
        assert throttles.forget() == 1


def test_behind_a_declared_proxy_each_person_has_their_own_limit(town, monkeypatch, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    monkeypatch.setattr(starting, "STARTS", FEW)
    for _ in range(FEW.count):
        Client().post(
            "/demarches/signalement-voirie/remplir/", headers={"x-forwarded-for": "203.0.113.7, 198.51.100.1"}
        )
    begun = Draft.objects.count()
    for last, more in (("198.51.100.1", 0), ("198.51.100.2", 1)):
        Client().post("/demarches/signalement-voirie/remplir/", headers={"x-forwarded-for": last})
        assert Draft.objects.count() == begun + more
