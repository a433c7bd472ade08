"""Signed segments, roster, keys for streams, and the shared folder."""
