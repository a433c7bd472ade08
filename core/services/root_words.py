"""In words: what a version of the organisation's root decides, beside the one before it."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.ids import DeviceId, UserId
from core.sync.engine.entries import REMOVE, Root
from core.sync.engine.entry import Entry
from core.sync.engine.leaving import Removal
from core.sync.engine.roster import Roster

PASSPHRASE_PASSES = 3
PASSPHRASE_COSTS = {0: "as usual", 512 * 1024: "twice as long", 1024 * 1024: "four times as long"}
"""Memory in KiB that one guess at a passphrase takes at least -> how long it takes then, in words."""
SOMEBODY = "a colleague"


def people_words(before: Root, after: Root, names: Mapping[UserId, str]) -> tuple[str, ...]:
    """Who administers from then on and did not, and who does no more."""
    old, new = dict(before.admins), dict(after.admins)
    found = [f"{names.get(user) or SOMEBODY} administers too." for user in sorted(new.keys() - old.keys())]
    found += [f"{names.get(user) or SOMEBODY} administers no more." for user in sorted(old.keys() - new.keys())]
    return tuple(_capital(sentence) for sentence in found)


def further_words(
    roster: Roster, numbers: Mapping[DeviceId, int], before: Root, after: Root, names: Mapping[UserId, str]
) -> tuple[str, ...]:  # fmt: skip
    """What else is decided. `numbers`: which laptop of its owner each is, oldest first."""
    newly = set(after.lifted) - set(before.lifted)
    entries = {entry.name: entry for entry in roster.entries if entry.name in newly}
    found = [_lifted(entry, numbers, names) for _, entry in sorted(entries.items())]
    if after.kdf_floor != before.kdf_floor:
        how = PASSPHRASE_COSTS.get(after.kdf_floor[0], f"{after.kdf_floor[0] // 1024} MiB")
        found.append(f"A guess at a passphrase takes {how}, from its next change on.")
    if after.format_floor != before.format_floor:
        found.append("Everybody works with a newer version of the program.")
    return tuple(_capital(sentence) for sentence in found)


def _lifted(entry: Entry, numbers: Mapping[DeviceId, int], names: Mapping[UserId, str]) -> str:
    said = entry.said
    if not isinstance(said, Removal):
        return ""
    whose = names.get(said.user) or SOMEBODY
    if entry.kind == REMOVE or said.device is None:
        return f"{whose} is not removed any more."
    return f"laptop {numbers.get(said.device, 1)} of {whose} is not suspended any more."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
