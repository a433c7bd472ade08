"""The organisation's documents."""
