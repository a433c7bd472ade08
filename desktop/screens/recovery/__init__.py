"""Recovery sheets: who keeps them, making them, trying them out, and coming back with them."""
