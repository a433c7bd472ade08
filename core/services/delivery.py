"""Where each thing stands: saved here, in the shared folder, seen by other laptops; and what is missing or silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.changes.change import Change, OpKind
from core.changes.hlc import from_ms, instant_of
from core.domain.case import Case
from core.domain.catalogue import record_type
from core.domain.organisation import Member
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.services.exchange import LAST_SYNC, me_of
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.mailbox import DeviceHead, VaultBox, VaultMailbox
from core.store.store import table_of
from core.sync.engine.roster import Roster

NEWEST = 8
AMBER_AFTER = timedelta(hours=24)
RED_AFTER = timedelta(days=7)
SILENT_AFTER = timedelta(days=9)
"""A sign of life comes every week; two days more for a laptop that was shut."""
GIVEN_UP_AFTER = timedelta(days=90)
"""A laptop not heard of for so long is taken to be out of use, and named no more."""


class Stage(StrEnum):
    """How far something has come. Only what another laptop has seen is safe from losing this one."""

    HERE = "saved here"
    FOLDER = "in the folder"
    SEEN = "seen"


class Level(StrEnum):
    """How much something missing should worry."""

    NEW = "new"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far one thing has come. `seen_by`: whose laptops have it, by name."""

    stage: Stage
    seen_by: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """ "Seen by 2 other laptops." """
        if self.stage is Stage.HERE:
            return "Saved on this laptop, not in the shared folder yet."
        if self.stage is Stage.FOLDER:
            return "In the shared folder. No other laptop has said yet that it has it."
        return f"Seen by {len(self.seen_by)} other laptop{'' if len(self.seen_by) == 1 else 's'}."


