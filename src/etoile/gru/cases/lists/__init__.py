"""Lists of cases as an agent reads them: what waits for them, criteria, order, pages. Reads only, `saving` apart."""
