import jsonschema_rs

from etoile.gru.forms import samples
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.parsing import parse


def test_made_up_answers_have_the_form_of_the_real_ones_and_show_every_option(every_procedure):
    for slug, raw in every_procedure.items():
        definition = parse(raw)
        made = [samples.answers(definition, turn) for turn in range(samples.turns(definition))]
        for each in definition.fields:
            if TYPES[each.type].answered and each.type != "file":
                values = [answers[each.id] for answers in made]
                wrong = [value for value in values if not jsonschema_rs.is_valid(TYPES[each.type].schema(each), value)]
                assert not wrong, (slug, each.id, wrong)
            if each.type == "single_choice" and len(each.options) <= 12:
                assert {option.value for option in each.options} == set(values)
        assert not set(samples.files(definition)) & set(made[0])
