"""Figures ready to be shown: what is hidden because it is too small, in words, and as a file of numbers."""
