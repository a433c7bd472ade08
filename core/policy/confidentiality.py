"""Who may see that something was opened, printed, copied or given out (policy 4.31)."""

from __future__ import annotations

from collections.abc import Collection

from core.policy.keeps import keeps


@keeps("4.31", "Who sees that a case was opened: the lead, and one person outside the team", on=("Access",))
def who_sees_openings(
    *, leads: Collection[bytes], watches: bytes | None, told: Collection[bytes] = (), kept_out: Collection[bytes] = ()
) -> frozenset[bytes]:
    """Policy 4.31: whoever leads on a case, and one person outside the team who was chosen to watch, see who opened it.

    `told`: who else was named when something was set apart. Nobody who is kept out of the case ever sees it. Everybody
    sees what they did themselves.
    """
    watching = frozenset() if watches is None else frozenset({watches})
    return (frozenset(leads) | frozenset(told) | watching) - frozenset(kept_out)
