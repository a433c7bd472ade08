"""What somebody told us, as a form, and the records it becomes: in a case of its own or in one there is already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.case import (
    ACTS,
    AGE_BANDS,
    CHANNELS,
    CONTACT_WAYS,
    PERCEIVERS,
    PERPETRATOR_KNOWN,
    PERSON_SORTS,
    SEEN_BY_OTHERS,
    STRANDS,
    Case,
    Graffiti,
    Incident,
    Party,
    Perception,
    Report,
    SafeContact,
)
from core.domain.enforcement import TENURES, StandingOfPerson
from core.foundation.ids import RecordId, UserId
from core.policy.safe_contact import why_not_safe
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store.unit import WriteUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """One more person harmed, with their own safe ways. `sort` is one of `PERSON_SORTS`, "" if not asked."""

    name: str = ""
    sort: str = ""
    home: RecordId | None = None
    phone: str = ""
    email: str = ""
    safe_ways: frozenset[str] = frozenset()
    unsafe_ways: frozenset[str] = frozenset()
    seen_by_others: frozenset[str] = frozenset()
    times: str = ""
    if_someone_else_answers: str = ""
    code_word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainedAboutForm:
    """One person complained about: named, described, or known to be there. `tenure` "" if not asked."""

    known: str = "named"
    name: str = ""
    described: str = ""
    age_band: str = ""
    tenure: str = ""
    landlord: str = ""
    home: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenForm:
    """Somebody sees it as harassment, or says that they do not; either way it is written down (policy 4.2)."""

    perceived_by: str = "harmed"
    strands: frozenset[str] = frozenset()
    by_association: bool | None = None
    is_harassment: bool = True
    words: str = ""
    party: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentForm:
    """One thing that happened. `harmed`: whom of the case; everybody harmed in it where none is given."""

    description: str = ""
    happened_at: datetime | None = None
    happened_text: str = ""
    place: str = ""
    acts: frozenset[str] = frozenset()
    harmed: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What somebody told us. Needed: `words`, `received_at`, `danger_now`, and one safe way unless unnamed.

    `readers` None means every colleague who does casework, or nobody else where one of us was harmed (policy 3.1);
    `conflicted` are walled off whatever `readers` says.
    """

    words: str
    received_at: datetime
    danger_now: bool | None
    channel: str = "phone"
    reporter_name: str = ""
    anonymous: bool = False
    by_child: bool = False
    answered_by: str = ""
    """Who answered, where it came outside office hours and was not whoever writes it down."""
    reporter_is_harmed: bool = True
    reporter_sort: str = ""
    harmed_name: str = ""
    harmed_sort: str = ""
    others_harmed: tuple[PersonForm, ...] = ()
    home: RecordId | None = None
    place: str = ""
    summary: str = ""
    happened_at: datetime | None = None
    happened_text: str = ""
    acts: frozenset[str] = frozenset()
    more_incidents: tuple[IncidentForm, ...] = ()
    strands: frozenset[str] = frozenset()
    perceived_by: str = "harmed"
    by_association: bool | None = None
    also_seen: tuple[SeenForm, ...] = ()
    perpetrator_known: str = "unknown"
    perpetrator_name: str = ""
    described: str = ""
    age_band: str = ""
    tenure: str = ""
    others_complained_about: tuple[ComplainedAboutForm, ...] = ()
    phone: str = ""
    email: str = ""
    safe_ways: frozenset[str] = frozenset()
    unsafe_ways: frozenset[str] = frozenset()
    seen_by_others: frozenset[str] = frozenset()
    safe_times: str = ""
    if_someone_else_answers: str = ""
    code_word: str = ""
    officer_wanted: str = ""
    language: str = ""
    format_needed: str = ""
    graffiti_place: str = ""
    readers: frozenset[UserId] | None = None
    conflicted: frozenset[UserId] = field(default_factory=frozenset)
    recovery_group: bytes | None = None
    """The recovery group chosen; None: the first that nobody of the case keeps a sheet of."""

    @property
    def sorts_harmed(self) -> tuple[str, ...]:
        """How everybody harmed belongs here."""
        own = self.reporter_sort if self.reporter_is_harmed else self.harmed_sort
        return (own, *(person.sort for person in self.others_harmed))

    @property
    def complained_about(self) -> tuple[ComplainedAboutForm, ...]:
        """Everybody complained about of whom something is known, the first one first."""
        first = ComplainedAboutForm(
            known=self.perpetrator_known, name=self.perpetrator_name, described=self.described, age_band=self.age_band,
            tenure=self.tenure,
        )  # fmt: skip
        said = first.name or first.described or first.age_band or first.tenure
        return (*((first,) if said else ()), *self.others_complained_about)


