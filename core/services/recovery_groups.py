"""Recovery groups: who holds which sheets, making them, trying them out, and keeping every stream open to its group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.changes import cbor
from core.crypto import shares
from core.crypto.secrets import SecretBytes
from core.domain.changed import Changed
from core.domain.organisation import Member, RecoveryEvent
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound, SheetsDoNotBelong
from core.foundation.ids import ID_BYTES, UserId
from core.services.organisation import organisation
from core.services.recovery_capsule import keep_capsule
from core.services.recovery_choice import cases_open_to, current_groups, groups_in
from core.services.recovery_holders import folded
from core.services.recovery_sheets import Sheet, SheetGround, organisation_sheet, share_sheets
from core.services.recovery_wrapping import wrap_organisation
from core.services.roster import roster_in, roster_of
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import keyring
from core.store.mailbox import VaultBox
from core.store.unit import WriteUnit
from core.sync.engine import boot, recovery
from core.sync.engine.entries import ENVELOPE_KEY
from core.sync.engine.leaving import ENVELOPE_KEY_BYTES, EnvelopeKeyEntry
from core.sync.engine.recovery import Holder, RecoveryGroup

YEARLY = timedelta(days=365)
DEFAULT_HOLDERS = ("Chairperson", "Co-op development worker", "Finance officer")
DEFAULT_NAME = "Officers of the co-op"


@dataclass(frozen=True, slots=True)
class HolderForm:
    """Who is to keep a sheet: a colleague, or somebody outside by name."""

    name: str
    user: UserId | None = None


@dataclass(frozen=True, slots=True)
class GroupForm:
    """What is asked before sheets are made. `group` None: a new group; otherwise a new edition of that one."""

    name: str
    holders: tuple[HolderForm, HolderForm, HolderForm]
    group: bytes | None = None


@dataclass(frozen=True, slots=True)
class PreparedGroup:
    """Sheets that exist, for a group that does not yet: it begins once two of them were tried out."""

    entry: RecoveryGroup
    sheets: tuple[Sheet, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Who keeps which sheet."""

    sheet: int
    name: str
    user: UserId | None


@dataclass(frozen=True, slots=True)
class OldSheets:
    """Sheets of an earlier edition, to be destroyed against signature."""

    edition: int
    holders: tuple[HolderRow, ...]
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A recovery group as it stands. `cases`: those open to it here; `rehearse_by` None: it was never tried out."""

    group: bytes
    name: str
    edition: int
    holders: tuple[HolderRow, ...]
    cases: int
    rehearsed_at: datetime | None
    rehearse_by: datetime | None
    due: bool
    old_sheets: tuple[OldSheets, ...]


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A group began, was tried out, or had its old sheets destroyed."""

    changed: Changed


def groups(workspace: Workspace, *, count_cases: bool = True) -> tuple[GroupRow, ...]:
    """Every recovery group, the one used by default first. Counting cases reads the readers of every case."""
    with workspace.store.reading() as connection:
        every = groups_in(connection)
        current = current_groups(connection)
        opened = cases_open_to(connection) if count_cases else {}
    events = workspace.store.select(RecoveryEvent)
    now = workspace.parts.clock.now()
    names = {UserId(member.user): member.name for member in workspace.store.select(Member)}
    rows = []
    for group in current:
        tried = [_at(event) for event in events if _is(event, "rehearsed", group.group, group.edition)]
        last = max(tried, default=None)
        by = None if last is None else last + YEARLY
        old = [item for item in every.values() if item.group == group.group and item.edition < group.edition]
        rows.append(
            GroupRow(
                group.group, group.name, group.edition, _holders(group, names),
                opened.get(group.group, 0), last, by,
                by is None or now >= by, tuple(_old(item, events, names) for item in old),
            )
        )  # fmt: skip
    return tuple(rows)


