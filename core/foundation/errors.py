"""The whole error tree. Rooms above raise these and nothing else.

The docstring of a class is what a person reads, in three parts: the first paragraph says what
happened, `Safe:` what is safe, `Next:` what to do. Words in braces are filled from the error's
fields. `code` is stable: tests, logs and the command line's exit codes rely on it. Fields are
data for the person who has the file open; never a passphrase, a key or a person's name.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error in the words a person reads."""

    happened: str
    safe: str
    next_step: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.safe, self.next_step) if part)


class AppError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "app-error"

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.code, fields)

    def explain(self) -> Explanation:
        """This error as three plain sentences (`happened`, `safe`, `next_step`)."""
        return explanation_of(type(self), self.fields)

    def __str__(self) -> str:
        return str(self.explain())

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.fields)


def _rebuild(kind: type[AppError], fields: dict[str, object]) -> AppError:
    return kind(**fields)


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "(not known)"


def explanation_of(kind: type[AppError], fields: dict[str, object]) -> Explanation:
    """Read the three parts out of the class docstring and fill in the fields."""
    parts = {"Happened": "", "Safe": "", "Next": ""}
    current = "Happened"
    for line in inspect.cleandoc(kind.__doc__ or "").splitlines():
        label, colon, rest = line.partition(":")
        opens = bool(colon) and label in parts
        current = label if opens else current
        parts[current] = f"{parts[current]} {(rest if opens else line).strip()}".strip()
    filled = {name: text.format_map(_Blank(fields)) for name, text in parts.items()}
    return Explanation(filled["Happened"], filled["Safe"], filled["Next"])


# ------------------------------------------------------------------ the four families


class ExpectedError(AppError):
    """The surroundings or the input did not allow this."""

    code = "expected"


class IntegrityError(AppError):
    """Some stored bytes do not verify.

    Safe: They have not been used, and nothing was overwritten.
    Next: Check the backup or another laptop before going on.
    """

    code = "integrity"


class PeerError(AppError):
    """Another laptop sent something that breaks the rules of exchange.

    Safe: It has been set aside, and everything else goes on.
    Next: Tell the owner of that laptop.
    """

    code = "peer"


class BugError(AppError):
    """The program broke one of its own rules: {rule}

    Safe: What was saved before this moment is safe.
    Next: Lock, start again, and tell the people who look after the program.
    """

    code = "bug"


# ------------------------------------------------------------------ jobs


class Cancelled(ExpectedError):
    """Stopped because you asked for it.

    Safe: What was finished before stopping is kept.
    """

    code = "cancelled"


# ------------------------------------------------------------------ opening the vault


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


# ------------------------------------------------------------------ disk and folders


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


# ------------------------------------------------------------------ attached files


class AttachmentRefused(ExpectedError):
    """The file was not attached: {reason}.

    Safe: The case is as it was, and your own file was not touched.
    Next: {next_step}
    """

    code = "attachment-refused"


class AttachmentNotHere(ExpectedError):
    """This file has not been received on this laptop yet.

    Safe: Nothing is lost: it is on the laptop of the person who attached it, and in the shared folder once sent.
    Next: Choose "Fetch this file", then sync.
    """

    code = "attachment-not-here"


class AttachmentDamaged(IntegrityError):
    """The attached file is not what its record says it is.

    Safe: Nothing of it was shown or saved.
    Next: Sync to fetch it again. If that does not help, ask the person who attached it to attach it once more.
    """

    code = "attachment-damaged"


class CopyNotCleaned(ExpectedError):
    """Location data cannot be taken out of this file: {reason}.

    Safe: No copy was made, and the file in the case is as it was.
    Next: Save the original as it is, if the person receiving it may know where and with what it was made.
    """

    code = "copy-not-cleaned"


# ------------------------------------------------------------------ people and permission


class NotAllowed(ExpectedError):
    """You do not have access to this.

    Safe: Nothing has been changed.
    Next: Ask the officer who leads on it.
    """

    code = "not-allowed"


