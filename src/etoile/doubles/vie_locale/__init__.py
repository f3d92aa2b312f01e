"""Simulated software for events: it cannot be called, and pulls its mailbox at the hub."""
