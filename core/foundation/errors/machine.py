"""The machine, and other versions of the program."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError, PeerError


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
