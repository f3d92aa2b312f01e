"""Étoile: a citizen-relationship system and the independent hub it plugs into."""
