"""The page before a case that somebody opens for the first time."""