class ProposalNotOpen(ExpectedError):
    """That cannot be agreed to now: {reason}.

    Safe: Nothing has been changed.
    Next: Sync, look at what the others said, and try again.
    """

    code = "proposal-not-open"


class RosterStale(ExpectedError):
    """Nothing has come from an administrator's laptop for {days} days, so nobody new can be given access.

    Safe: Everybody who has access keeps it, and your work goes on.
    Next: Sync, or ask an administrator to sync; then try again.
    """

    code = "roster-stale"


class RemovedFromOrganisation(ExpectedError):
    """You have been removed from the organisation, and this workbook has been closed for good.

    Safe: What you wrote was sent first, and waits there to be looked at. Nothing can be read on this laptop any more.
    Next: If this is a mistake, ask an administrator; they can invite you again.
    """

    code = "removed-from-organisation"


class NotFound(ExpectedError):
    """There is no {what} that matches.

    Safe: Nothing has been changed.
    Next: Check the reference and try again.
    """

    code = "not-found"


class StillChecking(ExpectedError):
    """What you see was summed up by a colleague's laptop and is still being checked against its history.

    Safe: You can read everything. Nothing was changed.
    Next: Leave the workbook open with the shared folder in reach; writing begins by itself when the check is done.
    """

    code = "still-checking"


class ChoiceOutdated(ExpectedError):
    """Another version came in, or a colleague chose, while you were reading.

    Safe: Nothing has been changed; every version is kept.
    Next: Look at the versions again, then choose.
    """

    code = "choice-outdated"


class InvitationRejected(ExpectedError):
    """That invitation cannot be used: {reason}.

    Safe: Nothing has been shared with anyone.
    Next: Ask the person who invited you for a new one.
    """

    code = "invitation-rejected"


class NotAdmittedYet(ExpectedError):
    """Your request to join has not been accepted yet.

    Safe: It is waiting in the shared folder.
    Next: Compare the eight words with the person who invited you, then sync again.
    """

    code = "not-admitted-yet"


class NoCodeInPicture(ExpectedError):
    """There is no square code in that picture that can be read.

    Safe: Nothing has been changed.
    Next: Take it again from straight above, the whole square and its white border sharp in it. Or type the text.
    """

    code = "no-code-in-picture"


class PairingRejected(ExpectedError):
    """That code of a second laptop cannot be used: {reason}.

    Safe: Nothing has been shared with anyone.
    Next: Look at the code on the new laptop again. If it stays so, begin anew on the new laptop.
    """

    code = "pairing-rejected"


class PairingNotAnswered(NotAdmittedYet):
    """Your other laptop has not answered yet.

    Safe: This laptop's code stays good for a day.
    Next: Enter the code on your other laptop, compare the eight words, and let it sync. Then check again here.
    """

    code = "pairing-not-answered"


# ------------------------------------------------------------------ what a person typed


class FormIncomplete(ExpectedError):
    """There is a problem with what was entered.

    Safe: Everything you typed is still here.
    Next: {problems}
    """

    code = "form-incomplete"

    def __init__(self, *, problems: dict[str, str]) -> None:
        super().__init__(problems=" ".join(problems.values()))
        self.problems = problems
        """Field name -> the sentence to show beside it."""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), {"problems": self.problems})


class ImportFileRejected(ExpectedError):
    """{path} cannot be read as a list of homes: {reason}.

    Safe: Nothing was imported, and the homes already here are unchanged.
    Next: {next_step}
    """

    code = "import-file-rejected"


class ListUnreadable(ExpectedError):
    """The bytes cannot be read as a list: {reason}.

    Safe: Nothing was imported.
    Next: {next_step}
    """

    code = "list-unreadable"

    def __init__(self, *, reason: str, next_step: str) -> None:
        super().__init__(reason=reason, next_step=next_step)
        self.reason = reason
        self.next_step = next_step


class RowNotTaken(ExpectedError):
    """{reason}

    Safe: The other rows are taken all the same.
    Next: Correct the row and bring the list in again.
    """

    code = "row-not-taken"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


