"""The Organisation page and the forms behind its buttons."""
