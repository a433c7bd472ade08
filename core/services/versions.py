"""Two versions of one thing: shown side by side, and one chosen. Nothing is discarded; the history keeps them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.changes.change import OpId, Wire
from core.domain.case import Case, Incident, Party, Report
from core.domain.catalogue import record_type
from core.domain.changed import Changed
from core.domain.declare import FieldSpec, Kind
from core.domain.estate import Home
from core.domain.organisation import OF_ADMINISTRATORS, Member
from core.domain.values import from_wire, holds
from core.foundation.errors import BugError, ChoiceOutdated, FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.policy.words import say_date, say_moment
from core.services.homes import address_of
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.rows import DELETED_ELSEWHERE
from core.store.store import select_records, table_of
from core.store.versions import HeldField, HeldVersion, held_apart, held_of_record, type_of

DELETED = DELETED_ELSEWHERE
"""The `field` of a record that was deleted on one laptop and changed on another."""

_COMBINED = (Kind.TEXT, Kind.LONG_TEXT)
_HARM = ((Report, "words"), (Incident, "description"))
_LEFT_EMPTY = "Left empty"
_TELLING = ("name", "full_name", "family_name", "reference", "place", "address", "area")
_DATED = ("at", "received_at", "happened_at", "reviewed_at", "asked_at", "sent_at", "decided_at", "proposed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version. `words` is its value as people read it, in full; `laptop` the first digits of its id."""

    id: OpId
    words: str
    who: str
    at: datetime
    laptop: str
    this_laptop: bool
    this_is_shown: bool
    mine: bool
    can_be_kept: bool
    """False for a value this version of the program cannot read."""
    empty: bool = False
    deletes: bool = False
    """Whether keeping this version deletes the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """One field with its versions, the one the file shows now first.

    `record_label` is the kind of record ("Note"), `about` says which one. `field` is `DELETED` for a record deleted
    on one laptop and changed on another. `combines`: one text can be written from all. `may_choose`: this person
    writes there.
    """

    reference: str
    """The case; empty for what belongs to none."""
    record: RecordId
    record_label: str
    about: str
    field: str
    field_label: str
    kind: Kind | None
    combines: bool
    describes_harm: bool
    """What was reported or what happened, in somebody's own words: folded until asked for."""
    may_choose: bool
    versions: tuple[Version, ...]

    @property
    def ids(self) -> frozenset[OpId]:
        """The ids of all versions: what somebody who chooses has seen."""
        return frozenset(version.id for version in self.versions)


@dataclass(frozen=True, slots=True)
class CaseChoices:
    """How many fields of one case wait for a choice."""

    case: RecordId
    reference: str
    count: int


@dataclass(frozen=True, slots=True)
class WaitingChoices:
    """What waits for a choice by this person. `elsewhere`: homes, colleagues and the organisation itself."""

    cases: tuple[CaseChoices, ...]
    elsewhere: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.elsewhere + sum(case.count for case in self.cases)


NOTHING_WAITS = WaitingChoices((), 0)


@dataclass(frozen=True, slots=True)
class Settled:
    """One version stands alone now."""

    changed: Changed


def versions_of_case(workspace: Workspace, *, case: RecordId) -> tuple[Contested, ...]:
    """Every field of a case that was written apart, oldest record first.

    Raises:
        NotFound: there is no such case in this vault.
    """
    file = workspace.store.get(Case, case)
    with workspace.store.reading() as connection:
        found = held_apart(connection, stream=file.stream)
    return _contested(workspace, found, reference=file.reference)


def versions_elsewhere(workspace: Workspace) -> tuple[Contested, ...]:
    """As `versions_of_case`, for what belongs to no case: homes, colleagues, the organisation itself."""
    with workspace.store.reading() as connection:
        found = held_apart(connection)
    cases = _cases_of(workspace, {held.stream for held in found})
    return _contested(workspace, [held for held in found if held.stream not in cases])


def waiting_choices(workspace: Workspace) -> WaitingChoices:
    """How many choices wait for this person, and where. What somebody only reads does not wait for them."""
    with workspace.store.reading() as connection:
        found = held_apart(connection)
    counts = Counter(held.stream for held in found if _may_choose(workspace, held))
    cases = _cases_of(workspace, counts)
    waiting = tuple(CaseChoices(case.id, case.reference, counts[stream]) for stream, case in cases.items())
    elsewhere = sum(count for stream, count in counts.items() if stream not in cases)
    return WaitingChoices(tuple(sorted(waiting, key=lambda case: (case.reference, case.case))), elsewhere)


def settle_versions(
    workspace: Workspace, *, record: RecordId, field: str, seen: frozenset[OpId], chosen: OpId | str
) -> Settled:
    """Let one version stand: `chosen` is the id of a version, or one text written from all of them.

    `seen` are the ids of the versions the person had before them. The choice is a change of its own that names them
    all, so every other laptop takes it over, and the history still shows what was not chosen.

    Raises:
        ChoiceOutdated: what stands is not what was seen.
        FormIncomplete: the text (`text`) is empty or too long.
        NotFound: there is no such record here.
        NotAllowed: this person only reads there.
    """
    if isinstance(chosen, str) and not chosen.strip():
        raise FormIncomplete(problems={"text": "Write something before saving, or keep one of the versions."})
    with workspace.store.unit("choose-version") as (unit, outcome):
        name = type_of(unit.connection, record)
        kind = record_type(name) if name else None
        if name is None or kind is None:
            raise NotFound(what="record")
        held = next((one for one in held_of_record(unit.connection, name, record) if one.field == field), None)
        if held is None or held.ids != seen:
            raise ChoiceOutdated()
        if not _may_choose(workspace, held):
            raise NotAllowed()
        if field == DELETED:
            if _version(held, chosen).value is True:
                unit.delete(kind, record)
            else:
                unit.keep(kind, record)
        else:
            unit.update(kind, record, **{field: _chosen_value(held, kind.SPEC.fields[field], chosen)})
    return Settled(outcome.changed)


