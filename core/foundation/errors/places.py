"""Disks, folders and stores."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError


class DiskFull(ExpectedError):
    """The disk that holds {path} is full.

    Safe: What was saved before is safe, and what you typed is still on the screen.
    Next: Free some space and try again.
    """

    code = "disk-full"


class FolderNotWritable(ExpectedError):
    """Nothing can be written in {path}: {reason}.

    Safe: What was saved before is safe.
    Next: Choose another folder, or ask for permission to write there.
    """

    code = "folder-not-writable"


class FileUnreadable(ExpectedError):
    """{path} could not be read: {reason}.

    Safe: Nothing has been changed.
    Next: Check that the file is there and try again.
    """

    code = "file-unreadable"


class SharedFolderError(ExpectedError):
    """The shared folder could not be used: {reason}.

    Safe: Everything is saved on this laptop and will be sent later.
    Next: Check the connection to the folder, then sync again.
    """

    code = "shared-folder"


class FolderUnreachable(SharedFolderError):
    """The shared folder {path} cannot be reached.

    Safe: Everything is saved on this laptop and will be sent later.
    Next: Connect to the office network or plug in the drive, then sync again.
    """

    code = "folder-unreachable"


class NotYetReadable(SharedFolderError):
    """A file in the shared folder has not fully arrived yet.

    Safe: It will be read at the next sync.
    """

    code = "not-yet-readable"


class GoneFromFolder(SharedFolderError):
    """A file is no longer in the shared folder.

    Safe: Nothing on this laptop was deleted because of it.
    """

    code = "gone-from-folder"


class StoreUnreachable(FolderUnreachable):
    """The shared store {address} cannot be reached: {reason}.

    Safe: Everything is saved on this laptop and will be sent later.
    Next: Check the internet connection, and the address on the Sync page, then sync again.
    """

    code = "store-unreachable"


class StoreRefused(FolderUnreachable):
    """The shared store {address} turned this laptop away: {reason}.

    Safe: Everything is saved on this laptop and will be sent later.
    Next: Ask whoever runs the store, put the key or the password right on the Sync page, then sync again.
    """

    code = "store-refused"


class StoreSupportMissing(SharedFolderError):
    """This copy of the program lacks the part that speaks to object stores and WebDAV.

    Safe: Everything is saved on this laptop and will be sent later.
    Next: Close the program, run python3 installer/start.py stores once, and start it again. A folder needs no part.
    """

    code = "store-support-missing"


class NoSharedFolder(ExpectedError):
    """No shared folder has been chosen yet.

    Safe: Everything is saved on this laptop.
    Next: Choose the folder your organisation shares, on the Sync page.
    """

    code = "no-shared-folder"


class MadeUpStaysHere(ExpectedError):
    """This is the demo with made-up people, so it cannot be shared with anybody.

    Safe: Nothing was sent and nothing was changed.
    Next: To work with colleagues, lock the demo and begin a real workbook on the first page.
    """

    code = "made-up-stays-here"
