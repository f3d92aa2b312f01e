"""Agents' pages of persons who look like the same one: the queue, the comparison, the merges and their undoing."""