def prepare_group(workspace: Workspace, form: GroupForm) -> PreparedGroup:
    """Make the key and its sheets. Nothing is kept: until `begin_group` the sheets open nothing.

    Raises:
        NotAllowed: only an administrator may.
        NotFound: there is no such group.
        FormIncomplete: a holder is missing or named twice.
        GlyphsMissing: a name cannot be printed.
    """
    _check_form(form)
    roster = roster_of(workspace)
    if not roster.is_administrator(workspace.user):
        raise NotAllowed()
    with workspace.store.reading() as connection:
        current = {group.group: group for group in current_groups(connection)}
        counted = [(device, head.seq) for device, head in VaultBox(connection).heads().items()]
    before = None if form.group is None else current.get(form.group)
    if form.group is not None and before is None:
        raise NotFound(what="recovery group")
    randomness = workspace.parts.randomness
    seed = SecretBytes(randomness.bytes(recovery.SEED_BYTES))
    try:
        entry = recovery.make_group(
            organisation=workspace.keys.organisation,
            group=before.group if before else randomness.bytes(ID_BYTES),
            edition=before.edition + 1 if before else 1,
            name=form.name.strip(),
            holders=[Holder(holder.name.strip(), holder.user or recovery.OUTSIDE) for holder in form.holders],
            keys=recovery.keys_of_seed(seed), counted=counted,
            boot_key=SecretBytes(randomness.bytes(recovery.BOOT_KEY_BYTES)),
        )  # fmt: skip
        words = shares.split_seed(seed)
    finally:
        seed.wipe()
    ground = SheetGround(
        organisation(workspace).name, roster.root_hash, f"{workspace.parts.clock.now():%d %B %Y}".lstrip("0")
    )
    sheet = boot.sheet_of(entry, roster.root_hash)
    return PreparedGroup(entry, (*share_sheets(entry, words, ground), organisation_sheet(entry, sheet, ground)))


def check_sheets(workspace: Workspace, entry: RecoveryGroup, first: str, second: str, organisation_words: str) -> None:
    """Whether two share sheets and the organisation sheet open this edition. Nothing is kept of them.

    Raises:
        SheetWordUnknown, SheetIncomplete, SheetMistyped, SheetOfAnotherKind, SheetGivenTwice, SheetsDoNotBelong.
    """
    seed = shares.combine(first, second)
    try:
        wrap_public = recovery.keys_of_seed(seed).wrap.public
    finally:
        seed.wipe()
    expected = boot.sheet_of(entry, roster_of(workspace).root_hash)
    if wrap_public != entry.wrap_public or boot.read_sheet(organisation_words) != expected:
        raise SheetsDoNotBelong()


def begin_group(
    workspace: Workspace, prepared: PreparedGroup, *, first: str, second: str, organisation_words: str
) -> GroupChanged:
    """Try two sheets and the organisation sheet out, and if they open it, begin the group with them.

    The organisation's records are open to it at once, cases with the next exchanges (`recovery_wrapping`).

    Raises:
        NotAllowed: only an administrator may; or somebody changed the group meanwhile, and sheets must be made again.
        SheetWordUnknown, SheetIncomplete, SheetMistyped, SheetOfAnotherKind, SheetGivenTwice, SheetsDoNotBelong.
    """
    check_sheets(workspace, prepared.entry, first, second, organisation_words)
    entry = prepared.entry
    with workspace.store.unit("begin-recovery-group") as (unit, outcome):
        roster = roster_in(unit, workspace)
        known = {group.group: group.edition for group in current_groups(unit.connection)}
        if not roster.is_administrator(workspace.user) or known.get(entry.group, 0) + 1 != entry.edition:
            raise NotAllowed()
        put_roster_entry(
            unit, workspace.organisation_stream, UserId(entry.group), recovery.GROUP, cbor.encode(entry.wire())
        )
        _note_event(unit, workspace, "rehearsed", entry.group, entry.edition)
        if entry.edition > 1:
            _renew_envelope(unit, workspace)
        keep_capsule(unit, workspace, entry)
        wrap_organisation(unit, workspace)
    return GroupChanged(outcome.changed)


