"""Who holds the out-of-hours phone: the rota, its gaps, and who is to be told tonight (policy 4.24)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.changed import Changed
from core.domain.governance import OnCallShift
from core.domain.organisation import Organisation
from core.foundation.errors import NotAllowed
from core.foundation.ids import RecordId, UserId
from core.policy.out_of_hours import ONE_DAY, Gap, Night, gaps, night_of, rota, tonight
from core.services.forms import Problems
from core.services.organisation import MemberRow, members
from core.services.roster import roster_in
from core.services.workspace import Workspace
from core.store.unit import WriteUnit
from core.sync.engine.roster import WRITING_ROLES

LONGEST = timedelta(days=92)
"""A shift over more nights than this is a slip of the hand in the date."""


@dataclass(frozen=True, slots=True)
class ShiftKept:
    """The shift that was written down or taken off."""

    record: RecordId
    changed: Changed


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who holds the phone in one night. `name` empty: nobody. `in_use`: whether a rota was ever written down."""

    night: Night
    name: str
    phone: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class ReceivedWhen:
    """Whether a moment lies outside office hours, who held the phone in its night, and who holds it now or next."""

    out_of_hours: bool
    on_call: OnCall
    tonight: OnCall


@dataclass(frozen=True, slots=True)
class RotaRow:
    """One shift that is not over. `name` is who holds the phone, `phone` where they are called."""

    shift: OnCallShift
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """The rota as it stands. `number`: the organisation's out-of-hours phone, empty if there is none."""

    number: str
    hours: str
    tonight: OnCall
    nights: tuple[OnCall, ...]
    gaps: tuple[Gap, ...]
    shifts: tuple[RotaRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftForm:
    """Somebody holds the phone: a colleague, or by name somebody without a workbook here."""

    from_on: date | None
    until_on: date | None
    user: UserId | None = None
    name: str = ""
    phone: str = ""


def take_phone(workspace: Workspace, *, form: ShiftForm) -> ShiftKept:
    """Somebody holds the phone for some nights (policy 4.24). Over nights somebody else holds, this one goes before.

    Raises:
        FormIncomplete: nobody, no nights, nights that are over, or far too many.
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(form.user is not None or form.name.strip(), "user", "Choose a colleague, or enter a name.")
    problems.need(form.from_on, "from_on", "Enter the first night.")
    problems.need(form.until_on, "until_on", "Enter the last night.")
    if form.from_on and form.until_on:
        problems.need(form.until_on >= form.from_on, "until_on", "That is before the first night.")
        over = form.until_on < workspace.today - ONE_DAY
        problems.need(not over, "until_on", "Those nights are over. Who answered a call is said on its report.")
        many = form.until_on - form.from_on > LONGEST
        problems.need(not many, "until_on", f"Enter at most {LONGEST.days} nights at a time.")
    problems.settle()
    with workspace.store.unit("take-phone") as (unit, outcome):
        _writer(unit, workspace)
        record = unit.create(
            OnCallShift, workspace.organisation_stream, user=form.user or b"",
            name="" if form.user is not None else form.name.strip(), phone=form.phone.strip(), from_on=form.from_on,
            until_on=form.until_on, noted_at=workspace.parts.clock.now(), noted_by=workspace.user,
        )  # fmt: skip
    return ShiftKept(record, outcome.changed)


def leave_phone(workspace: Workspace, *, shift: RecordId) -> ShiftKept:
    """A shift is taken off the rota; that it was there stays in the history.

    Raises:
        NotAllowed: this person only reads.
    """
    workspace.store.get(OnCallShift, shift)
    with workspace.store.unit("leave-phone") as (unit, outcome):
        _writer(unit, workspace)
        unit.update(OnCallShift, shift, taken_off_at=workspace.parts.clock.now())
    return ShiftKept(shift, outcome.changed)


def received_when(workspace: Workspace, *, at: datetime) -> ReceivedWhen:
    """Whether a report of that moment came outside office hours, and who held the phone then (policy 4.24)."""
    pack, calendar = workspace.pack, workspace.calendar
    book = _Book(workspace, members(workspace))
    then, current = (tonight(book.shifts, pack, calendar, one) for one in (at, workspace.parts.clock.now()))
    out_of_hours = night_of(at, pack, calendar) is not None
    return ReceivedWhen(out_of_hours, book.on_call(then), book.on_call(current))


def on_call_tonight(workspace: Workspace) -> OnCall:
    """Who holds the phone now, or tonight where the office is open (policy 4.24)."""
    return received_when(workspace, at=workspace.parts.clock.now()).tonight


def rota_of(workspace: Workspace, people: Collection[MemberRow]) -> Rota:
    """The whole rota, for the page of the organisation."""
    pack, calendar = workspace.pack, workspace.calendar
    book, now = _Book(workspace, people), workspace.parts.clock.now()
    current = tonight(book.shifts, pack, calendar, now)
    nights = rota(book.shifts, pack, calendar, current.day, pack.office_hours.nights_ahead)
    running = [one for one in book.shifts if one.taken_off_at is None and one.until_on and one.until_on >= current.day]
    hours = pack.office_hours
    return Rota(
        number=book.number,
        hours=f"{hours.opens:%H:%M} to {hours.shuts:%H:%M} on working days",
        tonight=book.on_call(current), nights=tuple(book.on_call(night) for night in nights), gaps=gaps(nights),
        shifts=tuple(
            RotaRow(one, *book.reached(one))
            for one in sorted(running, key=lambda one: (one.from_on or date.min, one.id))
        ),
    )  # fmt: skip


def rota_reminder(rota: Rota) -> str:
    """What administrators are reminded of: nights that nobody holds; empty while there are none, or no rota."""
    count = sum(gap.nights for gap in rota.gaps)
    if not count or not rota.tonight.in_use:
        return ""
    nights = "1 night" if count == 1 else f"{count} nights"
    return f"Nobody holds the out-of-hours phone on {nights} of the next {len(rota.nights)}."


class _Book:
    """The shifts that count: those of colleagues who are still here, and of people without a workbook."""

    def __init__(self, workspace: Workspace, people: Collection[MemberRow]) -> None:
        self._names = {bytes(row.user): row.name or "A colleague" for row in people}
        every = workspace.store.select(OnCallShift)
        self.shifts = tuple(one for one in every if (one.user in self._names if one.user else one.name))
        ours = workspace.store.select(Organisation, limit=1)
        self.number = ours[0].out_of_hours if ours else ""

    def on_call(self, night: Night) -> OnCall:
        """Who holds the phone in a night."""
        name, phone = self.reached(night.shift) if night.shift is not None else ("", self.number)
        return OnCall(night, name, phone, in_use=bool(self.shifts))

    def reached(self, shift: OnCallShift) -> tuple[str, str]:
        """By what name and on which number."""
        return self._names.get(shift.user, shift.name), shift.phone or self.number


def _writer(unit: WriteUnit, workspace: Workspace) -> None:
    if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
        raise NotAllowed()
