"""Whatever the order in which a form is saved, left, taken up and moved to a new version, no answer is lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.gru.filling.fair import STANDS, asked, source

from etoile.gru.filling import moving, opened, resuming, services
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import Filling
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load

ROWS = ("aaaaaaaa", "bbbbbbbb")
CHOICE = asked("jour", "single_choice", options=[{"value": v, "label": {"fr": v.upper()}} for v in ("sam", "dim")])
SHORT = CHOICE | {"options": CHOICE["options"][:1]}
NAME, LENGTH = STANDS["fields"][:2]
VERSIONS = [
    source(asked("objets", "long_text"), CHOICE),
    source(SHORT, stands=STANDS | {"fields": [NAME]}),
    source(asked("objets", "integer"), asked("jour", "text"), stands=STANDS | {"fields": [LENGTH, NAME]}),
    source(asked("autre", "text"), stands=asked("nombre", "integer")),
]

words = st.sampled_from(["Vieux livres", "12", "sam", "dim", "Été"])
rows = st.lists(
    st.fixed_dictionaries({"row": st.sampled_from(ROWS), "nom_stand": words, "longueur": words}),
    max_size=2,
    unique_by=lambda row: row["row"],
)
pages = st.fixed_dictionaries(
    {}, optional={"objets": words, "jour": words, "autre": words, "nombre": words, "stands": rows}
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("save"), pages),
        st.tuples(st.just("move"), st.integers(0, len(VERSIONS) - 1)),
        st.tuples(st.just("resume"), st.sampled_from(["key", "code", "link"])),
    ),
    max_size=8,
)


@pytest.fixture
def versions(town) -> list[ProcedureVersion]:
    """Published one after the other, each as it would be on its day."""
    made = []
    for number, data in enumerate(VERSIONS, start=1):
        version = load(town.authority, data)
        # Published without its legal sheet: what is looked at is the form.
        ProcedureVersion.objects.filter(pk=version.pk).update(state="published", number=number)
        made.append(version)
    Procedure.objects.filter(pk=made[0].procedure_id).update(state="published", current=made[0])
    return [ProcedureVersion.objects.select_related("procedure").get(pk=each.pk) for each in made]


def given_to(filling: Filling) -> dict[str, list[Any]]:
    """Every answer the draft holds, by address, wherever it is."""
    found: dict[str, list[Any]] = {}
    for name, value in filling.answers.items():
        if isinstance(value, list):
            for row in value:
                for inner, answer in row.items():
                    found.setdefault(f"{name}.{row['row']}.{inner}", []).append(answer)
        else:
            found.setdefault(name, []).append(value)
    for each in moving.aside_of(filling):
        if isinstance(each.value, list) and each.value and isinstance(each.value[0], dict):
            for row in each.value:
                for inner, answer in row.items():
                    found.setdefault(f"{each.field}.{row['row']}.{inner}", []).append(answer)
        else:
            found.setdefault(each.field, []).append(each.value)
    return found


ROW_THERE_AND_BACK = [
    ("save", {"stands": [{"row": ROWS[0], "nom_stand": "Été", "longueur": "12"}]}),
    ("move", 1),
    ("move", 2),
]


@given(done=acts)
@example(done=ROW_THERE_AND_BACK)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_savings_resumptions_and_versions_loses_no_answer(versions, done):
    Procedure.objects.filter(pk=versions[0].procedure_id).update(current=versions[0])
    authority = versions[0].procedure.authority
    Draft.objects.all().delete()
    draft, key = services.start(ProcedureVersion.objects.select_related("procedure").get(pk=versions[0].pk))
    filling = opened.resume(draft.id, key, authority=authority)
    expected: dict[str, Any] = {}
    for act, what in done:
        if act == "save":
            page = filling.definition.pages[0]
            typed = {each.id: what.get(each.id) for each in page.fields}
            services.save_page(filling, page, typed)
            # What was typed replaces the answer before it; what was left empty takes it away.
            for name in typed:
                expected = {k: v for k, v in expected.items() if k.partition(".")[0] != name or name == "stands"}
            expected |= {name: value for name, value in filling.answers.items() if not isinstance(value, list)}
            for row in filling.answers.get("stands") or ():
                expected |= {f"stands.{row['row']}.{inner}": value for inner, value in row.items()}
        elif act == "move":
            Procedure.objects.filter(pk=versions[0].procedure_id).update(current=versions[what])
        else:
            filling, key = resumed(filling, key, what, authority)
        filling = opened.resume(draft.id, key, authority=authority)
        moving.bring_up_to_date(filling)
        held = given_to(filling)
        for name, value in expected.items():
            assert any(same(value, each) for each in held.get(name, [])), (name, value, held)


def same(one: Any, other: Any) -> bool:
    """« 12 » read as a number is the same answer."""
    return str(one) == str(other)


def resumed(filling, key, how, authority):
    if how == "code":
        _draft, key = resuming.let_in(resuming.by_code(resuming.code_of(filling).lower(), authority=authority))
    elif how == "link":
        token = resuming.token_of(filling.draft.id)
        _draft, key = resuming.let_in(resuming.by_token(token, authority=authority))
    return opened.resume(filling.draft.id, key, authority=authority), key
