"""Simulated family services (school meals, after-school care): a vendor who speaks SOAP, by a contract of its own."""
