"""Finding a case by the words of it that are not secret."""
