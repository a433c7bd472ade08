"""Lists in and out of the vault: homes from a spreadsheet, the report of rows not taken."""
