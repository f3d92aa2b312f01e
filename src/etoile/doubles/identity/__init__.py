"""Simulated FranceConnect, ProConnect and directory of an authority: what each asks, refuses and answers, without
anybody's true identity.

Sources: `france-connect/sources` (February 2026), `numerique-gouv/proconnect-documentation` (May 2025). Neither was
called.
"""
