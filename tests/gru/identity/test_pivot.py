"""Who somebody is, from what FranceConnect tells: nothing of the wrong shape, and whole only when nobody shares it."""

from dataclasses import replace

import pytest

from etoile.gru.identity.pivot import Pivot, pivot_of

TOLD = {
    "family_name": "Dubois", "given_name": "Angela Claire", "given_name_array": ["Angela", "Claire"],
    "birthdate": "1978-08-24", "gender": "female", "birthplace": "49007", "birthcountry": "99100",
}  # fmt: skip
WHOLE = Pivot("Dubois", ("Angela", "Claire"), "1978-08-24", "female", "49007", "99100")


def test_the_claims_become_the_attributes_of_the_user_base():
    assert pivot_of(TOLD) == WHOLE
    assert WHOLE.attributes()["given_names"] == "Angela Claire"
    assert pivot_of({**TOLD, "given_name_array": None}) == WHOLE
    abroad = pivot_of({**TOLD, "birthplace": "", "birthcountry": "99352"})
    assert abroad.is_whole
    assert "birth_place" not in abroad.attributes()
    assert pivot_of({**TOLD, "birthplace": "2A004"}).birth_place == "2A004"


@pytest.mark.parametrize(
    "changed",
    [
        {"family_name": ""}, {"family_name": None}, {"family_name": ["Dubois"]},
        {"given_name": "", "given_name_array": []},
        {"birthdate": "1978-00-24"}, {"birthdate": "1978-08-00"}, {"birthdate": "1978"}, {"birthdate": 1978},
        {"birthdate": "1978-13-40"}, {"gender": "other"}, {"birthplace": ""}, {"birthplace": "Angers"},
        {"birthcountry": ""}, {"birthcountry": "FR"},
    ],
    ids=str,
)  # fmt: skip
def test_an_identity_that_somebody_else_may_have_is_not_whole(changed):
    assert not pivot_of({**TOLD, **changed}).is_whole


def test_one_identity_is_one_text_whatever_its_letters():
    assert WHOLE.plain() == replace(WHOLE, family_name=" DUBOIS ").plain()
    others = [
        replace(WHOLE, given_names=("Angela",)),
        replace(WHOLE, given_names=("Angela Claire",)),
        replace(WHOLE, birth_date="1978-08-25"),
        replace(WHOLE, birth_place="49008"),
        replace(WHOLE, gender="male"),
    ]
    assert len({each.plain() for each in (WHOLE, *others)}) == len(others) + 1
