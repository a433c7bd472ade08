"""One colleague: their laptops, their role, removing them. And the work that came late."""
