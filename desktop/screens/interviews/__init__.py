"""Private interviews: the list, setting one apart, opening, writing, and who reads it."""
