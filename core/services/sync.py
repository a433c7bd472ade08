"""Exchange with the others through the shared folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.changes.hlc import from_ms
from core.domain.changed import NOTHING, Changed
from core.domain.organisation import Member
from core.foundation.errors import Cancelled, NoSharedFolder, SharedFolderError
from core.foundation.ids import DeviceId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.access import settle_readers
from core.services.administrators import settle_administrators
from core.services.audit import settle_auditors
from core.services.checking import checking_keys
from core.services.declarations import settle_declared, settle_own_words
from core.services.downloads import Elsewhere, elsewhere_of
from core.services.exchange import LAST_SYNC, me_of, run_round, send_waiting
from core.services.interview_deletion import settle_deleted_interviews
from core.services.interviews import settle_interviews
from core.services.notices import sentences_of
from core.services.own_standing import follow_own_standing
from core.services.passing_on import pass_on
from core.services.place import FolderPlace, PlaceChosen, choose_place, place_of, transport_of
from core.services.recovery_wrapping import settle_recovery
from core.services.retention import carry_out_deletions
from core.services.retiring import retire_packs
from core.services.roster import roster_of
from core.services.summaries import being_checked, summarise
from core.services.vaults import settle_packs, settle_rights
from core.services.versions import NOTHING_WAITS, WaitingChoices, waiting_choices
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.checking_keys import as_verify_keys
from core.sync.healing import Lost, asked
from core.sync.pacing import Listing, OneListing, Turn
from core.sync.ports import OUTBOX, PENDING, PUBLISHED
from core.sync.transports.folder import FolderTransport
from core.sync.verify import FolderVerified, verify_folder

TURN_S = 0.08
"""How long a turn in the background takes, about: whoever saves something meanwhile waits no longer."""

LAST_WORDS_S = 2.0
"""How long sending may hold up a lock."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one exchange did. `waiting`: files here that need others first; `missing`: files the folder lost.

    `question`: so many files are gone that somebody must say whether they are put back.
    """

    sent: int
    received: int
    waiting: int
    refused: int
    missing: int
    notices: tuple[str, ...]
    finished_at: datetime
    changed: Changed
    question: Lost | None = None
    elsewhere: Elsewhere | None = None
    """Files that are only names on this laptop so far; the sync program has to be asked for them."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What one turn of an exchange leaves to the next."""

    listed: Listing = field(default_factory=dict)
    sent: int = 0
    received: int = 0
    refused: int = 0


NEW = Carried()


@dataclass(frozen=True, slots=True)
class SyncTurn:
    """A short piece of an exchange. `report` is there when it has come to its end."""

    carried: Carried
    report: SyncReport | None
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
    question: Lost | None = None
    """So many files are gone from the folder that somebody must say whether they are put back."""
    place: str = ""
    """Where this workbook exchanges, in words; empty until it is chosen. `folder` is there only if it is a folder."""
    being_checked: str = ""
    """What is said of records that stand on somebody's summary; empty once their history has been read."""


def choose_folder(workspace: Workspace, folder: Path) -> PlaceChosen:
    """Use `folder` for the exchange from now on. A sentence for people who look into it is put there.

    Raises:
        FolderUnreachable: there is no such folder.
        SharedFolderError: it is the workbook's own folder, or nothing may be written there.
    """
    return choose_place(workspace, place=FolderPlace(folder))


