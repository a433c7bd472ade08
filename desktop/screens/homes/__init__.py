"""The homes, and bringing in a list of them."""
