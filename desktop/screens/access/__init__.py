"""Who can read a case: by name, since when, by whose decision; letting in, taking off, keeping out."""
