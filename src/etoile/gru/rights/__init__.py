"""What a person may know and ask of what is kept about them, and the desk of whoever answers (docs/rights.md)."""
