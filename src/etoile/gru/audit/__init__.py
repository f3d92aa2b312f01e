"""Who did or read what, when, on which case. The lowest room: it knows nobody, anybody may write in it."""
