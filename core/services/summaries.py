"""Summaries of streams: made now and then, vouched for by a second person, shown to a joiner until history is read.

A joiner sees the organisation's records as soon as one file has come, marked as being checked; the exchange reads the
history in the background, and from then on nothing but the history counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from core.changes.change import Op, OpKind
from core.changes.hlc import to_ms
from core.crypto.secrets import SecretBytes
from core.domain.changed import NOTHING, Changed
from core.domain.organisation import Member
from core.foundation.errors import EncodingRejected, IntegrityError, PeerError, SharedFolderError
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.foundation.ports import SharedStore
from core.services.exchange import me_of
from core.services.roster import epochs_in, headers_of, roster_in, roster_of
from core.services.workspace import Workspace
from core.store import summaries as kept
from core.store.bases import Base, bases
from core.store.blobs import BlobRows, BlobState, KeptBlob
from core.store.mailbox import VaultBox
from core.store.unit import WriteUnit
from core.sync.engine import epochs, roster
from core.sync.engine.blob import blob_path
from core.sync.engine.envelope import MAX_FILE_BYTES, name_of
from core.sync.engine.epochs import KEY_BYTES
from core.sync.engine.segment import Head
from core.sync.engine.summary import TABLE, Summary, make_summary, open_state
from core.sync.summing import REFUTED, is_true
from core.vault.blobs import BlobFolder

EVERY_CHANGES = 500
EVERY_DAYS = timedelta(days=60)
MOST_AT_ONCE = 2
"""So many in one go at most: each holds up the vault for a moment."""
VOUCHERS = 2


@dataclass(frozen=True, slots=True)
class BeingChecked:
    """Records that stand on a summary. `whose`: who vouches for it."""

    streams: int
    whose: tuple[str, ...]

    @property
    def words(self) -> str:
        """For the page and the foot of the navigation."""
        by = " and ".join(self.whose) or "a colleague"
        return (
            f"What you see was summed up by {by} and is still being checked against its history. "
            "You can read everything; writing begins when that is done."
        )


def summarise(workspace: Workspace) -> bool:
    """Make the summaries that are due, and vouch for those of others this person is asked to vouch for."""
    done = False
    now_ms = to_ms(workspace.parts.clock.now())
    before_ms = to_ms(workspace.parts.clock.now() - EVERY_DAYS)
    with workspace.store.reading() as connection:
        if kept.is_quiet(connection, changes=EVERY_CHANGES, before_ms=before_ms):
            return False
    with workspace.store.unit(kept.CAUSE) as (unit, _):
        due = [
            stream
            for stream, count, since_ms in kept.count_new(unit.connection, now_ms)
            if count >= EVERY_CHANGES or since_ms <= before_ms
        ]
        made = 0
        for stream in due:
            if made >= MOST_AT_ONCE:
                break
            if not kept.has_records(unit.connection, stream):
                kept.not_due(unit.connection, stream)  # keys alone, or a stream that is never put into records
            made += _make(unit, workspace, stream)
        done |= made > 0
        for row in kept.unjudged(unit.connection)[:MOST_AT_ONCE]:
            done |= _judge(unit, workspace, _summary(row))
    return done


def summaries_for_joiner(unit: WriteUnit, workspace: Workspace) -> tuple[Summary, ...]:
    """What an admission carries: the newest summary of the organisation's records, once for each who vouches for it."""
    return tuple(_summary(row) for row in kept.of_stream(unit.connection, workspace.organisation_stream))


def show_at_once(workspace: Workspace, store: SharedStore, summaries: Iterable[Summary]) -> Changed:
    """Fetch summaries and show what they say until the history has been read. What does not fit is left."""
    changed = NOTHING
    me, people = me_of(workspace), roster_of(workspace)
    by_name: dict[str, list[Summary]] = {}
    for summary in summaries:
        public = people.public_of(summary.device)
        try:
            if public is None:
                continue
            summary.check(me.organisation, public)
        except IntegrityError:
            continue
        by_name.setdefault(summary.name, []).append(summary)
    for name, vouched in by_name.items():
        first = vouched[0]
        try:
            data = store.get(blob_path(name), MAX_FILE_BYTES)
            state = open_state(data, first, me.organisation) if name_of(data) == name else None
        except (SharedFolderError, IntegrityError, PeerError):
            continue
        if state is None:
            continue
        owners = {people.owner_of(summary.device) for summary in vouched}
        covers = tuple((head.device, head.seq, head.body_hash) for head in first.covers)
        base = Base(first.stream, first.device, covers, state, first.state_hash, len(owners) >= VOUCHERS)
        try:
            with workspace.store.unit("summary") as (unit, _):
                changed |= kept.stand_on(unit.connection, base)
        except EncodingRejected:
            continue
    return changed


