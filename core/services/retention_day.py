"""Retention day: what makes a deletion true against old copies; for each person, every quarter and after a deletion.

A deletion takes rows, files and keys from every laptop. An old copy of the shared folder still holds the sealed bytes,
and the grants in it open with the keys people had then. So everybody who had the key renews their own keys and destroys
the old ones (`new_keys.py`), and the recovery groups get new sheets. Until all have, this says who has not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.changes.hlc import from_ms
from core.domain.changed import NOTHING, Changed
from core.domain.organisation import Member
from core.foundation.errors import FormIncomplete
from core.foundation.ids import ID_BYTES, UserId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.new_keys import (
    begin_new_keys,
    check_may_renew,
    destroy_old_keys,
    new_keys_begun,
    publish_new_keys,
    renewals_of,
    renewed_elsewhere,
)
from core.services.place import place_of
from core.services.recovery_groups import GroupRow, groups
from core.services.roster import roster_of
from core.services.sync import sync_now
from core.services.workspace import Workspace
from core.store import renewals, shredding
from core.store.renewals import Agreement
from core.store.shredding import KeptDeletion
from core.sync.engine.entry import Entry
from core.sync.engine.leaving import NewKeys
from core.sync.engine.records import is_signed_by
from core.sync.engine.recovery import RecoveryGroup
from core.sync.engine.roster import Roster
from core.vault.keyslot import open_keyslot

TERM = "retention_day"
QUARTERLY = "Everybody renews their keys four times a year, so that what was deleted cannot be opened from old copies."


@dataclass(frozen=True, slots=True)
class DeletionStands:
    """One deletion and what old copies still give. `waiting`: who has not renewed, in words; `me`: this person too.

    `left`: people who had the key and have left the organisation. `since`: nobody who is in can open it any more.
    """

    reason: str
    at: datetime
    waiting: tuple[str, ...]
    me: bool
    left: tuple[str, ...]
    since: datetime | None

    @property
    def sentence(self) -> str:
        """The whole of it, as a person reads it."""
        if self.since is None:
            has = "has" if len(self.waiting) == 1 and self.waiting != ("you",) else "have"
            said = (
                "Deleted. Old copies open it until everybody who had its key has renewed their keys: "
                f"{_joined(self.waiting)} {has} not yet."
            )
        else:
            said = f"Deleted, and unrecoverable since {self.since.day} {self.since:%B %Y}."
        if self.left:
            said += f" {_joined(self.left)} had its key and left: what they may have kept cannot be renewed from here."
        return said


@dataclass(frozen=True, slots=True)
class RetentionDayState:
    """How this person stands. `unfinished`: new keys were made and the old ones are still here.

    `pair_again`: the keys were renewed on another laptop of this person. `sheets`: recovery groups that need new
    sheets, which an administrator makes.
    """

    last: datetime | None
    due_at: datetime
    due: bool
    unfinished: bool
    pair_again: bool
    deletions: tuple[DeletionStands, ...]
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetentionDayHeld:
    """The keys are renewed, the old ones destroyed, and the workbook is locked: open it with the same passphrase."""

    changed: Changed = NOTHING


def retention_day_state(workspace: Workspace) -> RetentionDayState:
    """When this person last renewed their keys, when it is due, and what old copies of deleted cases still give."""
    view = _View(workspace)
    mine = [at for entry, at in view.renewed if _user_of(entry) == workspace.user]
    last = max(mine, default=None)
    joined = (member.joined_at for member in workspace.store.select(Member) if member.user == workspace.user)
    begun = last or next((at for at in joined if at), workspace.parts.clock.now())
    due_at = workspace.calendar.due_after(begun, workspace.pack.terms[TERM].term, zone=workspace.pack.zone)
    deletions = view.deletions()
    unfinished, pair_again = new_keys_begun(workspace), renewed_elsewhere(workspace)
    due = workspace.parts.clock.now() >= due_at or unfinished or pair_again or any(item.me for item in deletions)
    return RetentionDayState(last, due_at, due, unfinished, pair_again, deletions, tuple(sorted(view.sheets_wanted)))


def hold_retention_day(
    workspace: Workspace, *, passphrase: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> RetentionDayHeld:
    """Renew this person's keys and the key of this workbook, and destroy the old ones. The workbook is locked then.

    Ended anywhere, it goes on where it stopped when it is done again.

    Raises:
        WrongPassphrase, FormIncomplete, NotAllowed: nothing was changed.
        NoSharedFolder, FolderUnreachable, Cancelled, DiskFull, FolderNotWritable: the old keys are still here.
        RemovedFromOrganisation: this person is not in any more.
    """
    if not passphrase:
        raise FormIncomplete(problems={"passphrase": "Enter your passphrase."})
    asked = cancel or NeverCancel()
    progress(0, 4, "Checking the passphrase")
    keys = open_keyslot(workspace.folder, passphrase)
    check_may_renew(workspace)
    progress(1, 4, "Taking in what the others wrote")
    if place_of(workspace) is not None:  # deletions agreed on elsewhere are carried out first
        sync_now(workspace, cancel=asked)
        check_may_renew(workspace)
    progress(2, 4, "Making new keys and telling the others")
    begin_new_keys(workspace)
    publish_new_keys(workspace, cancel=asked)
    progress(3, 4, "Writing everything under a new key")
    destroy_old_keys(workspace, keys, passphrase)
    progress(4, 4, "")
    return RetentionDayHeld()


class _View:
    """The roster and the renewals, read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._me = workspace.user
        self._roster: Roster = roster_of(workspace)
        self._names = {UserId(member.user): member.name for member in workspace.store.select(Member)}
        self._groups: dict[bytes, GroupRow] = {row.group: row for row in groups(workspace, count_cases=False)}
        every = tuple(renewals_of(workspace))
        with workspace.store.reading() as connection:
            kept = shredding.deletions(connection)
            self._kept = [(item, renewals.agreement(connection, item.stream)) for item in kept]
            self.renewed: list[tuple[Entry, datetime]] = []
            for entry in every:
                origin = entry.origin
                at = None if origin is None else renewals.written_at(connection, origin.device, origin.seq)
                if at is not None:
                    self.renewed.append((entry, at))
            self._editions: list[tuple[RecoveryGroup, Entry, datetime]] = []
            for entry in self._roster.entries:
                said, origin = entry.said, entry.origin
                if isinstance(said, RecoveryGroup) and origin is not None and self._roster.standing.counts(entry):
                    at = renewals.written_at(connection, origin.device, origin.seq)
                    if at is not None:
                        self._editions.append((said, entry, at))
        self.sheets_wanted: set[str] = set()

    def deletions(self) -> tuple[DeletionStands, ...]:
        """Every deletion carried out here, newest first."""
        return tuple(self._stands(item, agreed) for item, agreed in reversed(self._kept))

    def _stands(self, item: KeptDeletion, agreed: Agreement | None) -> DeletionStands:
        waiting: list[str] = []
        left: list[str] = []
        done: list[datetime] = []
        for user in sorted(item.users, key=lambda one: (one == self._me, self._names.get(one, "").casefold())):
            name = "you" if user == self._me else self._names.get(user, "") or "somebody whose name is not here"
            if self._roster.role_of(user) is None:
                left.append(name)
                continue
            at = self._renewed_at(user, item, agreed)
            if at is None:
                waiting.append(name)
            elif self._has_old_laptop(user):
                waiting.append("your other laptop" if user == self._me else f"another laptop of {name}")
            else:
                done.append(at)
        for group in sorted({mark[:ID_BYTES] for mark in item.groups}):
            self._judge_group(group, item, agreed, waiting, done)
        since = None if waiting else max([*done, from_ms(item.at_ms)])
        return DeletionStands(item.reason, from_ms(item.at_ms), tuple(waiting), "you" in waiting, tuple(left), since)

    def _judge_group(
        self, group: bytes, item: KeptDeletion, agreed: Agreement | None, waiting: list[str], done: list[datetime]
    ) -> None:
        row = self._groups.get(group)
        name = f"the recovery group '{row.name}'" if row else "a recovery group"
        later = [
            (said, at) for said, entry, at in self._editions
            if said.group == group and said.edition > 1 and _came_after(entry, at, item, agreed)
        ]  # fmt: skip
        if row is None or not later:
            waiting.append(name)
            if row is not None:
                self.sheets_wanted.add(row.name)
            return
        first = min(said.edition for said, _ in later)
        old = [sheets for sheets in row.old_sheets if sheets.edition < first]
        gone = [sheets.destroyed_at for sheets in old if sheets.destroyed_at is not None]
        if len(gone) < len(old):
            waiting.append(f"the holders of the old sheets of '{row.name}'")
        else:
            done.extend([*gone, min(at for _, at in later)])

    def _renewed_at(self, user: UserId, item: KeptDeletion, agreed: Agreement | None) -> datetime | None:
        found = (at for entry, at in self.renewed if _user_of(entry) == user and _came_after(entry, at, item, agreed))
        return min(found, default=None)

    def _has_old_laptop(self, user: UserId) -> bool:
        """Whether a laptop of theirs that is not cut off was certified with keys before the newest and made none."""
        newest = self._roster.users[user].record
        made_here = {entry.origin.device for entry, _ in self.renewed if _user_of(entry) == user and entry.origin}
        return any(
            laptop.certificate.user == user
            and device not in made_here
            and self._roster.withheld_from(device) is None
            and not is_signed_by(laptop.certificate, newest)
            for device, laptop in self._roster.devices.items()
        )


def _came_after(entry: Entry, at: datetime, item: KeptDeletion, agreed: Agreement | None) -> bool:
    """Whether whoever wrote this knew of the deletion, and so had destroyed what it concerned."""
    return at > from_ms(item.at_ms) if agreed is None else agreed.was_seen(entry.seen)


def _user_of(entry: Entry) -> UserId:
    assert isinstance(entry.said, NewKeys)
    return entry.said.record.user


def _joined(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def due_sentence(state: RetentionDayState) -> str:
    """Why it is due, in one sentence; empty if it is not."""
    if state.pair_again:
        return "Your keys were renewed on another laptop of yours. Pair this one again."
    if state.unfinished:
        return "New keys were made and the old ones are still here. Renew your keys once more to finish."
    if any(item.me for item in state.deletions):
        return "A case was deleted. Old copies of it open until everybody who read it has renewed their keys."
    return QUARTERLY if state.due else ""


def names_waiting(items: Iterable[DeletionStands]) -> int:
    """How many deletions old copies still undo."""
    return sum(item.since is None for item in items)
