"""The exchange as this vault runs it: who am I, one round. For the services beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from core.changes import cbor
from core.changes.change import Wire
from core.changes.hlc import FOLLOW_AT_MOST, instant_of, to_ms
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import DeviceId
from core.foundation.ports import CancelToken, Progress, SharedStore, no_progress
from core.services.attachments import file_limit, tidy_files
from core.services.laptop_names import renumber
from core.services.own_keys import own_keys
from core.services.recovered import recovery_in
from core.services.recovery_renewal import renew_after_new_sheets
from core.services.rekeying import renew_what_is_written
from core.services.roster import ROOT_HASH, roster_of, user_record_of
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import meta
from core.store.blobs import VaultBlobs
from core.store.forgetting import settle_log
from core.store.mailbox import VaultBox, VaultMailbox
from core.store.unit import Author, WriteUnit
from core.sync.blobs import BlobExchange
from core.sync.engine import roster
from core.sync.engine.entries import SUSPEND
from core.sync.engine.envelope import name_of, seal_segment_file
from core.sync.engine.judging import suspended_by
from core.sync.engine.segment import certificate_content
from core.sync.identity import Me, Recipient
from core.sync.interpret import CLOCK_AHEAD
from core.sync.ports import OUTBOX, PUBLISHED
from core.sync.runner import RoundReport, Runner, Surroundings
from core.sync.sealing import seal_next
from core.vault.blobs import BlobFolder
from core.vault.device import pack_device, with_current_device
from core.vault.keyslot import KEY_BYTES
from core.vault.user_keys import with_user_keys

INVITATION = "invitation:"
LAST_SYNC = "sync:last-ms"
RESTORED = "restored-laptop"
RENUMBERED = "exchange:renumbered"
"""There while this laptop has a new number and the files that somebody may have a copy of are not replaced yet."""


def me_of(workspace: Workspace) -> Me:
    """This person on this laptop, as exchange knows them; after a restored backup, under the laptop's new number."""
    with workspace.store.reading() as connection:
        before = with_current_device(workspace.keys, meta.read(connection, meta.DEVICE_IDENTITY))
        keys = with_user_keys(before, meta.read(connection, meta.USER_KEYS))
        root_hash = meta.read(connection, ROOT_HASH)
        made = recovery_in(connection)
    if root_hash is None:
        raise VaultDamaged()
    me = Me(
        keys.organisation, workspace.organisation_stream, root_hash, keys.user, user_record_of(keys).user_epoch,
        keys.device, SigningKey.from_seed(keys.device_sign_seed), WrapPrivateKey.from_seed(keys.user_wrap_seed),
    )  # fmt: skip
    if keys.user_epoch != before.user_epoch:  # what comes from those who do not know of the new keys yet
        old = Recipient(before.user, before.user_epoch, WrapPrivateKey.from_seed(before.user_wrap_seed))
        me = replace(me, further=(old,))
    if made is None or not len(made.seed):
        return me
    writes = roster_of(workspace).role_of(workspace.user) is not None
    return replace(me, further=(*me.further, made.recipient), writes=writes)


def run_round(
    workspace: Workspace, store: SharedStore, *, everything: bool, refill: bool, progress: Progress,
    cancel: CancelToken, answer: bool | None = None,
) -> RoundReport:  # fmt: skip
    """One round of exchange; a vault that was put back from a copy gets a new laptop number and goes on.

    Raises:
        FolderUnreachable, Cancelled: between two steps; nothing is lost.
    """
    renew_after_new_sheets(workspace)
    mailbox = VaultMailbox(workspace.store.engine)
    keys = {number: key for number, (key, _, _) in open_invitations(workspace).items()}
    around = Surroundings(
        mailbox, store, workspace.parts.clock, workspace.parts.randomness, keys,
        files_between(workspace, store, progress=progress, cancel=cancel), partial(renew_what_is_written, workspace),
    )  # fmt: skip
    report = Runner(me_of(workspace), around, progress=progress, cancel=cancel).run(
        everything=everything, refill=refill, answer=answer
    )
    if report.restored:
        go_on_as_new_laptop(workspace)
        report = Runner(me_of(workspace), around, progress=progress, cancel=cancel).run(everything=True, refill=refill)
    if report.more:
        return report
    now = workspace.parts.clock.now()
    with workspace.store.unit("exchange") as (unit, _):
        meta.write_number(unit.connection, LAST_SYNC, to_ms(now))
        if instant_of(meta.read_clock(unit.connection).last) - now > FOLLOW_AT_MOST:
            # Only this laptop's own stamps can be that far ahead: it follows nobody else's.
            VaultBox(unit.connection).notice(CLOCK_AHEAD, workspace.store.author.device, "", at_ms=to_ms(now))
    if settle_log(workspace.store.engine):
        tidy_files(workspace)
    return report


def files_between(
    workspace: Workspace, store: SharedStore, *, progress: Progress, cancel: CancelToken
) -> BlobExchange:
    """What moves attached files between this vault and a shared folder."""
    return BlobExchange(
        VaultBlobs(workspace.store.engine), BlobFolder(workspace.folder), store, limit_bytes=file_limit(workspace),
        progress=progress, cancel=cancel,
    )  # fmt: skip


