"""Simulated FranceConnect and ProConnect: what each asks, refuses and answers, without anybody's true identity.

Sources: `france-connect/sources` (February 2026), `numerique-gouv/proconnect-documentation` (May 2025). Neither was
called.
"""
