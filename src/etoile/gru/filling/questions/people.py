"""Someone of the household; a name worth a signature."""

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView, Option
from etoile.gru.filling.questions.base import Builder, Question, base, control, part_of_value
from etoile.gru.filling.questions.dates import boxes
from etoile.gru.forms.fields.family_member import RELATIONS
from etoile.gru.forms.fields.family_member import TYPE as FAMILY_MEMBER


def _member(question: Question, widget: str) -> FieldView:
    value = part_of_value(question)
    names = (
        control(question, "given_names", _("Prénoms"), "text", value.get("given_names", ""), id=question.id),
        control(question, "family_name", _("Nom"), "text", value.get("family_name", "")),
    )
    born = control(
        question, "birth_date", _("Date de naissance"), "group", width="row",
        parts=boxes(question, f"{question.name}.birth_date", value.get("birth_date")),
    )  # fmt: skip
    asked = FAMILY_MEMBER.relations(question.field)
    known = tuple(Option(each, str(RELATIONS[each]), "", value.get("relation") == each) for each in asked)
    relation = (control(question, "relation", _("Lien avec vous"), "radios", options=known),) if len(known) > 1 else ()
    return base(question, "group", parts=(*names, born, *relation), autocomplete="")


def _signature(question: Question, widget: str) -> FieldView:
    value = part_of_value(question)
    token = "name" if question.field.autocomplete else ""
    name = control(
        question, "name", _("Vos prénoms et votre nom"), "text", value.get("name", ""), id=question.id,
        autocomplete=token,
    )  # fmt: skip
    agreed = control(
        question, "agreed", _("Écrire mon nom ici vaut signature."), "checkbox", value.get("agreed") is True
    )  # fmt: skip
    return base(question, "group", parts=(name, agreed), autocomplete="")


BUILDERS: dict[str, Builder] = {"family_member": _member, "signature": _signature}
