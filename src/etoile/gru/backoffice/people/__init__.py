"""Agents' pages of the user base: one person looked for, their file, what is attested; its figures."""
