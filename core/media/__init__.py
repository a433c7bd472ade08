"""Kinds of files, and copies of them without location data."""
