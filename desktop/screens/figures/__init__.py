"""Figures over one's cases: pictures first, the same numbers as tables, and a file for the committee."""
