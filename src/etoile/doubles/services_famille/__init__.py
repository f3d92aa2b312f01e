"""Simulated family services (school meals, after-school care): a modern vendor, who receives signed webhooks."""
