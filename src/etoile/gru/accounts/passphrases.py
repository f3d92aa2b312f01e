"""What a passphrase may be: long enough, known to nobody else. No rule on its characters (ASVS 6.2.5, NIST 800-63B)."""

import unicodedata
from functools import lru_cache

from django.contrib.auth import hashers
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from etoile.gru.access import breached

LEAST, MOST = 15, 200
# Fewer different signs than that repeat themselves.
DIFFERENT = 5


def problem(given: str, *, email: str = "") -> str:
    """Why it is refused, in a sentence; empty when it is accepted."""
    plain = _plain(given)
    if len(plain) < LEAST:
        return _("Elle a %(n)d caractères : il en faut %(least)d au moins. Ajoutez un ou deux mots.") % {
            "n": len(plain),
            "least": LEAST,
        }
    if len(plain) > MOST:
        return _("Elle est trop longue : %(most)d caractères au plus.") % {"most": MOST}
    if len(set(plain.lower())) < DIFFERENT:
        return _("Elle répète les mêmes caractères : on l’essaierait en premier. Choisissez quatre mots sans lien.")
    if _mostly(plain, email):
        return _("Elle reprend votre adresse électronique : on l’essaierait en premier. Choisissez d’autres mots.")
    if breached.known(plain):
        return _("Elle est trop connue : on l’essaierait en premier. Choisissez quatre mots sans lien.")
    return ""


def kept(given: str) -> str:
    """As the table keeps it. One slow hash."""
    return hashers.make_password(_plain(given))


def is_right(given: str, passphrase: str) -> bool:
    """Whether it is the one kept. The same slow hash when nothing is kept: the answer takes as long."""
    if not passphrase:
        hashers.check_password(_plain(given), _nobody())
        return False
    return hashers.check_password(_plain(given), passphrase)


def _plain(given: str) -> str:
    """One keyboard writes é in one sign, another in two."""
    return unicodedata.normalize("NFC", given)


def _mostly(plain: str, email: str) -> bool:
    name, _at, domain = email.lower().partition("@")
    left = plain.lower()
    for part in (email.lower(), name, domain, domain.partition(".")[0]):
        if len(part) > 3:
            left = left.replace(part, "")
    return bool(email) and len(left) < LEAST // 2


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hashers.make_password(get_random_string(32))
