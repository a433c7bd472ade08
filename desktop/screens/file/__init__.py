"""One attached file: look at it, save a copy, fetch it, remove it."""
