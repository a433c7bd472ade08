"""Exchange with the others through the shared folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.changes.hlc import from_ms
from core.domain.changed import Changed
from core.domain.organisation import Member
from core.foundation.errors import FolderUnreachable, SharedFolderError
from core.foundation.ids import DeviceId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.access import settle_readers
from core.services.checking import checking_keys
from core.services.exchange import FOLDER_SETTING, LAST_SYNC, me_of, run_round, shared_folder, transport_of
from core.services.notices import sentences_of
from core.services.roster import roster_of
from core.services.versions import NOTHING_WAITS, WaitingChoices, waiting_choices
from core.services.workspace import Workspace
from core.store import meta
from core.store.mailbox import VaultMailbox
from core.sync.checking_keys import as_verify_keys
from core.sync.ports import OUTBOX, PENDING, PUBLISHED
from core.sync.transports.folder import FolderTransport
from core.sync.verify import FolderVerified, verify_folder


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one exchange did. `waiting`: files here that need others first; `missing`: files the folder lost."""

    sent: int
    received: int
    waiting: int
    refused: int
    missing: int
    notices: tuple[str, ...]
    finished_at: datetime
    changed: Changed


@dataclass(frozen=True, slots=True)
class SyncState:
    """Where this workbook stands. `seen_by`: colleagues' laptops that have this laptop's newest entries."""

    folder: Path | None
    waiting_to_send: int
    last_sync_at: datetime | None
    in_folder: int
    seen_by: tuple[str, ...]
    words: str
    notices: tuple[str, ...]
    choices: WaitingChoices = NOTHING_WAITS
    """What two laptops wrote apart and this person has to choose from."""


@dataclass(frozen=True, slots=True)
class FolderChosen:
    """The folder is set."""

    changed: Changed


def choose_folder(workspace: Workspace, folder: Path) -> FolderChosen:
    """Use `folder` for the exchange from now on. A sentence for people who look into it is put there.

    Raises:
        FolderUnreachable: there is no such folder.
        SharedFolderError: it is the workbook's own folder, or nothing may be written there.
    """
    chosen = folder.expanduser().resolve()
    own = workspace.folder.resolve()
    if own == chosen or own in chosen.parents or chosen in own.parents:
        raise SharedFolderError(reason="the workbook itself lies there; the two must be apart")
    if not chosen.is_dir():
        raise FolderUnreachable(path=str(folder))
    FolderTransport(chosen, randomness=workspace.parts.randomness).prepare()
    with workspace.store.unit("choose-folder") as (unit, outcome):
        meta.write(unit.connection, FOLDER_SETTING, str(chosen).encode())
    return FolderChosen(outcome.changed)


def sync_now(
    workspace: Workspace, *, everything: bool = False, refill: bool = True, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> SyncReport:  # fmt: skip
    """Send what is new here, take in what is new there. Ended at any moment, the next one goes on.

    `everything` reads the whole folder instead of the last two months; `refill` puts back what it lost.

    Raises:
        NoSharedFolder, FolderUnreachable, Cancelled: nothing is lost.
    """
    transport = transport_of(workspace)
    token = cancel or NeverCancel()
    done = run_round(workspace, transport, everything=everything, refill=refill, progress=progress, cancel=token)
    changed, sent, received = done.changed, done.sent, done.received
    if settle_readers(workspace):
        done = run_round(workspace, transport, everything=False, refill=refill, progress=progress, cancel=token)
        changed, sent, received = changed | done.changed, sent + done.sent, received + done.received
    now = workspace.parts.clock.now()
    transport.sweep(now.timestamp())
    with VaultMailbox(workspace.store.engine).reading() as box:
        waiting = box.count_in(PENDING)
    return SyncReport(
        sent, received, waiting, done.refused, done.missing, sentences_of(workspace), now, changed
    )


def verify_shared_folder(
    workspace: Workspace, *, folder: Path | None = None, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> FolderVerified:  # fmt: skip
    """Check every file of the shared folder (or of a copy of it) with this workbook's keys; nothing is changed.

    Raises:
        NoSharedFolder, FolderUnreachable, Cancelled.
    """
    if folder is None:
        transport = transport_of(workspace)
    else:
        transport = FolderTransport(folder, randomness=workspace.parts.randomness)
    keys = as_verify_keys(checking_keys(workspace))
    return verify_folder(transport, keys=keys, progress=progress, cancel=cancel)


def sync_state(workspace: Workspace) -> SyncState:
    """Where this workbook stands, without touching the folder."""
    me = me_of(workspace)
    with VaultMailbox(workspace.store.engine).reading() as box:
        unsealed = box.count_unsealed()
        outgoing = box.count_in(OUTBOX)
        in_folder = box.count_in(PUBLISHED, device=me.device)
        heads = box.heads()
        last_ms = box.read_number(LAST_SYNC)
    mine = heads.get(me.device)
    seen_by = [
        device
        for device, head in heads.items()
        if device != me.device and mine is not None and head.seen.get(me.device, (0, b""))[0] >= mine.seq
    ]
    waiting = unsealed + outgoing
    return SyncState(
        shared_folder(workspace), waiting, None if last_ms is None else from_ms(last_ms), in_folder,
        _names(workspace, seen_by), _words(waiting, in_folder, len(seen_by)), sentences_of(workspace),
        waiting_choices(workspace),
    )  # fmt: skip


def _names(workspace: Workspace, devices: list[DeviceId]) -> tuple[str, ...]:
    roster = roster_of(workspace)
    names = {member.user: member.name for member in workspace.store.select(Member)}
    return tuple(sorted(names.get(roster.owner_of(device) or b"", "a colleague") for device in devices))


def _words(waiting: int, in_folder: int, seen_by: int) -> str:
    if waiting:
        return "Saved on this laptop, not in the shared folder yet."
    if not in_folder:
        return "Saved on this laptop."
    if not seen_by:
        return "In the shared folder. No other laptop has it yet."
    return f"Seen by {seen_by} other laptop{'' if seen_by == 1 else 's'}."
