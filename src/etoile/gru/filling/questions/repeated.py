"""A block of questions, row by row, and what is computed from answers."""

from etoile.design.fields import FieldView, RowView
from etoile.gru.filling.questions.base import Builder, Question, View, base, identifier
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED


def builders(view: View) -> dict[str, Builder]:
    """`view` draws the questions of the rows, whatever their family."""

    def block(question: Question, widget: str) -> FieldView:
        each = question.field
        named = str(REPEATED.row_label(each))
        rows = tuple(
            RowView(
                value=row.id,
                id=f"{identifier(each.id)}-{row.id}",
                label=f"{named} {number}",
                remove=f"{each.id}.{row.id}",
                fields=tuple(view(inner) for inner in row.questions),
            )
            for number, row in enumerate(question.rows, start=1)
        )
        following = f"{named} {len(rows) + 1}"
        add = f"{each.id}.{question.new_row}" if question.new_row else ""
        return base(question, widget, blocks=rows, add=add, value=following, autocomplete="")

    return {"repeated": block}


def _calculated(question: Question, widget: str) -> FieldView:
    each = question.field
    return base(question, widget, value=TYPES[each.type].summary(question.value, each), autocomplete="")


BUILDERS: dict[str, Builder] = {"calculated": _calculated}
