"""What is missing in all one's cases, most first."""