def check_report(form: ReportForm, now: datetime) -> None:
    """Whether a report says what it must.

    Raises:
        FormIncomplete: something is missing or not known; one sentence for each field.
    """
    problems = Problems()
    problems.need(form.words.strip(), "words", "Enter what happened, in the person's words if you can.")
    problems.not_in_future(form.received_at, now, "received_at")
    problems.not_long_ago(form.received_at, now, "received_at")
    problems.need(form.danger_now is not None, "danger_now", "Say whether anyone is in danger now.")
    problems.among({form.channel}, CHANNELS, "channel")
    problems.among(form.acts, ACTS, "acts")
    _check_seen(problems, form)
    reachable = form.anonymous or form.safe_ways
    problems.need(reachable, "safe_ways", "Choose at least one safe way to reach the person.")
    check_ways(problems, form.safe_ways, form.unsafe_ways, form.seen_by_others)
    for person in form.others_harmed:
        problems.need(person.name.strip() or person.sort, "others_harmed", "Say who else is harmed, or take them out.")
        check_ways(problems, person.safe_ways, person.unsafe_ways, person.seen_by_others, field="others_harmed")
    problems.among({*form.sorts_harmed, form.reporter_sort} - {""}, PERSON_SORTS, "others_harmed")
    problems.among({form.perpetrator_known}, PERPETRATOR_KNOWN, "perpetrator_known")
    for one in form.others_complained_about:
        said = one.name.strip() or one.described.strip() or one.known in ("unknown", "withheld")
        problems.need(said, "others_complained_about", "Give a name or a description, or take the person out.")
    for one in form.complained_about:
        problems.among({one.known}, PERPETRATOR_KNOWN, "others_complained_about")
        problems.among({one.age_band} - {""}, AGE_BANDS, "others_complained_about")
        problems.among({one.tenure} - {""}, TENURES, "others_complained_about")
    for incident in form.more_incidents:
        check_incident(problems, incident, now, field="more_incidents")
    if form.happened_at is not None:
        problems.not_in_future(form.happened_at, now, "happened_text")
    problems.settle()


def check_ways(
    problems: Problems, safe: frozenset[str], never: frozenset[str], seen: frozenset[str], *, field: str = ""
) -> None:
    """Whether somebody's safe ways can be so; `field` is where a problem is shown, if not at its own question."""
    problems.among(safe, CONTACT_WAYS, field or "safe_ways")
    problems.among(never, CONTACT_WAYS, field or "unsafe_ways")
    problems.among(seen, SEEN_BY_OTHERS, field or "seen_by_others")
    both = safe & never
    problems.need(not both, field or "unsafe_ways", "A way to reach the person cannot be both safe and unsafe.")
    sentence = why_not_safe(safe, seen)
    problems.need(not sentence, field or "safe_ways", sentence)


def check_incident(problems: Problems, form: IncidentForm, now: datetime, *, field: str = "") -> None:
    """Whether an incident says anything, and nothing that cannot be."""
    said = form.description.strip() or form.acts or form.happened_at or form.happened_text.strip()
    problems.need(said, field or "description", "Say what happened, or when, or what kind of act it was.")
    problems.among(form.acts, ACTS, field or "acts")
    if form.happened_at is not None:
        problems.not_in_future(form.happened_at, now, field or "happened_at")
        problems.not_long_ago(form.happened_at, now, field or "happened_at")


def write_report(
    unit: WriteUnit, workspace: Workspace, form: ReportForm, case: RecordId, *, known: Iterable[Party] = ()
) -> RecordId:
    """Write down everything a report says; returns the report. `known` are people of the case already: who is among
    them is not doubled."""
    stream = unit.stream_of(Case, case)
    people = _People(unit, workspace, case, form.received_at, tuple(known))
    reporter, harmed = people.tell(form)
    report = unit.create(
        Report, stream, case=case, received_at=form.received_at, recorded_at=workspace.parts.clock.now(),
        channel=form.channel, words=form.words, anonymous=form.anonymous, danger_now=form.danger_now,
        received_by=workspace.user, reporter=reporter, by_child=form.by_child,
        answered_by=form.answered_by.strip(),
    )  # fmt: skip
    first = IncidentForm(
        description=form.words, happened_at=form.happened_at, happened_text=form.happened_text, place=form.place,
        acts=form.acts, harmed=harmed,
    )  # fmt: skip
    for incident in (first, *form.more_incidents):
        write_incident(unit, case, incident, report)
    said = SeenForm(perceived_by=form.perceived_by, strands=form.strands, by_association=form.by_association)
    for seen in (said, *form.also_seen):
        write_seen(unit, case, seen, form.received_at)
    if form.graffiti_place:
        unit.create(
            Graffiti, stream, case=case, place=form.graffiti_place, notified_at=form.received_at, offensive=True
        )
    return report


