from tests.migrated import unwritten


def test_the_migrations_say_all_that_the_models_say():
    assert unwritten() == {}
