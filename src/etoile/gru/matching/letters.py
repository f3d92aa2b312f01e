"""The e-mail that asks a person whether two records are theirs. It says nothing of the other one."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.matching.asking import TEMPLATE, key_of
from etoile.gru.notices import links, wording
from etoile.gru.notices.said import Context, Said


def register() -> None:
    wording.register(TEMPLATE, _asked)
    links.register_own(TEMPLATE, _address)


def _asked(context: Context) -> Said:
    return Said(
        subject=_("Avez-vous deux dossiers chez nous ?"),
        paragraphs=(
            _("Un agent de %(authority)s pense que deux dossiers sont à vous : celui de cette adresse, et un autre.")
            % context,
            _(
                "Si vous avez un espace personnel avec une autre adresse, ouvrez-le, puis suivez ce lien dans le même"
                " navigateur : vous verrez les deux, et vous direz si ce sont les vôtres. Le lien sert pendant %(days)s"
                " jours."
            )
            % context,
            _("Vous ne reconnaissez pas cela ? Ne faites rien : rien ne change sans votre accord."),
        ),
        link=_("Voir les deux dossiers"),
    )


def _address(context: Mapping[str, Any]) -> str:
    asked = uuid.UUID(context["asking"])
    return f"/mon-espace/reunir/{asked}/{key_of(asked, context['side'])}/"
