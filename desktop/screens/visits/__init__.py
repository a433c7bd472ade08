"""Visits from door to door: plan a round, walk it."""
