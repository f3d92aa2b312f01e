"""What an application may know of people: its service contract (docs/contracts.md)."""
