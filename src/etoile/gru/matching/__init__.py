"""Persons of the user base who may be one: found by declared rules, decided by an agent, merged, undone."""
