"""How often something may be tried: counted in a table, so that all the web processes count together."""
