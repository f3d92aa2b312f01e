"""The accounts of persons: never needed to ask for something, useful to find everything again."""
