"""Square codes: a short text as black and white squares, and back from a picture of them."""
