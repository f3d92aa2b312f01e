"""Pages of whoever keeps the archives, and what agents do so that a case stays. Rules: `etoile.gru.archive`."""