def _chosen_value(held: HeldField, spec: FieldSpec, chosen: OpId | str) -> object:
    if isinstance(chosen, bytes):
        return from_wire(spec, _version(held, chosen).value)
    if spec.kind not in _COMBINED:
        raise BugError(rule="only texts are written from two versions")
    if not holds(spec, chosen):
        raise FormIncomplete(problems={"text": f"{spec.label}: this is too long. Shorten it."})
    return chosen


def _version(held: HeldField, chosen: OpId | str) -> HeldVersion:
    found = next((version for version in held.versions if version.id == chosen), None)
    if found is None:
        raise ChoiceOutdated()
    return found


def _may_choose(workspace: Workspace, held: HeldField) -> bool:
    if held.kind.SPEC.name in OF_ADMINISTRATORS and not roster_of(workspace).is_administrator(workspace.user):
        return False
    writable = workspace.store.writable
    return writable is None or held.stream in writable


def _cases_of(workspace: Workspace, streams: Iterable[StreamId]) -> dict[StreamId, Case]:
    wanted = sorted(streams)
    found = workspace.store.select(Case, table_of(Case).c.stream.in_(wanted)) if wanted else ()
    return {case.stream: case for case in found}


# ------------------------------------------------------------------ in words


def _contested(workspace: Workspace, found: Sequence[HeldField], *, reference: str = "") -> tuple[Contested, ...]:
    if not found:
        return ()
    speaker = _Speaker(workspace)
    return tuple(
        Contested(
            reference=reference,
            record=held.record,
            record_label=held.kind.SPEC.label,
            about=speaker.about(held),
            field=held.field,
            field_label="Deleted or kept" if held.field == DELETED else held.kind.SPEC.fields[held.field].label,
            kind=None if held.field == DELETED else held.kind.SPEC.fields[held.field].kind,
            combines=held.field != DELETED and held.kind.SPEC.fields[held.field].kind in _COMBINED,
            describes_harm=(held.kind, held.field) in _HARM,
            may_choose=_may_choose(workspace, held),
            versions=tuple(speaker.version(held, version) for version in held.versions),
        )
        for held in found
    )


class _Speaker:
    """Says values and people in words; the names are read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._now = workspace.parts.clock.now()
        self._names = {member.user: member.name for member in workspace.store.select(Member)}

    def version(self, held: HeldField, version: HeldVersion) -> Version:
        words, can_be_kept = self._words(held, version.value)
        device = version.device or DeviceId(b"")
        return Version(
            id=version.id, words=words, who=self._names.get(version.actor) or "A former colleague", at=version.at,
            laptop=device.hex()[:6], this_laptop=device == self._workspace.device, this_is_shown=version.shown,
            mine=version.actor == self._workspace.user, can_be_kept=can_be_kept,
            empty=version.value in (None, ""), deletes=held.field == DELETED and version.value is True,
        )  # fmt: skip

    def about(self, held: HeldField) -> str:
        """Which record it is, in a few words; empty if nothing in it tells."""
        record = self._workspace.store.find(held.kind, held.record)
        if isinstance(record, Home):
            return address_of(record)
        for name in _TELLING:
            value = getattr(record, name, "")
            if isinstance(value, str) and value and name != held.field:
                return value
        for name in _DATED:
            value = getattr(record, name, None)
            if isinstance(value, datetime) and name != held.field:
                return self._moment(value)
        return ""

    def _words(self, held: HeldField, value: Wire) -> tuple[str, bool]:
        if held.field == DELETED:
            return ("Deleted" if value else "Changed, so it is still in the file"), True
        spec = held.kind.SPEC.fields[held.field]
        if not holds(spec, value):
            return "Something this version of the program cannot read", False
        return self._said(spec, from_wire(spec, value)) or _LEFT_EMPTY, True

    def _said(self, spec: FieldSpec, value: object) -> str:
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, str):
            return spec.label_of(value) if spec.kind is Kind.CHOICE else value
        if isinstance(value, datetime):
            return self._moment(value)
        if isinstance(value, date):
            return say_date(value, now=self._now, zone=self._workspace.pack.zone)
        if isinstance(value, bytes):
            return self._named(value)
        return "" if value is None else str(value)

    def _named(self, value: bytes) -> str:
        """A colleague, a home or a person by name; else the first digits, by which two can at least be told apart."""
        if not value or UserId(value) in self._names:
            return self._names.get(UserId(value), "")
        with self._workspace.store.reading() as connection:
            kind = record_type(type_of(connection, RecordId(value)) or "")
            found = select_records(connection, kind, table_of(kind).c.id == value) if kind else ()
        for record in found:
            if isinstance(record, Home):
                return address_of(record)
            if isinstance(record, Party) and record.name:
                return record.name
        return value.hex()[:6]

    def _moment(self, moment: datetime) -> str:
        return say_moment(moment, now=self._now, zone=self._workspace.pack.zone)
