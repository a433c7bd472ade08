"""A letter to one person of a case."""