def write_incident(unit: WriteUnit, case: RecordId, form: IncidentForm, report: RecordId | None = None) -> RecordId:
    """One incident."""
    return unit.create(
        Incident, unit.stream_of(Case, case), case=case, happened_at=form.happened_at, happened_text=form.happened_text,
        place=form.place, acts=form.acts, harmed=form.harmed, description=form.description, report=report,
    )  # fmt: skip


def write_seen(unit: WriteUnit, case: RecordId, form: SeenForm, stated_at: datetime) -> RecordId:
    """How somebody sees it."""
    return unit.create(
        Perception, unit.stream_of(Case, case), case=case, perceived_by=form.perceived_by, strands=form.strands,
        is_harassment=form.is_harassment, by_association=form.by_association, words=form.words, party=form.party,
        stated_at=stated_at,
    )  # fmt: skip


def write_standing(
    unit: WriteUnit, workspace: Workspace, case: RecordId, party: RecordId, form: ComplainedAboutForm
) -> None:
    """What the choice of tools depends on, where something of it is known."""
    if form.tenure:
        unit.create(
            StandingOfPerson, unit.stream_of(Case, case), case=case, party=party,
            noted_at=workspace.parts.clock.now(), tenure=form.tenure, landlord=form.landlord,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _People:
    """Writes down the people of one report; whoever is in the case already is taken as they are."""

    unit: WriteUnit
    workspace: Workspace
    case: RecordId
    asked_at: datetime
    known: tuple[Party, ...]

    def tell(self, form: ReportForm) -> tuple[RecordId, frozenset[RecordId]]:
        """Returns who reported, and who was harmed where that differs from everybody harmed in the case."""
        roles = {"reporter", "harmed"} if form.reporter_is_harmed else {"reporter"}
        reporter = self._person(
            form.reporter_name, roles, sort=form.reporter_sort, home=form.home if form.reporter_is_harmed else None,
            phone=form.phone, email=form.email, language=form.language, format_needed=form.format_needed,
            officer_wanted=form.officer_wanted,
        )  # fmt: skip
        own = PersonForm(
            safe_ways=form.safe_ways, unsafe_ways=form.unsafe_ways, seen_by_others=form.seen_by_others,
            times=form.safe_times, if_someone_else_answers=form.if_someone_else_answers, code_word=form.code_word,
        )  # fmt: skip
        self._safe_ways(reporter, own)
        harmed = {reporter} if form.reporter_is_harmed else set()
        if not form.reporter_is_harmed and (form.harmed_name or form.harmed_sort):
            harmed.add(self._person(form.harmed_name, {"harmed"}, sort=form.harmed_sort, home=form.home))
        for person in form.others_harmed:
            other = self._person(
                person.name, {"harmed"}, sort=person.sort, home=person.home, phone=person.phone, email=person.email
            )
            self._safe_ways(other, person)
            harmed.add(other)
        for one in form.complained_about:
            party = self._person(
                one.name, {"alleged-perpetrator"}, home=one.home, known=one.known, described=one.described,
                age_band=one.age_band,
            )  # fmt: skip
            write_standing(self.unit, self.workspace, self.case, party, one)
        return reporter, frozenset(harmed) if self.known else frozenset()

    def _person(self, name: str, roles: set[str], **details: object) -> RecordId:
        here = next((one for one in self.known if name.strip() and one.name.strip() == name.strip()), None)
        if here is None:
            return self.unit.create(
                Party, self.unit.stream_of(Case, self.case), case=self.case, name=name, roles=roles, **details
            )
        new = {key: value for key, value in details.items() if value and not getattr(here, key)}
        if new or roles - here.roles:
            self.unit.update(Party, here.id, roles=here.roles | roles, **new)
        return here.id

    def _safe_ways(self, party: RecordId, form: PersonForm) -> None:
        if form.safe_ways or form.unsafe_ways or form.seen_by_others:
            self.unit.create(
                SafeContact, self.unit.stream_of(Case, self.case), case=self.case, party=party,
                safe_ways=form.safe_ways, unsafe_ways=form.unsafe_ways, seen_by_others=form.seen_by_others,
                times=form.times, if_someone_else_answers=form.if_someone_else_answers, code_word=form.code_word,
                checked_at=self.asked_at, checked_by=self.workspace.user,
            )  # fmt: skip


def _check_seen(problems: Problems, form: ReportForm) -> None:
    problems.among(form.strands, STRANDS, "strands")
    problems.among({form.perceived_by}, PERCEIVERS, "perceived_by")
    for seen in form.also_seen:
        problems.among(seen.strands, STRANDS, "also_seen")
        problems.among({seen.perceived_by}, PERCEIVERS, "also_seen")
