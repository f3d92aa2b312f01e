"""« Mon espace »: the pages of who has an account. Nothing elsewhere asks for one."""