def sync_now(
    workspace: Workspace, *, everything: bool = False, refill: bool = True, answer: bool | None = None,
    progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> SyncReport:  # fmt: skip
    """Send what is new here, take in what is new there. Ended at any moment, the next one goes on.

    `everything` reads the whole folder instead of the last two months; `refill` puts back what it lost. Where that is
    a good part of it, nothing is put back until `answer` says whether it should be.

    Raises:
        NoSharedFolder, FolderUnreachable, Cancelled: nothing is lost.
        RemovedFromOrganisation: this person is not in the organisation any more, and the workbook is closed for good.
    """
    turn = Turn(cancel or NeverCancel(), workspace.parts.clock, None)
    done = _turn(workspace, NEW, turn, progress, everything=everything, refill=refill, answer=answer)
    assert done.report is not None  # nothing else ends it before its end
    return done.report


def sync_turn(
    workspace: Workspace, *, carried: Carried = NEW, everything: bool = False, answer: bool | None = None,
    budget_s: float = TURN_S, progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> SyncTurn:  # fmt: skip
    """As `sync_now`, for about `budget_s` at a time. Called again with what it `carried` until there is a report.

    Raises:
        NoSharedFolder, FolderUnreachable, Cancelled: nothing is lost.
    """
    turn = Turn(cancel or NeverCancel(), workspace.parts.clock, budget_s)
    return _turn(workspace, carried, turn, progress, everything=everything, refill=True, answer=answer)


@dataclass(frozen=True, slots=True)
class LastSent:
    """How many files went before the workbook was locked."""

    sent: int
    changed: Changed = NOTHING


def send_before_lock(workspace: Workspace, *, budget_s: float = LAST_WORDS_S) -> LastSent:
    """Send what was written in this sitting, as far as `budget_s` allows. What does not go, goes next time.

    Only after an exchange has come to its end since the workbook was opened.
    """
    turn = Turn(NeverCancel(), workspace.parts.clock, budget_s)
    try:
        return LastSent(send_waiting(workspace, transport_of(workspace), cancel=turn))
    except (SharedFolderError, NoSharedFolder, Cancelled):
        return LastSent(0)


def _turn(
    workspace: Workspace, carried: Carried, turn: Turn, progress: Progress, *,
    everything: bool, refill: bool, answer: bool | None,
) -> SyncTurn:  # fmt: skip
    transport = transport_of(workspace)
    store = OneListing(transport, carried.listed)
    done = run_round(
        workspace, store, everything=everything, refill=refill, progress=progress, cancel=turn, answer=answer
    )
    if not done.more:
        follow_own_standing(workspace)
    changed, sent, received = done.changed, carried.sent + done.sent, carried.received + done.received
    refused = carried.refused + done.refused
    settled = not done.more and (
        settle_readers(workspace)
        | settle_own_words(workspace)
        | settle_declared(workspace)
        | settle_auditors(workspace)
        | settle_interviews(workspace)
        | bool(settle_recovery(workspace))
        | settle_administrators(workspace)
        | pass_on(workspace, transport, cancel=turn)
    )
    if settled:
        done = run_round(workspace, store, everything=False, refill=refill, progress=progress, cancel=turn)
        changed, sent, received = changed | done.changed, sent + done.sent, received + done.received
    if done.more:
        return SyncTurn(Carried(store.listed, sent, received, refused), None, changed)
    changed |= carry_out_deletions(workspace).changed
    changed |= settle_deleted_interviews(workspace).changed
    settle_packs(workspace)
    if workspace.store.checking:
        settle_rights(workspace)  # the history may be here by now
    else:
        retire_packs(workspace)
        summarise(workspace)  # both go with the next exchange
    now = workspace.parts.clock.now()
    transport.sweep(now.timestamp())
    with VaultMailbox(workspace.store.engine).reading() as box:
        waiting = box.count_in(PENDING)
        question = asked(box)
    report = SyncReport(
        sent, received, waiting, refused, done.missing, sentences_of(workspace), now, changed, question,
        elsewhere_of(transport),
    )  # fmt: skip
    return SyncTurn(NEW, report, changed)


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
        question = asked(box)
    mine = heads.get(me.device)
    seen_by = [
        device
        for device, head in heads.items()
        if device != me.device and mine is not None and head.seen.get(me.device, (0, b""))[0] >= mine.seq
    ]
    waiting = unsealed + outgoing
    place = place_of(workspace)
    folder = place.folder if isinstance(place, FolderPlace) else None
    return SyncState(
        folder, waiting, None if last_ms is None else from_ms(last_ms), in_folder,
        _names(workspace, seen_by), _words(waiting, in_folder, len(seen_by)), sentences_of(workspace),
        waiting_choices(workspace), question, place.words if place else "", _being_checked(workspace),
    )  # fmt: skip


def _being_checked(workspace: Workspace) -> str:
    found = being_checked(workspace) if workspace.store.checking else None
    return found.words if found else ""


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
