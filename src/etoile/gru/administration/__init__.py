"""Where a town runs its own GRU: teams, agents and roles, signatories, closed days, words, look, audit log."""
