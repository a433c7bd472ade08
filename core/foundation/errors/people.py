"""People, permission, invitations and pairing."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError


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
