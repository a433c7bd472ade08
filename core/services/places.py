"""Where a workbook may lie, and what may never be written there.

On this laptop only, never where a sync program copies files; and nothing else goes into its folder.
"""

from __future__ import annotations

from pathlib import Path

from core.foundation.errors import FolderNotWritable, VaultInSyncedFolder

_MARKERS = {
    ".stfolder": "Syncthing",
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".sync_journal.db": "Nextcloud",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    "desktop.ini.onedrive": "OneDrive",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",
    ".tmp.drivedownload": "Google Drive",
}
"""A file or folder that a sync program keeps at the top of what it copies."""

_NAMES = (
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud drive", "iCloud"),
    ("icloud", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("mobile documents", "iCloud"),
)
"""How the top folder of a sync program is usually called; OneDrive adds ` - organisation`."""


def sync_program_over(folder: Path) -> str:
    """The name of the sync program that copies `folder`; empty if none shows itself."""
    resolved = folder.expanduser().resolve()
    for place in (resolved, *resolved.parents):
        name = place.name.casefold()
        for start, program in _NAMES:
            if name == start or name.startswith((f"{start} - ", f"{start} (")):
                return program
        for marker, program in _MARKERS.items():
            if (place / marker).exists():
                return program
    return ""


def refuse_synced_folder(folder: Path) -> None:
    """
    Raises:
        VaultInSyncedFolder: a sync program would copy the open workbook and damage it.
    """
    program = sync_program_over(folder)
    if program:
        raise VaultInSyncedFolder(path=str(folder), marker=program)


def refuse_own_folder(vault: Path, target: Path) -> None:
    """Keep what a person saves (a backup, letters, a list) out of the workbook's own folder.

    One file named like the key file there would put an end to the workbook.

    Raises:
        FolderNotWritable: `target` is the vault's folder or lies in it.
    """
    own, chosen = vault.expanduser().resolve(), target.expanduser().resolve()
    if chosen == own or own in chosen.parents:
        raise FolderNotWritable(path=str(own), reason="the workbook lies there, and a file of it could be written over")
