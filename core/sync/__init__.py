"""Exchange between laptops through a dumb folder: CWF/1 (`PROTOCOL.md`). It knows neither the vault nor the store."""
