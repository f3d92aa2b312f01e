"""A link that fills in a form beforehand, made by the authority for one person: it expires, and is sealed, so that a
mailbox or a log tells nothing of it. It opens no draft and no request: whoever follows it begins one, and reads it.
"""

import json
import time
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from etoile.gru.filling.prefilling import from_link
from etoile.gru.forms.models import Procedure
from etoile.gru.sealing.derived import derived

# The name of the token in an address, French as the addresses are.
NAME = "prerempli"
LONGEST = timedelta(days=366)
# Browsers, proxies and mail programs cut longer addresses, each its own way.
MOST_CHARACTERS = 1500


class LinkRefused(ValueError):
    """Not made, or not followed; the message is for the person, or for the program that asks for it."""


def token(procedure: Procedure, answers: Mapping[str, Any], *, until: datetime) -> str:
    """What the link says, by attribute (`prefill.attribute` of a field that reads `link`). Raises `LinkRefused`."""
    if not timedelta() < until - datetime.now(UTC) <= LONGEST:
        raise LinkRefused(_("Un lien dure au plus un an."))
    definition = procedure.current.definition if procedure.current is not None else None
    wanted = {each.prefill.attribute for each in definition.fields if each.prefill and each.prefill.source == "link"
              } if definition is not None else set()  # fmt: skip
    unknown = sorted(set(answers) - wanted)
    if unknown:
        raise LinkRefused(_("Aucune question ne lit « %(name)s » dans un lien.") % {"name": unknown[0]})
    said = [procedure.authority.siret, procedure.slug, int(until.timestamp()), dict(answers)]
    made = _cipher().encrypt(zlib.compress(json.dumps(said, ensure_ascii=False).encode()))
    if len(made) > MOST_CHARACTERS:
        raise LinkRefused(_("Ce lien serait trop long : donnez moins de réponses."))
    return made.decode()


def told(procedure: Procedure, given: str) -> dict[str, Any]:
    """By field, what the link fills in. Raises `LinkRefused` when it has ended, or is of something else."""
    try:
        siret, slug, until, answers = json.loads(zlib.decompress(_cipher().decrypt(given)))
    except (InvalidToken, zlib.error, ValueError, TypeError):
        raise LinkRefused(_("Ce lien n’est pas entier. Copiez-le en entier, ou remplissez le formulaire.")) from None
    if (siret, slug) != (procedure.authority.siret, procedure.slug) or procedure.current is None:
        raise LinkRefused(_("Ce lien est celui d’une autre démarche."))
    if until < time.time():
        raise LinkRefused(_("Ce lien a expiré. Remplissez le formulaire à la main : il pose les mêmes questions."))
    return from_link(procedure.current.definition, answers)


def _cipher() -> MultiFernet:
    return _made(tuple(settings.ENCRYPTION_KEYS))


@lru_cache(maxsize=2)
def _made(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(derived(key, b"etoile gru prefill links"))) for key in keys])
