import jsonschema_rs

from etoile.gru.forms import samples
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.parsing import parse


def test_made_up_answers_have_the_form_of_the_real_ones_and_show_every_option(every_procedure):
    for slug, raw in every_procedure.items():
        definition = parse(raw)
        made = [samples.answers(definition, turn) for turn in range(samples.turns(definition))]
        asked = [each for each in definition.fields if TYPES[each.type].answered and each.type != "file"]
        inside = [(each, child) for each in asked for child in each.fields if TYPES[child.type].answered]
        answered = [(each, [answers[each.id] for answers in made]) for each in asked if not each.fields]
        answered += [(child, [answers[each.id][0].get(child.id) for answers in made]) for each, child in inside]
        for each, values in answered:
            schema = TYPES[each.type].schema(each)
            wrong = [value for value in values if value is not None and not jsonschema_rs.is_valid(schema, value)]
            assert not wrong, (slug, each.id, wrong)
            if each.type == "single_choice" and len(each.options) <= 12:
                assert {option.value for option in each.options} == set(values)
        assert not set(samples.files(definition)) & set(made[0])
