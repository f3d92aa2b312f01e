"""A package for an electronic archiving system: SEDA 2.2 or 2.3 (NF Z44-022), a manifest and its files in one ZIP."""
