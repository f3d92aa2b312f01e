import pytest

from etoile.runtime.products import UnknownProductError, discover, product


def test_the_products_installed_name_themselves() -> None:
    for name, found in discover().items():
        assert (found.name, found.prefix) == (name, name.upper())
        assert found.settings.startswith(f"etoile.{name}.")


def test_an_unknown_product_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownProductError, match="there is no product “crm”; installed: "):
        product("crm")
