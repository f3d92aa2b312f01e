"""Files to join: those given already, and the control that takes more."""

from etoile.design.fields import Attached, FieldView
from etoile.gru.documents.kinds import accepted_extensions, accepted_words
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
        attached=tuple(Attached(each.name, each.size, str(each.pk)) for each in question.documents),
        accept=",".join(accepted_extensions(families)),
        multiple=most > 1 and len(question.documents) < most,
        attach=question.name if most > 1 else "",
    )


BUILDERS: dict[str, Builder] = {"file": _file}
