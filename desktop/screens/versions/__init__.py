"""Two versions of one thing, side by side, and the choice between them."""
