"""Persons whom a platform of the State names: the account it opens, what it certifies of them."""
