"""Everything the product knows, without a window. Floors: `core/ARCHITECTURE.md`."""
