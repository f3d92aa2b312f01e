"""What becomes of ended cases: told, set apart, handed over or eliminated, with the proof (docs/archives.md)."""
