"""Simulated business applications: real servers with their own memory, for the demonstration and the tests.

Each knows the hub only by its public contract, exactly as the software of a vendor would.
"""
