"""Passkeys: the keys by which an account proves, beside a password, that somebody holds what they registered."""