def send_waiting(workspace: Workspace, store: SharedStore, *, cancel: CancelToken) -> int:
    """Seal and send what waits; returns how many files went.

    Raises:
        FolderUnreachable, Cancelled: nothing is lost.
    """
    renew_after_new_sheets(workspace)
    around = Surroundings(
        VaultMailbox(workspace.store.engine), store, workspace.parts.clock, workspace.parts.randomness,
        blobs=files_between(workspace, store, progress=no_progress, cancel=cancel),
        before_sealing=partial(renew_what_is_written, workspace),
    )  # fmt: skip
    return Runner(me_of(workspace), around, progress=no_progress, cancel=cancel).send()


def seal_now(workspace: Workspace) -> None:
    """Seal what waits, without the folder: what rests later could not be sealed any more."""
    mailbox, me = VaultMailbox(workspace.store.engine), me_of(workspace)
    sealed: str | None = ""
    while sealed is not None:
        with mailbox.writing() as box:
            sealed = seal_next(
                box, me, now=workspace.parts.clock.now(), randomness=workspace.parts.randomness
            )


def open_invitations(workspace: Workspace) -> dict[bytes, tuple[SecretBytes, str, int]]:
    """The invitations of this vault that have not run out: number -> (key, role, expiry in ms).

    Raises:
        VaultDamaged: what was kept is none.
    """
    now_ms = to_ms(workspace.parts.clock.now())
    with workspace.store.reading() as connection:
        kept = meta.read_all(connection, INVITATION)
    found = {}
    for number, packed in kept.items():
        key, role, expires_at_ms = _unpack_invitation(packed)
        if expires_at_ms >= now_ms:
            found[bytes.fromhex(number)] = (key, role, expires_at_ms)
    return found


def pack_invitation(key: SecretBytes, role: str, expires_at_ms: int) -> bytes:
    """An invitation as its maker keeps it."""
    return cbor.encode([key.reveal(), role, expires_at_ms])


def _unpack_invitation(packed: bytes) -> tuple[SecretBytes, str, int]:
    try:
        match cbor.decode(packed, max_bytes=1_024):
            case [bytes(key), str(role), int(expires_at_ms)]:
                return SecretBytes(key), role, expires_at_ms
    except EncodingRejected as error:
        raise VaultDamaged() from error
    raise VaultDamaged()


def go_on_as_new_laptop(workspace: Workspace, *, cause: str = RESTORED, cut_off: str = "") -> None:
    """Give this laptop a new number: certified by its owner, announced to the others, unsent work moved over.

    `cause`: why; that it was put back from a copy is told to its owner. `cut_off`: why the old number counts no more
    from now on, if somebody else may be able to write under it.
    """
    old = me_of(workspace).device
    seed = SecretBytes(workspace.parts.randomness.bytes(KEY_BYTES))
    device = roster.laptop_number(SigningKey.from_seed(seed).public)
    before = workspace.store.author
    workspace.store.author = Author(workspace.keys.user, device)
    try:
        with workspace.store.unit(cause) as (unit, _):
            box = VaultBox(unit.connection)
            box.move_to_device(old, device)
            meta.write(unit.connection, meta.DEVICE_IDENTITY, pack_device(device, seed))
            announce_laptop(unit, workspace, device=device, seed=seed)
            renumber(unit, old=old, new=device)
            if cut_off:
                heads = {head.device: (head.seq, head.body_hash) for head in box.heads().values() if head.seq}
                entry = suspended_by(workspace.user, old, heads, cut_off)
                put_roster_entry(
                    unit, workspace.organisation_stream, workspace.user, SUSPEND, cbor.encode(entry.wire())
                )
                meta.write_number(unit.connection, RENUMBERED, 1)
            if cause == RESTORED:
                box.notice(RESTORED, sha256(device), "", at_ms=to_ms(workspace.parts.clock.now()))
    except BaseException:
        workspace.store.author = before
        raise


def has_sent(workspace: Workspace) -> bool:
    """Whether anything this laptop wrote under its number lies in the folder."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        return box.count_in(PUBLISHED, device=workspace.store.author.device) > 0


def is_renumbered(workspace: Workspace) -> bool:
    """Whether the earlier number was cut off, and what follows is not done yet."""
    with workspace.store.reading() as connection:
        return meta.read_number(connection, RENUMBERED) is not None


def announce_laptop(unit: WriteUnit, workspace: Workspace, *, device: DeviceId, seed: SecretBytes) -> None:
    """Certify a laptop of this person, whose own seed is at hand, and tell the others of it."""
    keys = own_keys(workspace)
    certificate = roster.make_device_certificate(
        organisation=keys.organisation, user=keys.user, user_signer=SigningKey.from_seed(keys.user_sign_seed),
        device=device, device_signer=SigningKey.from_seed(seed),
    )  # fmt: skip
    value: dict[int | str, Wire] = roster.device_wire(certificate)
    put_roster_entry(unit, workspace.organisation_stream, keys.user, roster.DEVICE, cbor.encode(value))
    box = VaultBox(unit.connection)
    data = seal_segment_file(certificate_content(certificate), box.envelope_keys(), keys.organisation)
    box.keep_file(name_of(data), OUTBOX, data, at_ms=to_ms(workspace.parts.clock.now()))
