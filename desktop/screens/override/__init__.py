"""Letting in somebody who is kept out: asking two administrators, signing, and letting in."""
