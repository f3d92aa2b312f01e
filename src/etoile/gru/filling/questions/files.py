"""Files to join: those given already, and the control that takes more."""

from django.utils.translation import gettext as _

from etoile.design.fields import Attached, FieldView
from etoile.gru.documents.kinds import accepted_extensions, accepted_words
from etoile.gru.documents.lightening import KINDS as LIGHTENED
from etoile.gru.documents.models import Document, State
from etoile.gru.filling.questions.base import Builder, Question, base
from etoile.gru.forms.fields import TYPES


def _file(question: Question, widget: str) -> FieldView:
    kind = TYPES[question.field.type]
    expected, hint = kind.expected(question.field), str(question.field.hint)
    families = kind.accept(question.field)  # type: ignore[attr-defined]
    # Whoever wrote the procedure may already have said which files are taken: once is enough.
    if accepted_words(families[:1]) not in hint:
        hint = f"{hint}\n{expected}" if hint else expected
    most = kind.max_count(question.field)  # type: ignore[attr-defined]
    return base(
        question,
        "file",
        hint=hint,
        attached=tuple(Attached(each.name, each.size, str(each.pk), _note(each)) for each in question.documents),
        parts=lighten(question.name) if set(families) & set(LIGHTENED) else (),
        accept=",".join(accepted_extensions(families)),
        multiple=most > 1 and len(question.documents) < most,
        attach=question.name if most > 1 else "",
    )


def lighten(name: str) -> tuple[FieldView, ...]:
    """The box by which photos are made smaller before they are measured."""
    return (
        FieldView(
            f"{name}.lighten",
            _("Alléger mes photos"),
            "checkbox",
            hint=_("Une photo trop lourde est réduite avant d’être gardée. Elle reste lisible."),
        ),
    )


def _note(document: Document) -> str:
    """What the antivirus leaves to be said: nothing, most of the time."""
    told = document.state == State.INFECTED or (document.state == State.UNAVAILABLE)
    return str(State(document.state).label).lower() if told else ""


BUILDERS: dict[str, Builder] = {"file": _file}
