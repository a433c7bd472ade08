"""Opening the workbook, and what lies in it."""

from __future__ import annotations

from core.foundation.errors.family import BugError, ExpectedError, IntegrityError


class WrongPassphrase(ExpectedError):
    """That passphrase did not open the workbook.

    Safe: Nothing has been changed or lost.
    Next: Check caps lock and try again.
    """

    code = "wrong-passphrase"


class WrongCheckingPassphrase(WrongPassphrase):
    """That passphrase did not open the file of keys for checking.

    Safe: Nothing has been changed or lost.
    Next: Use the passphrase that was chosen when the file was made, or make the file again.
    """

    code = "wrong-checking-passphrase"


class WeakPassphrase(ExpectedError):
    """That passphrase would be too easy to guess.

    Safe: Nothing has been set yet.
    Next: Use the five suggested words, or make it longer.
    """

    code = "weak-passphrase"


class NoVaultHere(ExpectedError):
    """There is no workbook in {path}.

    Safe: Nothing has been changed.
    Next: Choose another folder, or start a new workbook here.
    """

    code = "no-vault"


class VaultExists(ExpectedError):
    """There is already a workbook in {path}.

    Safe: It has not been touched.
    Next: Open it, or choose an empty folder.
    """

    code = "vault-exists"


class VaultInUse(ExpectedError):
    """This workbook is already open in another window or by another user.

    Safe: Nothing has been changed.
    Next: Close the other one first.
    """

    code = "vault-in-use"


class VaultTooNew(ExpectedError):
    """This workbook was last used by a newer version of the program.

    Safe: It has not been touched.
    Next: Install the newer version on this laptop.
    """

    code = "vault-too-new"


class VaultInSyncedFolder(ExpectedError):
    """{path} is copied elsewhere by a sync program ({marker}), which would damage an open workbook.

    Safe: Nothing was created.
    Next: Choose a folder on this laptop only. The shared folder is set separately.
    """

    code = "vault-in-synced-folder"


class VaultLocked(ExpectedError):
    """The workbook is locked.

    Safe: Everything saved is safe.
    Next: Unlock it and try again.
    """

    code = "vault-locked"


class HeaderDamaged(IntegrityError):
    """The key file of this workbook is damaged.

    Safe: The case file itself has not been touched.
    Next: Put back the copy beside it (keyslot.previous) or restore a backup.
    """

    code = "keyslot-damaged"


class KeyFileGone(IntegrityError):
    """The key file of this workbook is gone, and without it no passphrase opens the workbook.

    Safe: The case file itself (workbook.db) is here, and it has not been touched.
    Next: Put the file keyslot back from a copy of this folder, or restore a backup into an empty folder.
    """

    code = "keyslot-gone"


class VaultDamaged(IntegrityError):
    """The workbook's file is damaged, or is not the one this key file belongs to.

    Safe: It has not been changed.
    Next: Restore the newest backup, or join again from another laptop.
    """

    code = "vault-damaged"


class EnvelopeRejected(IntegrityError):
    """A sealed file did not open: its bytes were changed, cut short, or sealed for someone else.

    Safe: None of it was used.
    """

    code = "envelope-rejected"


class SignatureRejected(IntegrityError):
    """A signature does not match what it signs.

    Safe: What it signs was not used.
    """

    code = "signature-rejected"


class KeyRejected(IntegrityError):
    """A public key is of a kind that cannot be trusted.

    Safe: It was not admitted.
    """

    code = "key-rejected"


class EncodingRejected(IntegrityError):
    """Some stored data is not written the one way it may be written: {reason}.

    Safe: None of it was used.
    """

    code = "encoding-rejected"


class BackupUnusable(ExpectedError):
    """{path} is not a backup this program can restore: {reason}.

    Safe: Nothing has been replaced.
    Next: Choose another backup.
    """

    code = "backup-unusable"


class UntrackedWrite(BugError):
    """The program tried to change a record without recording the change: {rule}

    Safe: The change was refused, and what was saved before is safe.
    Next: Lock, start again, and tell the people who look after the program.
    """

    code = "untracked-write"
