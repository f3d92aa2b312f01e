"""A wrong mapping, a missing secret, an expired certificate: what the console says of each, where it is set and where
it fails. The sentences are here whole, to be read aloud by who has to act on them."""

import html
import re

import pytest
from django.db import connection, transaction
from django.urls import reverse

from etoile.hub.delivery.models import Attempt, Delivery
from etoile.hub.registry import directory
from etoile.hub.routing.services import accept
from etoile.sdk.connector import discover
from tests.hub.conftest import submission
from tests.hub.worker.conftest import work
from tests.sdk.certificates import DAY, NOW, Authority

pytestmark = pytest.mark.usefixtures("emptied")

SETTINGS = {
    "base_url": "https://voirie.example/api",
    "request": {"path": "/demandes"},
    "success": {"external_id": "response.body.numero"},
    "check": {"path": "/version"},
}
MAPPING = {"reference": "=event.data.case.reference"}


def plugged(star, access, secrets, mapping=None):
    star.connector, star.secrets, star.mapping = "http_json", secrets, mapping or MAPPING
    star.configuration = SETTINGS | ({"authentication": access} if access else {})
    star.save()


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def checked(client, star) -> str:
    return text(client.post(reverse("console:check", args=[star.slug])))


def delivered(client, star) -> str:
    """The page of the delivery, once it was tried by a real worker."""
    event = submission()
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        accept(cursor, event, application=snapshot.application("gru"), snapshot=snapshot)
    row = Delivery.objects.get(subscription_id=star.pk)
    work(discover(), until=lambda: Attempt.objects.filter(delivery_id=row.pk, finished_at__isnull=False).exists())
    return text(client.get(reverse("console:delivery", args=[row.pk])))


def test_a_mapping_error_names_the_line_the_field_and_the_nearest_one(client, operator, star):
    plugged(star, None, {})
    edit = reverse("console:subscription-edit", args=[star.slug])
    saved = text(client.post(edit, {"correspondance": "reference: =event.data.case.refrence", "reason": "essai"}))
    assert (
        "Ligne 1 : « event.data.case.refrence » n'existe pas dans ce message : « event.data.case.reference » ?" in saved
    )
    plugged(star, None, {}, {"quartier": "=event.data.answers.quartier"})
    words = "Réglage à revoir : /quartier : La valeur « quartier » est absente des données."
    assert words in delivered(client, star)


MISSING = (
    "Le secret « password » de l’abonnement « voirie-demandes » manque : donnez-le dans la console, page de cet "
    "abonnement, partie « Secrets », ou dans le fichier d’étoile, sous « secrets »."
)


def test_a_missing_secret_is_named_with_the_page_where_it_goes(client, operator, star):
    plugged(star, {"kind": "basic", "username": "ville"}, {})
    assert MISSING in checked(client, star)
    assert MISSING in delivered(client, star)


def test_an_expired_certificate_says_since_when_whom_to_ask_and_what_to_replace(client, operator, star):
    pair = Authority().give("ville", NOW - 400 * DAY, NOW - 30 * DAY)
    plugged(star, {"kind": "certificate"}, {"client_certificate": pair.pem, "client_key": pair.key()})
    words = (
        rf"Notre certificat client a expiré le \d+(er)? \w+ {(NOW - 30 * DAY).year} : demandez-en un nouveau à"
        r" l['’]éditeur de l['’]application, puis remplacez les secrets du certificat et de sa clé\."
    )
    assert re.search(words, checked(client, star))
    assert re.search(words, delivered(client, star))
