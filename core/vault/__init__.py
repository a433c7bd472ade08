"""The encrypted file a person opens: key file, unlock, backup, restore, health."""
