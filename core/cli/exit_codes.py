"""The exit codes of `imani`. They are a promise to scripts: a code never changes its meaning.

| code | meaning |
|---|---|
| 0 | done |
| 1 | the program broke one of its own rules |
| 2 | the command line itself was wrong |
| 3 | this machine or Python is not supported |
| 4 | there is no screen to open a window on |
| 10 | wrong or too weak passphrase |
| 11 | there is no workbook there |
| 12 | there is already a workbook there, or it is open elsewhere |
| 13 | something stored is damaged |
| 20 | not allowed |
| 21 | not found |
| 22 | what was given cannot be taken: a form, a file, a template, an invitation |
| 23 | waiting for somebody else, or for an answer |
| 30 | the shared folder cannot be used |
| 31 | the disk is full or cannot be written |
| 40 | stopped on request |
| 50 | the check found problems, and named them |
"""

from __future__ import annotations

from core.foundation import errors

DONE = 0
BUG = 1
USAGE = 2
UNSUPPORTED = 3
NO_DISPLAY = 4
PASSPHRASE = 10
NO_VAULT = 11
OCCUPIED = 12
DAMAGED = 13
NOT_ALLOWED = 20
NOT_FOUND = 21
NOT_TAKEN = 22
WAITING = 23
FOLDER = 30
DISK = 31
CANCELLED = 40
PROBLEMS_FOUND = 50

_BY_FAMILY: tuple[tuple[type[errors.AppError], int], ...] = (
    (errors.Cancelled, CANCELLED),
    (errors.WrongPassphrase, PASSPHRASE),
    (errors.WeakPassphrase, PASSPHRASE),
    (errors.NoVaultHere, NO_VAULT),
    (errors.VaultExists, OCCUPIED),
    (errors.VaultInUse, OCCUPIED),
    (errors.VaultTooNew, UNSUPPORTED),
    (errors.UnsupportedMachine, UNSUPPORTED),
    (errors.NotAllowed, NOT_ALLOWED),
    (errors.RemovedFromOrganisation, NOT_ALLOWED),
    (errors.VaultLocked, NOT_ALLOWED),
    (errors.MadeUpStaysHere, NOT_ALLOWED),
    (errors.NotFound, NOT_FOUND),
    (errors.NotAdmittedYet, WAITING),
    (errors.StillChecking, WAITING),
    (errors.NotAgreedYet, WAITING),
    (errors.SharedFolderError, FOLDER),
    (errors.NoSharedFolder, FOLDER),
    (errors.DiskFull, DISK),
    (errors.FolderNotWritable, DISK),
    (errors.BugError, BUG),
    (errors.IntegrityError, DAMAGED),
    (errors.PeerError, DAMAGED),
    (errors.ExpectedError, NOT_TAKEN),
)


def exit_code(error: errors.AppError) -> int:
    """The exit code for an error, by the family it belongs to."""
    return next((code for family, code in _BY_FAMILY if isinstance(error, family)), BUG)