# ------------------------------------------------------------------ letters


class LetterBlocked(ExpectedError):
    """This letter could give somebody away: {reason}.

    Safe: It was not made.
    Next: Take out the words shown, then check again.
    """

    code = "letter-blocked"


class NotAgreedYet(ExpectedError):
    """A second person has not agreed to these letters yet.

    Safe: Nothing was made, and nothing has gone out.
    Next: Ask a colleague who reads the case to open them under Letters and agree.
    """

    code = "not-agreed-yet"


class TemplateInvalid(ExpectedError):
    """The template cannot be used: {reason}.

    Safe: Nothing was sent, and the text is unchanged.
    Next: Correct it and save again.
    """

    code = "template-invalid"


class GlyphsMissing(ExpectedError):
    """The typeface has no picture for {characters}, so those letters would be missing.

    Safe: The letter was not made, and no others were stopped.
    Next: Correct the name or address, or record that this letter will be done by hand.
    """

    code = "glyphs-missing"


class TextDoesNotFit(ExpectedError):
    """The {part} does not fit on the page.

    Safe: The letter was not made, and no others were stopped.
    Next: Shorten it and try again.
    """

    code = "text-does-not-fit"


# ------------------------------------------------------------------ the policy


class PolicyPackInvalid(ExpectedError):
    """The policy pack cannot be used: {reason}.

    Safe: No case has been changed.
    Next: Correct what is named, or put back the policy pack that came with the program.
    """

    code = "policy-pack-invalid"


# ------------------------------------------------------------------ recovery sheets


class SheetWordUnknown(ExpectedError):
    """Word {number} is not one of the words that are used on recovery sheets.

    Safe: Nothing has been changed.
    Next: Look at that word on the sheet. The first four letters are enough to choose it from the list.
    """

    code = "sheet-word-unknown"


class SheetIncomplete(ExpectedError):
    """There are {count} words, and this sheet has {expected}.

    Safe: Nothing has been changed.
    Next: Enter every numbered word of the sheet, in order.
    """

    code = "sheet-incomplete"


class SheetMistyped(ExpectedError):
    """The words are not as they were printed. {place}

    Safe: Nothing has been changed.
    Next: Compare them with the sheet, one number at a time.
    """

    code = "sheet-mistyped"


class SheetOfAnotherKind(ExpectedError):
    """These words are from another kind of sheet.

    Safe: Nothing has been changed.
    Next: Two share sheets and one organisation sheet are needed, each in its own place on the page.
    """

    code = "sheet-of-another-kind"


class SheetsDoNotBelong(ExpectedError):
    """These sheets do not belong together.

    Safe: Nothing has been changed.
    Next: Compare the name of the group, its edition and the date printed on them. Older sheets do not fit newer ones.
    """

    code = "sheets-do-not-belong"


class SheetsOpenNothing(ExpectedError):
    """No file in this folder belongs to these sheets.

    Safe: Nothing has been made, and the folder is as it was.
    Next: Choose the folder of your organisation, or another copy of it. The newest sheets need a newer copy.
    """

    code = "sheets-open-nothing"


class SheetGivenTwice(ExpectedError):
    """The same share sheet was entered twice.

    Safe: Nothing has been changed.
    Next: Enter the words of a second share sheet. Any two of the three will do.
    """

    code = "sheet-given-twice"


# ------------------------------------------------------------------ the machine


class UnsupportedMachine(ExpectedError):
    """This program cannot run here: {reason}.

    Safe: Nothing was installed or changed.
    Next: {next_step}
    """

    code = "unsupported-machine"


class ChangeNeedsNewerVersion(PeerError):
    """Another laptop wrote something this version does not know.

    Safe: It is kept and passed on unchanged.
    Next: Install the newer version on this laptop to see it.
    """

    code = "change-needs-newer-version"


class SegmentRejected(PeerError):
    """A file from another laptop breaks the rules of exchange: {reason}.

    Safe: It has been set aside, and everything else goes on.
    Next: Tell the owner of that laptop.
    """

    code = "segment-rejected"
