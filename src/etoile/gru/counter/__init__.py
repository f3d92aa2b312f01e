"""Requests that an agent writes down for somebody, at the counter, on the phone, from a letter or an e-mail; and what
is written to those who have no e-mail."""
