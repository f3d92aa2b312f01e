"""How a table says what of it a person receives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.rights.subject import Subject

# Why a column is not given.
INNER = _("numéro ou repère interne, qui ne dit rien de vous")
SECRET = _("clé ou empreinte : la donner ouvrirait votre demande à d’autres")
AGENT = _("compte d’un agent : son service vous est dit")
OTHERS = _(
    "parle peut-être d’une autre personne : demandez-le, le délégué à la protection des données vérifie et répond"
)

Where = Callable[[Subject], models.Q]


def of_its_case(subject: Subject) -> models.Q:
    return models.Q(case_id__in=subject.case_ids)


@dataclass(frozen=True, slots=True)
class Held:
    """One table. `given`, in order, and `withheld`, with the reason, name all its columns: a test sees to it.

    `on_request`: the person is told how many lines there are, and asks for them; it names the column that says when
    each was written, and `spoken` the one whose words the officer may replace. `holder`: which attribute of a row its
    sealed values are bound to.
    """

    model: type[models.Model]
    title: str | Promise
    given: Sequence[str] = ()
    withheld: Mapping[str, str | Promise] = field(default_factory=dict)
    where: Where = of_its_case
    on_request: str = ""
    spoken: str = ""
    holder: str = "pk"

    @property
    def name(self) -> str:
        return self.model._meta.label

    def rows(self, subject: Subject) -> models.QuerySet[Any]:
        """One statement, whatever their number."""
        found = self.model._default_manager.filter(self.where(subject)).order_by("pk")
        related = [each for each in self.given if self.model._meta.get_field(each).is_relation]
        return found.select_related(*related) if related else found


def hidden(reason: str | Promise, *names: str) -> dict[str, str | Promise]:
    """The same reason for several columns."""
    return dict.fromkeys(names, reason)
