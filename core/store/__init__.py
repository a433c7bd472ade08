"""Tables built from the record declarations, the change log, and every query."""