def rehearse(workspace: Workspace, group: bytes, *, first: str, second: str, organisation_words: str) -> GroupChanged:
    """Try the sheets of a standing group out, and remember when.

    Raises:
        NotFound: there is no such group.
        SheetWordUnknown, SheetIncomplete, SheetMistyped, SheetOfAnotherKind, SheetGivenTwice, SheetsDoNotBelong.
    """
    entry = _current(workspace, group)
    check_sheets(workspace, entry, first, second, organisation_words)
    with workspace.store.unit("rehearse-recovery") as (unit, outcome):
        _note_event(unit, workspace, "rehearsed", entry.group, entry.edition)
    return GroupChanged(outcome.changed)


def sheets_destroyed(workspace: Workspace, group: bytes, edition: int) -> GroupChanged:
    """Remember that the sheets of an earlier edition were destroyed against signature."""
    with workspace.store.unit("recovery-sheets-destroyed") as (unit, outcome):
        _note_event(unit, workspace, "destroyed", group, edition)
    return GroupChanged(outcome.changed)


def note_used(unit: WriteUnit, workspace: Workspace, group: bytes, edition: int) -> None:
    """Recovery sheets were used: everybody in the organisation can see it."""
    _note_event(unit, workspace, "used", group, edition)


def _check_form(form: GroupForm) -> None:
    problems = {}
    if not form.name.strip():
        problems["name"] = "Enter a name for the group."
    seen: set[object] = set()
    for number, holder in enumerate(form.holders, start=1):
        who: object = holder.user or folded(holder.name)
        if not holder.name.strip():
            problems[f"holder_{number}"] = f"Say who keeps sheet {number}."
        elif who in seen:
            problems[f"holder_{number}"] = "Choose three different people: whoever has two sheets opens everything."
        seen.add(who)
    if problems:
        raise FormIncomplete(problems=problems)


def _current(workspace: Workspace, group: bytes) -> RecoveryGroup:
    with workspace.store.reading() as connection:
        found = next((item for item in current_groups(connection) if item.group == group), None)
    if found is None:
        raise NotFound(what="recovery group")
    return found


def _renew_envelope(unit: WriteUnit, workspace: Workspace) -> None:
    """A new key for the outside of every file: old sheets, which know the old one, open no file that comes later."""
    number = 1 + max(row.number for row in keyring.envelope_keys(unit.connection))
    entry = EnvelopeKeyEntry(number, workspace.parts.randomness.bytes(ENVELOPE_KEY_BYTES))
    keyring.add_envelope_key(unit.connection, number, SecretBytes(entry.key), told=False)
    put_roster_entry(unit, workspace.organisation_stream, workspace.user, ENVELOPE_KEY, cbor.encode(entry.wire()))


def _note_event(unit: WriteUnit, workspace: Workspace, what: str, group: bytes, edition: int) -> None:
    unit.create(
        RecoveryEvent, workspace.organisation_stream, what=what, group=group, edition=edition,
        at=workspace.parts.clock.now(), by=workspace.user,
    )  # fmt: skip


def _at(event: RecoveryEvent) -> datetime:
    return event.at or datetime.min.replace(tzinfo=UTC)


def _is(event: RecoveryEvent, what: str, group: bytes, edition: int) -> bool:
    return event.at is not None and (event.what, event.group, event.edition) == (what, group, edition)


def _holders(group: RecoveryGroup, names: dict[UserId, str]) -> tuple[HolderRow, ...]:
    return tuple(
        HolderRow(number, names.get(holder.user, holder.name) or holder.name, holder.user or None)
        for number, holder in enumerate(group.holders, start=1)
    )


def _old(group: RecoveryGroup, events: Sequence[RecoveryEvent], names: dict[UserId, str]) -> OldSheets:
    gone = [_at(event) for event in events if _is(event, "destroyed", group.group, group.edition)]
    return OldSheets(group.edition, _holders(group, names), max(gone, default=None))
