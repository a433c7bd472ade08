"""What a database driver reports, as one of our errors. Knows numbers, not drivers: nothing is imported here."""

from __future__ import annotations

from core.foundation.errors import AppError, DiskFull, FolderNotWritable, VaultDamaged, VaultInUse

_WORKBOOK = "the workbook"
_NO_ROOM_TO_SHARE = 4874
"""IOERR_SHMSIZE: the small file beside an open database could not be made as long as it must be."""
_PRIMARY = 0xFF
"""The low byte of an extended result code (sqlite.org/rescode.html) is the plain one."""


def error_of(code: int | None) -> AppError | None:
    """The error a person should read for an SQLite result code; None if the program itself is at fault."""
    if code == _NO_ROOM_TO_SHARE:
        return DiskFull(path=_WORKBOOK)
    match None if code is None else code & _PRIMARY:
        case 13:  # FULL
            return DiskFull(path=_WORKBOOK)
        case 11 | 26:  # CORRUPT, NOTADB
            return VaultDamaged()
        case 5 | 6:  # BUSY, LOCKED
            return VaultInUse()
        case 8 | 14:  # READONLY, CANTOPEN
            return FolderNotWritable(path=_WORKBOOK, reason="the system refused")
        case 10:  # IOERR
            return FolderNotWritable(path=_WORKBOOK, reason="the disk reported an error")
    return None