def being_checked(workspace: Workspace) -> BeingChecked | None:
    """What stands on one person's word for now; None if nothing does, or two people vouch for all of it."""
    with workspace.store.reading() as connection:
        waiting = [base for base in bases(connection) if not base.trusted]
    if not waiting:
        return None
    people = roster_of(workspace)
    names = {UserId(member.user): member.name for member in workspace.store.select(Member)}
    whose = {names.get(people.owner_of(base.signer) or UserId(b""), "a colleague") for base in waiting}
    return BeingChecked(len(waiting), tuple(sorted(whose)))


def _make(unit: WriteUnit, workspace: Workspace, stream: StreamId) -> bool:
    state = kept.state_of(unit.connection, stream)
    if state is None or not _may_write(unit, workspace, stream):
        return False
    me = me_of(workspace)
    box = VaultBox(unit.connection)
    covers = [Head(head.device, head.seq, head.body_hash) for head in box.heads().values() if head.seq]
    if not covers:
        return False
    summary, data = make_summary(
        state, organisation=me.organisation, stream=stream, covers=covers,
        key=SecretBytes(workspace.parts.randomness.bytes(KEY_BYTES)), device=me.device, signer=me.signer,
    )  # fmt: skip
    if len(data) > MAX_FILE_BYTES:
        return False
    BlobFolder(workspace.folder).keep(summary.name, data)
    BlobRows(unit.connection).add(
        [KeptBlob(summary.name, len(data), BlobState.OUTGOING, stream, len(data), asked=False)]
    )
    kept.note_file(unit.connection, summary.name)
    _say(unit, box, summary)
    kept.not_due(unit.connection, stream)  # also where what is kept already was not made later
    return True


def _judge(unit: WriteUnit, workspace: Workspace, summary: Summary) -> bool:
    """Look whether a colleague's summary is true; say so under one's own name where one is asked to."""
    box = VaultBox(unit.connection)
    kept.judged(unit.connection, summary.name)
    if not kept.has_records(unit.connection, summary.stream):
        return False  # what is never put into records is summed up by nobody
    verdict = is_true(box, summary)
    if verdict is False:
        kept.drop(unit.connection, summary.name)
        box.notice(REFUTED, summary.device, "", at_ms=to_ms(workspace.parts.clock.now()))
    if not verdict or not _is_asked(unit, workspace, summary) or not _may_write(unit, workspace, summary.stream):
        return False
    me = me_of(workspace)
    _say(unit, box, summary.signed_by(me.device, me.organisation, me.signer))
    return True


def _is_asked(unit: WriteUnit, workspace: Workspace, summary: Summary) -> bool:
    """One other writer vouches for it: the one whose number comes next. Were it everybody, there would be no end."""
    people = roster_in(unit, workspace)
    maker = people.owner_of(summary.device)
    vouched = {people.owner_of(DeviceId(row.device)) for row in kept.of_stream(unit.connection, summary.stream)}
    members = epochs.effective_members(headers_of(epochs_in(unit, summary.stream)))
    others = sorted(
        user for user in members
        if user != maker and (summary.stream != workspace.organisation_stream
                              or people.role_of(user) in roster.WRITING_ROLES)
    )  # fmt: skip
    if maker is None or not others or len(vouched) >= VOUCHERS:
        return False
    return workspace.user == next((user for user in others if user > maker), others[0])


def _may_write(unit: WriteUnit, workspace: Workspace, stream: StreamId) -> bool:
    if stream == workspace.organisation_stream:
        return roster_in(unit, workspace).role_of(workspace.user) in roster.WRITING_ROLES
    headers = headers_of(epochs_in(unit, stream))
    return bool(headers) and all(headers[name].may_write(workspace.user) for name in epochs.leaves(headers))


def _say(unit: WriteUnit, box: VaultBox, summary: Summary) -> None:
    unit.put_op(summary.stream, Op(OpKind.SUMMARY, RecordId(summary.stream), TABLE, "", summary.wire()))
    box.note_summary(summary, judged=True)


def _summary(row: kept.SummaryRow) -> Summary:
    covers = tuple(Head(device, seq, body_hash) for device, seq, body_hash in row.covers)
    return Summary(row.stream, row.name, row.key, covers, row.state_hash, row.device, row.signature)
