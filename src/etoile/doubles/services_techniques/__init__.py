"""Simulated technical services, in the manner of ATAL v6: called by the hub, asked for its statuses."""
