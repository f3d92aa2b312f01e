"""Ties between persons: family, association, company, mandate."""
