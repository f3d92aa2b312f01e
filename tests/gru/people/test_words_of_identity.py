"""What the State certifies is read in words, not as it is coded."""

import pytest

from etoile.gru.people.words import lines, source


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("gender", "female", "Femme"),
        ("gender", "male", "Homme"),
        ("birth_country", "99100", "France"),
        ("birth_country", "99352", "code INSEE 99352"),
        ("birth_place", "2A004", "code INSEE 2A004"),
        ("birth_place", "Angers", "Angers"),
        ("birth_date", "1985-00-00", "1985"),
        ("birth_date", "1985-06-00", "1985-06"),
        ("birth_date", "1985-06-12", "1985-06-12"),
        ("civility", "MADAME", "Madame"),
        ("family_name", "Le Goff", "Le Goff"),
    ],
)
def test_an_attribute_is_said_in_words(key, value, shown):
    assert lines(key, value) == [shown]
    assert source("franceconnect-plus") == "FranceConnect+"
