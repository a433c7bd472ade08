"""Attached files."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError, IntegrityError


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
