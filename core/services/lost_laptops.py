"""When laptops are lost: a workbook out of two recovery sheets, the organisation sheet and a copy of the folder.

It reads every case of the group, through the same checks as any exchange, and writes nothing. How it goes on from there
is in `coming_back.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from core.changes.hlc import to_ms
from core.crypto import shares
from core.crypto.derive import sha256
from core.crypto.kdf import DEFAULT_COST, KdfCost
from core.domain.case import Case
from core.domain.organisation import Member
from core.foundation.errors import (
    FolderUnreachable,
    IntegrityError,
    PeerError,
    SharedFolderError,
    SheetsDoNotBelong,
    SheetsOpenNothing,
)
from core.foundation.ids import ID_BYTES, UserId
from core.foundation.ports import CancelToken, NeverCancel, Progress, SharedStore, no_progress
from core.services.audit import note_before
from core.services.exchange import me_of, run_round
from core.services.place import given_place, keep_place
from core.services.recovered import RECOVERED, Recovery, pack
from core.services.roster import (
    ORGANISATION_STREAM,
    ROOT_HASH,
    now_ms,
    roster_of,
)
from core.services.vaults import (
    begin_vault,
    check_person,
    finish_vault,
    make_workspace,
    open_store,
    refuse_weak,
    workspace_of,
)
from core.services.workspace import Parts, Workspace
from core.store import keyring, meta
from core.store.gaps import numbers_held
from core.store.mailbox import VaultBox, VaultMailbox
from core.store.store import Store
from core.sync.engine import boot, recovery
from core.sync.engine.boot import Boot, OrganisationSheet
from core.sync.engine.envelope import MAX_FILE_BYTES, is_name
from core.sync.engine.recovery import GroupKeys
from core.sync.salvage import Salvage
from core.sync.transports.names import ROOT_NAME
from core.sync.transports.opening import open_place
from core.sync.transports.places import Place
from core.vault.database import close_database
from core.vault.keyslot import new_content

REGRANT_BATCH = 200
_SALVAGE_BATCH = 500


@dataclass(frozen=True, slots=True)
class RecoverForm:
    """What is asked of somebody who recovers. The sheets are given as words; `shared_folder` is any copy of it."""

    first_sheet: str
    second_sheet: str
    organisation_sheet: str
    shared_folder: Path | Place
    your_name: str
    initials: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """The workbook, open and marked as recovered. `missing`: what the copy of the folder lacks, in sentences."""

    workspace: Workspace
    cases: int
    missing: tuple[str, ...]
    refused: int


def recover(
    folder: Path, form: RecoverForm, *, parts: Parts, cost: KdfCost = DEFAULT_COST, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Recovered:  # fmt: skip
    """Make a workbook in `folder` that reads every case of the group. Ended at any moment, it is begun again.

    Raises:
        FormIncomplete, WeakPassphrase: nothing was made.
        SheetWordUnknown, SheetIncomplete, SheetMistyped, SheetOfAnotherKind, SheetGivenTwice, SheetsDoNotBelong.
        SheetsOpenNothing: no file in the folder belongs to these sheets.
        VaultExists, VaultInSyncedFolder, FolderNotWritable, DiskFull, FolderUnreachable, Cancelled.
    """
    check_person(form.your_name, form.initials)
    refuse_weak(form.passphrase, avoid=(form.your_name,))
    token = cancel or NeverCancel()
    progress(0, 4, "Reading the sheets")
    seed = shares.combine(form.first_sheet, form.second_sheet)
    sheet = boot.read_sheet(form.organisation_sheet)
    group_keys = recovery.keys_of_seed(seed)
    if not boot.fits(sheet, group_keys.wrap.public):
        raise SheetsDoNotBelong()
    transport = open_place(given_place(form.shared_folder), randomness=parts.randomness)
    content = _find_capsule(transport, sheet, group_keys, token)
    user = UserId(parts.randomness.bytes(ID_BYTES))
    keys = new_content(randomness=parts.randomness, organisation=content.organisation, user=user)
    occupancy = begin_vault(folder, cost)
    try:
        store = open_store(folder, keys, parts)
        try:
            progress(1, 4, "Reading the shared folder")
            made = Recovery(
                seed, content.mark[:ID_BYTES], content.edition, content.mark, parts.clock.now(), form.your_name.strip(),
                form.initials.strip().upper(), (),
            )  # fmt: skip
            _keep_boot(store, content, made, form, parts)
            workspace = make_workspace(folder, keys, store, parts, content.organisation_stream, occupancy)
            store.writable = frozenset()
            report = run_round(workspace, transport, everything=True, refill=False, progress=progress, cancel=token)
            progress(2, 4, "Taking in what is there")
            refused = report.refused + _salvage(workspace, token)
            missing = _missing(workspace)
            note_before(workspace, about=workspace.organisation_stream, deed="recovery-use", subject="workbook made")
            with store.unit("recovered") as (unit, _):
                meta.write(unit.connection, RECOVERED, pack(replace(made, missing=missing), now_ms(workspace)))
            progress(3, 4, "Protecting the keys with your passphrase")
            finish_vault(folder, keys, form.passphrase, cost=cost, parts=parts)
            workspace = workspace_of(folder, keys, store, parts=parts, occupancy=occupancy)
        except BaseException:
            close_database(store.engine)
            raise
    except BaseException:
        occupancy.release()
        raise
    progress(4, 4, "")
    return Recovered(workspace, len(workspace.store.select(Case)), missing, refused)


def _find_capsule(
    transport: SharedStore, sheet: OrganisationSheet, keys: GroupKeys, cancel: CancelToken
) -> Boot:
    """The newest of the files these sheets open: the one that knows most keys."""
    found: list[Boot] = []
    for info in transport.list(ROOT_NAME):
        cancel.check()
        if not is_name(info.name.rpartition("/")[2]) or info.size_bytes > MAX_FILE_BYTES:
            continue
        try:
            found.append(boot.open_capsule(transport.get(info.name, MAX_FILE_BYTES), sheet, keys.wrap))
        except FolderUnreachable:
            raise
        except (SharedFolderError, IntegrityError, PeerError):
            continue  # something else, or damaged
    if not found:
        raise SheetsOpenNothing()
    return max(found, key=lambda item: (len(item.envelope_keys), len(item.entries)))


def _keep_boot(store: Store, content: Boot, made: Recovery, form: RecoverForm, parts: Parts) -> None:
    """What the capsule brought. Its roster only says whose signatures to check: the log confirms it."""
    with store.unit("recover") as (unit, _):
        connection = unit.connection
        for number, key in content.envelope_keys:
            keyring.add_envelope_key(connection, number, key)
        for item in content.stream_keys:
            keyring.add_epoch_key(
                connection, stream=item.stream, number=item.number, header_hash=item.header_hash, key=item.key
            )
        for kind, value in content.entries:
            keyring.add_roster_entry(
                connection, keyring.RosterRow(sha256(value), kind, value, confirmed=False, device=None, seq=None)
            )
        meta.write(connection, ROOT_HASH, content.root_hash)
        meta.write(connection, ORGANISATION_STREAM, content.organisation_stream)
        keep_place(unit, given_place(form.shared_folder))
        meta.write(connection, RECOVERED, pack(made, to_ms(parts.clock.now())))


def _salvage(workspace: Workspace, cancel: CancelToken) -> int:
    """Apply what waits for files nobody has. Returns how much was refused."""
    refused = 0
    more = True
    while more:
        with VaultMailbox(workspace.store.engine).writing() as box:
            if not box.waiting_segments():
                break
            now = workspace.parts.clock.now()
            result = Salvage(box, me_of(workspace), now=now, parsed={}, cancel=cancel).run(limit=_SALVAGE_BATCH)
        refused += result.refused
        more = result.more
    return refused


def _missing(workspace: Workspace) -> tuple[str, ...]:
    """What is named by somebody's signature, or follows from the numbers, and is not there."""
    with workspace.store.reading() as connection:
        held = numbers_held(connection)
        heads = VaultBox(connection).heads()
        waiting = len(VaultBox(connection).waiting_segments())
    last = {device: max([0, *numbers]) for device, numbers in held.items()}
    for head in heads.values():
        for device, (seq, _) in head.seen.items():
            last[device] = max(last.get(device, 0), seq)
    known = roster_of(workspace)
    names = {UserId(member.user): member.name for member in workspace.store.select(Member)}
    told = []
    for device in sorted(last):
        gone = [number for number in range(1, last[device] + 1) if number not in held.get(device, frozenset())]
        if gone:
            whose = names.get(known.owner_of(device) or UserId(b""), "")
            told.append(_said(f"{whose}\u2019s laptop" if whose else "a laptop nobody knows any more", gone))
    if waiting:
        told.append(f"{waiting} file{'' if waiting == 1 else 's'} by laptops that nothing left here vouches for.")
    return tuple(told)


def _said(whose: str, gone: list[int]) -> str:
    count = f"{len(gone)} exchange{'' if len(gone) == 1 else 's'}"
    where = f"number {gone[0]}" if len(gone) == 1 else f"between number {gone[0]} and {gone[-1]}"
    return f"{count} of {whose}, {where}, {'is' if len(gone) == 1 else 'are'} missing from the folder."