@dataclass(frozen=True, slots=True)
class NewestEntry:
    """One thing written on this laptop and where it stands. `what`: "Note in 2026-AR-014"."""

    at: datetime
    what: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class LaptopRow:
    """One laptop of the organisation. `heard_at`: the time of its newest entry here."""

    device: DeviceId
    whose: str
    is_this: bool
    number: int
    heard_at: datetime | None
    silent: bool
    has_newest: bool


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """Entries of a laptop that others have seen and that have not come here. `count`: at least so many."""

    whose: str
    count: int
    since: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the Sync page says about where work is."""

    newest: tuple[NewestEntry, ...]
    laptops: tuple[LaptopRow, ...]
    missing: tuple[MissingEntry, ...]


def standing(workspace: Workspace, *, newest: int = NEWEST) -> Standing:
    """Where the newest work stands, which laptops there are, and what is missing. Does not touch the folder."""
    me = me_of(workspace)
    roster = roster_of(workspace)
    with VaultMailbox(workspace.store.engine).reading() as box:
        heads = box.heads()
        made = box.newest_changes(me.device, limit=newest * 4)
        missing = box.missing()
        last_ms = box.read_number(LAST_SYNC)
        reach = _Reach(box, heads, me.device, laptop_names(workspace, roster))
    names = reach.names
    streams = {item.stream for item in made}
    concerned = workspace.store.select(Case, table_of(Case).c.stream.in_(streams)) if streams else ()
    cases = {case.stream: case.reference for case in concerned}
    entries = [
        NewestEntry(instant_of(item.change.hlc), what, reach.of(item.seq))
        for item in made
        if (what := _what(item.change, item.stream, cases))
    ]
    now = workspace.parts.clock.now()
    since_ms = {item.device: item for item in missing}
    return Standing(
        tuple(entries[:newest]),
        _laptops(reach, roster, last=None if last_ms is None else from_ms(last_ms)),
        tuple(
            MissingEntry(
                names.get(device, "a colleague\u2019s laptop"),
                item.seq - (heads[device].seq if device in heads else 0),
                from_ms(item.since_ms), _level(now - from_ms(item.since_ms)),
            )
            for device, item in since_ms.items()
        ),
    )  # fmt: skip


def delivery_of_case(workspace: Workspace, *, case: RecordId) -> Delivery | None:
    """Where the newest thing written on this laptop in a case stands; None if nothing was written here.

    Raises:
        NotFound: there is no such case in this vault.
    """
    stream = workspace.store.get(Case, case).stream
    me = me_of(workspace)
    with VaultMailbox(workspace.store.engine).reading() as box:
        wrote, seq = box.newest_in(stream, me.device)
        if not wrote:
            return None
        reach = _Reach(box, box.heads(), me.device, laptop_names(workspace, roster_of(workspace)))
    return reach.of(seq)


def laptop_names(workspace: Workspace, roster: Roster) -> dict[DeviceId, str]:
    """ "Ben Okafor's laptop"; with the first digits of its number where somebody has several."""
    people = {UserId(member.user): member.name for member in workspace.store.select(Member)}
    owners = {device: laptop.certificate.user for device, laptop in roster.devices.items()}
    counts: dict[UserId, int] = {}
    for owner in owners.values():
        counts[owner] = counts.get(owner, 0) + 1
    return {
        device: f"{people.get(owner, 'a colleague')}\u2019s laptop"
        + (f" ({device.hex()[:4]})" if counts[owner] > 1 else "")
        for device, owner in owners.items()
    }


class _Reach:
    """How far this laptop's segments have come."""

    def __init__(
        self, box: VaultBox, heads: Mapping[DeviceId, DeviceHead], mine: DeviceId, names: Mapping[DeviceId, str]
    ) -> None:
        self.heads, self.mine, self.names = heads, mine, names
        self._outgoing = box.first_outgoing(mine)
        self._seen = {
            device: head.seen[mine][0] for device, head in heads.items() if device != mine and mine in head.seen
        }

    def of(self, seq: int | None) -> Delivery:
        """Where the segment of that number stands; None: it is not sealed yet."""
        if seq is None or (self._outgoing is not None and seq >= self._outgoing):
            return Delivery(Stage.HERE)
        by = sorted(
            self.names.get(device, "a colleague\u2019s laptop") for device, up_to in self._seen.items() if up_to >= seq
        )
        return Delivery(Stage.SEEN, tuple(by)) if by else Delivery(Stage.FOLDER)

    def has_newest(self, device: DeviceId) -> bool:
        """Whether a laptop has everything this one has sealed."""
        head = self.heads.get(self.mine)
        return head is not None and self._seen.get(device, 0) >= head.seq


def _laptops(reach: _Reach, roster: Roster, *, last: datetime | None) -> tuple[LaptopRow, ...]:
    rows = []
    for device, laptop in roster.devices.items():
        cut = roster.withheld_from(device) is not None and device != reach.mine
        if cut or roster.role_of(laptop.certificate.user) is None:
            continue
        head = reach.heads.get(device)
        heard = None if head is None or not head.seq else instant_of(head.hlc)
        quiet = None if heard is None or last is None else last - heard
        if quiet is not None and quiet > GIVEN_UP_AFTER and device != reach.mine:
            continue
        rows.append(
            LaptopRow(
                device, reach.names.get(device, ""), device == reach.mine, head.seq if head else 0, heard,
                device != reach.mine and quiet is not None and quiet > SILENT_AFTER, reach.has_newest(device),
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.is_this, row.whose.casefold(), row.device)))


def _level(age: timedelta) -> Level:
    if age >= RED_AFTER:
        return Level.RED
    return Level.AMBER if age >= AMBER_AFTER else Level.NEW


def _what(change: Change, stream: StreamId, cases: Mapping[StreamId, str]) -> str:
    where = f" in {cases[stream]}" if stream in cases else ""
    kinds = [kind for op in change.ops if (kind := record_type(op.table)) is not None]
    if kinds:
        return f"{kinds[0].SPEC.label}{where}"
    if any(op.kind == OpKind.EPOCH for op in change.ops):
        return f"Who may read{where}" if where else ""
    return "Who works here" if any(op.kind == OpKind.ADMIT for op in change.ops) else ""
