"""A lookup is data of the star file: what is refused, what is written, what the history keeps."""

import pytest

from etoile.hub.registry.models import Change, Lookup, LookupProvider
from etoile.hub.registry.services import reencrypt
from etoile.hub.registry.star import StarError
from tests.hub.lookups.conftest import STAR_WITH_LOOKUPS

WRONG = {
    ("purposes: [tarif-cantine]", "purposes: [curiosite]"): "the purpose curiosite is not declared by this lookup",
    ("application: gru, purposes", "application: inconnue, purposes"): "the application inconnue is not known",
    ("application: msa\n", "application: mutuelle\n"): "the application mutuelle is not known",
    ("connector: lookup_csv", "connector: mailbox"): "answers no question; those that do:",
    ("connector: lookup_csv", "connector: telepathy"): "the connector telepathy is not installed",
    ("search: {kind: exact", "search: {kind: fuzzy"): "lookup_csv: ",
    ("answer: {type: object", "answer: {type: objet"): "is not a JSON Schema",
    ("answer: {type: object, required: [valeur]", "answer: {type: array, items: {}"): "type: object",
    ("=int(data.QF)", "=int(data."): "mapping",
    ("=int(data.QF)", "=int(event.QF)"): "mapping",
    ("- slug: msa\n        application", "- slug: caf\n        application"): "caf is written twice",
    ("longest: 120", "longest: 3"): "is at least as long as the first pause",
    ("slug: msa\n        application", "slug: msa\n        timeout: 3\n        application"): "nobody waits longer",
    ("name: ecoles", "name: quotient-familial"): "quotient-familial is written twice",
}


@pytest.mark.parametrize("change", WRONG, ids=range(len(WRONG)))
def test_a_lookup_that_makes_no_sense_is_refused_at_its_line(load_star, change) -> None:
    text = STAR_WITH_LOOKUPS.replace(*change, 1)
    assert text != STAR_WITH_LOOKUPS
    with pytest.raises(StarError) as refused:
        load_star(text)
    assert any(WRONG[change] in str(each) and each.line for each in refused.value.problems)
    assert not Lookup.objects.exists()


def test_the_same_file_again_changes_nothing_and_a_change_is_in_the_history_without_secrets(
    load_star, monkeypatch
) -> None:
    monkeypatch.setenv("CAF_KEY", "a-secret-of-the-caf-that-is-long-enough-to-be-one")
    load_star(STAR_WITH_LOOKUPS)
    again = load_star(STAR_WITH_LOOKUPS)
    assert (again.created, again.changed) == (0, 0)
    load_star(STAR_WITH_LOOKUPS.replace("timeout: 0.6", "timeout: 4").replace("tarif-cantine]", "creche]"))
    last = Change.objects.filter(kind="lookup", name="quotient-familial").first()
    assert (last.before["timeout"], last.after["timeout"]) == (0.6, 4)
    assert last.after["readers"] == {"gru": ["creche"]}
    assert last.after["providers"][0]["secrets"] == ["key"]
    assert "a-secret-of-the-caf" not in str([last.before, last.after])
    assert reencrypt() > 0
    held = LookupProvider.objects.get(lookup__name="quotient-familial", slug="caf")
    assert held.secrets["key"].startswith("a-secret")


def test_providers_follow_the_order_of_the_file_and_those_not_named_are_forgotten(load_star) -> None:
    load_star(STAR_WITH_LOOKUPS)
    begin, _, second = STAR_WITH_LOOKUPS.partition("      - slug: msa")
    end = second.index("  - name: ecoles")
    load_star(begin + second[end:])
    names = LookupProvider.objects.filter(lookup__name="quotient-familial").values_list("slug", flat=True)
    assert list(names) == ["caf"]
    load_star(STAR_WITH_LOOKUPS)
    assert list(names.all()) == ["caf", "msa"]
