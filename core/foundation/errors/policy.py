"""The policy."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError


class PolicyPackInvalid(ExpectedError):
    """The policy pack cannot be used: {reason}.

    Safe: No case has been changed.
    Next: Correct what is named, or put back the policy pack that came with the program.
    """

    code = "policy-pack-invalid"
