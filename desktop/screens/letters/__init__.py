"""Letters to an area: area, letter, check, make, deliver."""
