"""Answers changed after a request was sent: corrected by the person who was asked to, or edited by an agent."""
