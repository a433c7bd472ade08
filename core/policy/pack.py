"""A policy pack: what one landlord's policy says, as data.

A pack is one JSON text (`resources/policy/<id>/pack.json`). Every number says which clause it belongs to
and whether the policy gives it or we decided it because the policy is silent. Reading the file is the
business of the services; this module only turns its text into rules, and refuses a text that is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.domain import case as case_types
from core.foundation.errors import NotFound
from core.policy.calendar import LONDON, Term, TermUnit
from core.policy.pack_later import (
    USUAL_HOURS,
    USUAL_LINES,
    USUAL_NATIONS,
    Nations,
    OfficeHours,
    read_lines,
    read_nations,
    read_office_hours,
)
from core.policy.pack_sources import Source, read_source
from core.policy.rows import Noted, Row, finished, top_row

FORMAT = 1
_CLAUSE_NUMBER = re.compile(r"[1-9]\.[1-9][0-9]?")

TERM_NAMES = (
    "update_floor", "keep_closed", "chase_landlord", "police_answer", "repeat_places", "chase_agency", "check_agency",
    "retention_day", "policy_copy", "policy_consultation", "policy_review",
    "review_high", "review_medium", "fresh_risk", "closing_step", "decide_appeal", "tell_outcome",
    "survey_reminder", "survey_answer",
)  # fmt: skip
"""Periods that a chapter of the rules reads beside the five clocks, by name; a pack gives every one of them."""

LATER_TERMS: Mapping[str, tuple[str, Term, str]] = {
    "late_report": (
        "4.29", Term(2, TermUnit.WORKING_DAYS),
        "Two working days from a report on a closed case, for the decision whether it is opened again.",
    ),
    "second_person": (
        "3.3", Term(2, TermUnit.WORKING_DAYS),
        "Two working days for the second person's word on a lower risk or a malicious report.",
    ),
    "safeguarding_told": (
        "3.3", Term(24, TermUnit.ELAPSED_HOURS),
        "24 hours from when a safeguarding concern is written down until those whose duty it is are told.",
    ),
    "keep_closed_child": (
        "3.2", Term(24, TermUnit.CALENDAR_MONTHS),
        "Two years from closing where a child is complained about, unless everything is kept for less.",
    ),
}
"""Periods that came after the first packs: a pack of an organisation that has none goes on with these.

