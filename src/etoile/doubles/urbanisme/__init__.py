"""Simulated town planning: software that cannot be called, and pulls its mailbox at the hub."""
