"""The record types, each declared once. Pure."""