Each with its clause, its length and what it is."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the policy, in our own plain words."""

    number: str
    title: str
    paraphrase: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A period the policy promises."""

    term: Term
    source: Source


@dataclass(frozen=True, slots=True)
class Clocks:
    """The periods of 4.24, 4.25, 4.29 (review and appeal) and 4.30."""

    first_contact: ClockRule
    graffiti: ClockRule
    review: ClockRule
    appeal: ClockRule
    survey: ClockRule


@dataclass(frozen=True, slots=True)
class HandlingRule:
    """How a case may be handled at intake (4.2) and what a later judgement needs (4.3)."""

    at_intake: tuple[str, ...]
    downgrade_to: str
    downgrade_needs_reasons: bool
    downgrade_needs_second_person: bool
    source: Source


@dataclass(frozen=True, slots=True)
class ContactRule:
    """Reaching somebody in one of these roles is first contact (4.24)."""

    counts_with: frozenset[str]
    source: Source


@dataclass(frozen=True, slots=True)
class ClosingRule:
    """What closing needs (4.29) and which ways are "in writing" for the survey (4.30)."""

    attempts_when_unreachable: int
    closer_is_not_lead: bool
    decider_is_not_lead: bool
    survey_ways: frozenset[str]
    source: Source


@dataclass(frozen=True, slots=True)
class AreaLetterRule:
    """When a letter to an area could point to somebody (4.12)."""

    tiny_block_homes: int
    second_person_approves: bool
    source: Source


@dataclass(frozen=True, slots=True)
class FiguresRule:
    """Which numbers are too small to be given out, and when the year of figures begins (5.1)."""

    least_shown: int
    year_begins_in: int
    source: Source


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act of 4.5; a higher `severity` is graver. `counted_as`: a list others count by -> the line of it
    that this kind of act belongs to."""

    code: str
    severity: int
    counted_as: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Strand:
    """A reason behind harassment and the three lists it may stand on: the policy's, the Act's, the regulator's."""

    code: str
    in_policy: bool
    equality_act: str
    monitored_as: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office of the organisation (policy 7.1 to 7.3). `outside`: held by somebody who works on no case."""

    code: str
    words: str
    outside: bool
    clause: str
    note: str


@dataclass(frozen=True, slots=True)
class Training:
    """A training staff need (policy 6.6) and for how long it counts."""

    code: str
    words: str
    mandatory: bool
    valid: ClockRule


@dataclass(frozen=True, slots=True)
class ChangingRule:
    """What a change of this pack needs."""

    second_person: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where the policy says different things about one matter. Shown, never resolved by the program."""

    about: str
    says: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which policy this is and when it was made; `zone` is the civil time its deadlines are read in."""

    id: str
    title: str
    version: int
    reviewed: str
    approved: str
    next_review: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPack:
    """Everything the rules in this room read from a policy."""

    identity: Identity
    clauses: tuple[Clause, ...]
    clocks: Clocks
    terms: Mapping[str, ClockRule]
    handling: HandlingRule
    contact: ContactRule
    closing: ClosingRule
    area_letters: AreaLetterRule
    figures: FiguresRule
    office_hours: OfficeHours
    nations: Nations
    acts: tuple[Act, ...]
    strands: tuple[Strand, ...]
    offices: tuple[Office, ...]
    trainings: tuple[Training, ...]
    changing: ChangingRule
    contradictions: tuple[Contradiction, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The civil time of this policy's deadlines."""
        return self.identity.zone

    def clause(self, number: str) -> Clause:
        """The clause with that number, such as "4.24".

        Raises:
            NotFound: this policy has no such clause.
        """
        for clause in self.clauses:
            if clause.number == number:
                return clause
        raise NotFound(what=f"clause {number} in this policy")

    def sources(self) -> dict[str, Source]:
        """Every rule that has a source, by name: for the page that shows what the policy says and what was decided."""
        return {
            "first contact": self.clocks.first_contact.source,
            "graffiti": self.clocks.graffiti.source,
            "review": self.clocks.review.source,
            "appeal": self.clocks.appeal.source,
            "survey": self.clocks.survey.source,
            "handling": self.handling.source,
            "whose contact counts": self.contact.source,
            "closing": self.closing.source,
            "area letters": self.area_letters.source,
            "changing the pack": self.changing.source,
            "figures": self.figures.source,
            "office hours": self.office_hours.source,
            "England and Wales": self.nations.source,
            **{name.replace("_", " "): rule.source for name, rule in self.terms.items()},
            **{f"training {training.code}": training.valid.source for training in self.trainings},
            **{f"office {office.code}": Source(office.clause, False, office.note) for office in self.offices},
        }


def parse_pack(text: str) -> PolicyPack:
    """Read a pack.

    Raises:
        PolicyPackInvalid: the text is not a whole and consistent pack of a format this version knows.
    """
    top = top_row(text, "the pack", formats=FORMAT)
    pack = PolicyPack(
        identity=_identity(top),
        clauses=top.each("clauses", _clause, called="number"),
        clocks=_clocks(top.inside("clocks")),
        terms=_terms(top.inside("terms")),
        handling=_handling(top.inside("handling")),
        contact=_contact(top.inside("contact")),
        closing=_closing(top.inside("closing")),
        area_letters=_area_letters(top.inside("area_letters")),
        figures=_figures(top.inside("figures")),
        office_hours=read_office_hours(top.inside("office_hours")) if top.has("office_hours") else USUAL_HOURS,
        nations=read_nations(top.inside("nations")) if top.has("nations") else USUAL_NATIONS,
        acts=top.each("acts", _act),
        strands=top.each("strands", _strand),
        offices=top.each("offices", _office),
        trainings=top.each("trainings", _training),
        changing=_changing(top.inside("changing")),
        contradictions=top.each("contradictions", _contradiction, called="about"),
    )
    top.nothing_else()
    top.noted.settle()
    _check_consistent(pack, top.noted)
    top.noted.settle()
    return pack


def _identity(at: Row) -> Identity:
    name = at.words("zone")
    try:
        zone = ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        at.wrong("zone", "is not a time zone")
        zone = LONDON
    return Identity(
        id=at.words("id"),
        title=at.words("title"),
        version=at.whole("version"),
        reviewed=at.words("reviewed"),
        approved=at.words("approved"),
        next_review=at.words("next_review"),
        zone=zone,
    )


def _clause(at: Row) -> Clause:
    return Clause(at.words("number"), at.words("title"), at.words("paraphrase"))


def _clock(at: Row) -> ClockRule:
    unit = TermUnit(at.one_of("unit", [unit.value for unit in TermUnit]))
    return ClockRule(Term(at.whole("value"), unit), read_source(at))


