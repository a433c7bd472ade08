"""Exchange with the other laptops through the shared folder."""
