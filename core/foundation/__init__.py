"""The ground floor: errors, ids, ports, files, settings. It knows nothing of the rooms above."""