def _clocks(at: Row) -> Clocks:
    names = ("first_contact", "graffiti", "review", "appeal", "survey")
    read = Clocks(*(finished(at.inside(name), _clock) for name in names))
    at.nothing_else()
    if read.review.term.unit is not TermUnit.CALENDAR_MONTHS:
        at.wrong("review", "is not counted in calendar months")
    return read


def _terms(at: Row) -> dict[str, ClockRule]:
    return finished(
        at,
        lambda inner: {
            **{name: finished(inner.inside(name), _clock) for name in TERM_NAMES},
            **{
                name: finished(inner.inside(name), _clock)
                if inner.has(name)
                else ClockRule(term, Source(clause, decided=True, note=note))
                for name, (clause, term, note) in LATER_TERMS.items()
            },
        },
    )


def _handling(at: Row) -> HandlingRule:
    return finished(
        at,
        lambda inner: HandlingRule(
            inner.codes("at_intake", case_types.HANDLING),
            inner.one_of("downgrade_to", case_types.HANDLING),
            inner.flag("downgrade_needs_reasons"),
            inner.flag("downgrade_needs_second_person"),
            read_source(inner),
        ),
    )


def _contact(at: Row) -> ContactRule:
    return finished(
        at, lambda inner: ContactRule(frozenset(inner.codes("counts_with", case_types.PARTY_ROLES)), read_source(inner))
    )


def _closing(at: Row) -> ClosingRule:
    return finished(
        at,
        lambda inner: ClosingRule(
            inner.whole("attempts_when_unreachable"),
            inner.flag("closer_is_not_lead"),
            inner.flag("decider_is_not_lead"),
            frozenset(inner.codes("survey_ways", case_types.CONTACT_WAYS)),
            read_source(inner),
        ),
    )


def _area_letters(at: Row) -> AreaLetterRule:
    return finished(
        at,
        lambda inner: AreaLetterRule(
            inner.whole("tiny_block_homes"), inner.flag("second_person_approves"), read_source(inner)
        ),
    )


def _figures(at: Row) -> FiguresRule:
    return finished(
        at,
        lambda inner: FiguresRule(
            inner.whole("least_shown"), inner.whole("year_begins_in", most=12), read_source(inner)
        ),
    )


def _act(at: Row) -> Act:
    code, severity = at.one_of("code", case_types.ACTS), at.whole("severity")
    counted_as = finished(at.inside("counted_as"), read_lines) if at.has("counted_as") else USUAL_LINES.get(code, {})
    return Act(code, severity, counted_as)


def _strand(at: Row) -> Strand:
    return Strand(
        at.one_of("code", case_types.STRANDS),
        at.flag("in_policy"),
        at.words("equality_act", may_be_empty=True),
        at.words("monitored_as", may_be_empty=True),
    )


def _contradiction(at: Row) -> Contradiction:
    return Contradiction(at.words("about"), at.each("says", lambda inner: (inner.words("where"), inner.words("what"))))


def _office(at: Row) -> Office:
    return Office(at.words("code"), at.words("words"), at.flag("outside"), at.words("clause"), at.words("note"))


def _training(at: Row) -> Training:
    return Training(at.words("code"), at.words("words"), at.flag("mandatory"), _clock(at))


def _changing(at: Row) -> ChangingRule:
    return finished(at, lambda inner: ChangingRule(inner.flag("second_person"), read_source(inner)))


def _check_consistent(pack: PolicyPack, noted: Noted) -> None:
    numbers = [clause.number for clause in pack.clauses]
    _all_different(noted, "clauses", numbers)
    for what, rows in (("acts", pack.acts), ("strands", pack.strands), ("offices", pack.offices),
                       ("trainings", pack.trainings)):  # fmt: skip
        _all_different(noted, what, [row.code for row in rows])
    for number in numbers:
        if not _CLAUSE_NUMBER.fullmatch(number):
            noted.add(f"{number!r} is not a clause number")
    for name, source in pack.sources().items():
        if source.clause not in numbers:
            noted.add(f"{name} names clause {source.clause}, which is not in it")
    missing = set(case_types.ACTS) - {act.code for act in pack.acts}
    missing |= set(case_types.STRANDS) - {strand.code for strand in pack.strands}
    if missing:
        noted.add(f"it says nothing about {', '.join(sorted(missing))}")


def _all_different(noted: Noted, what: str, values: list[str]) -> None:
    for value in sorted({value for value in values if values.count(value) > 1}):
        noted.add(f"two of its {what} are the same: {value}")
