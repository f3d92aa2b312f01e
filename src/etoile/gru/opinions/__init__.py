"""Opinions asked about a case: of another team, or of somebody outside, by a link that opens what was chosen only."""
