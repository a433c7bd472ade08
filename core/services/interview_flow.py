"""From a private interview into its case: chosen answer by answer, in one unit of work, and never the statement.

What went in says that it came from a private interview (`FromInterview`). What the person said beside that stays in the
interview (policy 4.26).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.case import ACTS, Case, Contact, Incident, Party
from core.domain.changed import Changed
from core.domain.confidential import CompartmentStub
from core.domain.interview import PIECES, FromInterview, InterviewEvent, OfficerWish, PutIntoCase
from core.domain.plan import Wish
from core.domain.risk import BANDS, RiskAssessment
from core.foundation.ids import RecordId, StreamId
from core.policy.interview import asked_words, event_words, pieces_waiting, why_not_put
from core.policy.interview_questions import EVENT_FIELDS
from core.policy.risk import band_of, risk_now, work_out
from core.policy.risk_questions import NOT_ASKED, Questions
from core.policy.safe_contact import ways_for
from core.services.contents import contents_of
from core.services.exchange import seal_now
from core.services.forms import Problems
from core.services.interviews import Interview, need_right, read_again, states_of
from core.services.risk import questions_in_use
from core.services.workspace import Workspace
from core.store.contents import CaseContents
from core.store.store import table_of
from core.store.unit import WriteUnit

NOT_YOUR_CASE = "You do not read the case itself, so you cannot put anything into it. Somebody who reads both can."
FROM = "From a private interview."
HELD = "It was judged so before the interview, and nobody has judged it anew."
EVENT_PARTS = (*EVENT_FIELDS, "acts")
"""What of one thing that happened can be chosen, one by one."""
_WAY_OF_PLACE = {"phone": "call", "video": "call", "home": "visit", "other-home": "visit"}
_HEADINGS = {
    "what": "What happened", "who": "Who did it", "happened_text": "When", "place": "Where",
    "impact": "What it did to them", "acts": "What kind of act",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One answer that can go into the case, in the words it goes in with. `key`: what `FlowForm` is given for it."""

    key: str
    heading: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPage:
    """What can go into the case. `why_not`: nothing can, and why; `hidden`: the case's readers know of no interview."""

    pieces: tuple[Piece, ...]
    people: tuple[Party, ...] = ()
    reference: str = ""
    why_not: str = ""
    hidden: bool = False
    wish_nothing: bool = False
    """The person wants nothing of it in the case: only with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowForm:
    """What was chosen, by the keys of the pieces."""

    interview: StreamId
    entry: RecordId
    chosen: frozenset[str]
    party: RecordId | None = None
    against_wish_because: str = ""


@dataclass(frozen=True, slots=True)
class PutIn:
    """The records of the case that were made."""

    records: tuple[RecordId, ...]
    changed: Changed


def what_can_go(workspace: Workspace, *, interview: StreamId, entry: RecordId) -> FlowPage:
    """Each answer as it would stand in the case (policy 4.26). `entry` says that the interview is open.

    Raises:
        NotFound, NotAllowed: as `read_again`.
    """
    found = read_again(workspace, interview=interview, entry=entry)
    case = workspace.store.find(Case, found.case) if found.case else None
    if case is None:
        return FlowPage(pieces=(), why_not=NOT_YOUR_CASE)
    contents = contents_of(workspace, case.id)
    stubs = workspace.store.select(CompartmentStub, table_of(CompartmentStub).c.compartment == interview)
    asked = bool(found.record.into_case)
    return FlowPage(
        pieces=_pieces(workspace, found), people=contents.parties, reference=case.reference,
        why_not="" if asked else why_not_put(found.record), hidden=not stubs,
        wish_nothing=asked and bool(why_not_put(found.record)),
    )  # fmt: skip


def put_into_case(workspace: Workspace, *, form: FlowForm) -> PutIn:
    """Put what was chosen into the case, all of it or nothing (policy 4.26).

    Raises:
        FormIncomplete: nothing was chosen; the person was not asked, or wants nothing of it there and nobody says why.
        NotFound: this person reads only one of the two.
        NotAllowed: they only read, or private interviews are shut.
    """
    found = read_again(workspace, interview=form.interview, entry=form.entry)
    contents = contents_of(workspace, found.case or RecordId(b""))
    need_right(workspace, form.interview)
    offered = {piece.key for piece in _pieces(workspace, found)}
    problems = Problems()
    problems.need(form.chosen, "chosen", "Tick what goes into the case.")
    problems.need(form.chosen <= offered, "chosen", "Something of this went in meanwhile. Look again.")
    why_not = why_not_put(found.record, form.against_wish_because)
    problems.need(not why_not, "against_wish_because" if found.record.into_case else "into_case", why_not)
    party = next((one for one in contents.parties if one.id == form.party), None)
    problems.need(form.party is None or party, "party", "Choose somebody who is in the case.")
    problems.settle()
    against = form.against_wish_because if found.record.into_case == "nothing" else ""
    with workspace.store.unit("into-case") as (unit, outcome):
        writer = _Writer(workspace, unit, found, contents, form)
        records = writer.write()
        now = workspace.parts.clock.now()
        unit.create(
            FromInterview, contents.case.stream, case=contents.case.id, at=now, by=workspace.user,
            said_at=found.record.started_at, pieces=writer.pieces, records=frozenset(records),
            against_wish_because=against,
        )  # fmt: skip
        unit.create(
            PutIntoCase, form.interview, at=now, by=workspace.user, pieces=writer.pieces, against_wish_because=against
        )
        states = states_of(workspace, form.interview)
        for event in writer.events:
            unit.take_up(event, form.interview, states[event])
            unit.update(InterviewEvent, event, put_at=now)
    seal_now(workspace)
    return PutIn(tuple(records), outcome.changed)


def risk_with(
    found: Interview, contents: CaseContents, questions: Questions, party: RecordId | None
) -> dict[str, object]:
    """What is assessed of a person after the interview: what was answered now, and what had been answered before.

    Dangers that were named before stay: an interview that did not ask of them takes none away (policy 3.3). A judgement
    that the risk is higher stays until somebody assesses anew; one that it is lower does not.
    """
    before = risk_now(contents).get(party)
    answers = {**_answers(before.answers if before else ()), **_answers(found.record.risk_answers)}
    worked = work_out(questions, answers, before.floors if before else ())
    order = list(BANDS)
    held = band_of(before, contents) if before is not None else worked.band
    higher = held in order and order.index(held) > order.index(worked.band)
    return {
        "occasion": "interview", "set_id": questions.id, "set_version": questions.version,
        "answers": frozenset(f"{question}:{option}" for question, option in answers.items()),
        "floors": worked.floors, "score": worked.score, "worked_out": worked.band,
        "judged": held if higher else worked.band, "reasons": HELD if higher else "",
    }  # fmt: skip


# ------------------------------------------------------------------ what there is


def _pieces(workspace: Workspace, found: Interview) -> tuple[Piece, ...]:
    put = frozenset(code for one in found.of(PutIntoCase) for code in one.pieces)
    waiting = pieces_waiting(found.record, found.of(InterviewEvent), put)
    made: list[Piece] = []
    for number, event in enumerate(found.of(InterviewEvent), start=1):
        if event.put_at is None:
            made += _event_pieces(number, event)
    record = found.record
    if "contact" in waiting and record.started_at is not None:
        made.append(Piece("contact", PIECES["contact"], _contact_words(record.started_at, workspace)))
    if "risk" in waiting and record.risk_answers:
        questions = questions_in_use(workspace)
        made.append(Piece("risk", PIECES["risk"], _risk_words(found, questions)))
    if "wish" in waiting:
        made.append(Piece("wish", PIECES["wish"], record.wanted))
    if "officer" in waiting:
        made.append(Piece("officer", PIECES["officer"], _officer_words(found)))
    return tuple(made)


def _event_pieces(number: int, event: InterviewEvent) -> list[Piece]:
    words = {name: str(getattr(event, name)).strip() for name in EVENT_FIELDS}
    words["acts"] = "; ".join(label for code, label in ACTS.items() if code in event.acts)
    return [
        Piece(f"{name}:{event.id.hex()}", f"{_HEADINGS[name]} ({number})", words[name])
        for name in EVENT_PARTS
        if words[name]
    ]


def _contact_words(at: datetime, workspace: Workspace) -> str:
    here = at.astimezone(workspace.pack.zone)
    return f"That you spoke in private on {here:%d %B} at {here:%H:%M}. It counts as contact (4.24).".replace(" 0", " ")


def _risk_words(found: Interview, questions: Questions) -> str:
    given = _answers(found.record.risk_answers)
    lines = [
        f"{question.words} {option.words}."
        for question in questions.questions
        for option in question.options
        if given.get(question.code) == option.code
    ]
    worked = work_out(questions, given, ())
    after = BANDS.get(worked.band, "").lower()
    lines.append(f"By these answers alone: {after}. What was answered before, and dangers named before, still count.")
    return "\n".join(lines)


def _officer_words(found: Interview) -> str:
    record = found.record
    parts = [f"Officer: {asked_words(record.wants)}." if record.wants else "Officer: nobody in particular."]
    parts.append(f"Interpreter: {asked_words(record.wants_interpreter)}." if record.wants_interpreter else "")
    if record.wants_met is not None:
        parts.append("It could be met." if record.wants_met else f"It could not: {record.wants_not_met_because}")
    return "\n".join(part for part in parts if part)


def _answers(kept: object) -> dict[str, str]:
    pairs = (str(one).partition(":") for one in (kept if isinstance(kept, (frozenset, tuple)) else ()))
    return {question: option for question, _, option in pairs if option and option != NOT_ASKED}


# ------------------------------------------------------------------ writing it


class _Writer:
    """Writes what was chosen into the case, inside one unit."""

    def __init__(
        self, workspace: Workspace, unit: WriteUnit, found: Interview, contents: CaseContents, form: FlowForm
    ) -> None:
        self._workspace, self._unit, self._found = workspace, unit, found
        self._contents, self._form = contents, form
        self.events: list[RecordId] = []
        self.pieces: frozenset[str] = frozenset()

    def write(self) -> list[RecordId]:
        """Make the records; gives their ids."""
        chosen = self._form.chosen
        impacts: list[str] = []
        records: list[RecordId] = []
        pieces: set[str] = set()
        for event in self._found.of(InterviewEvent):
            parts = {key.partition(":")[0] for key in chosen if key.partition(":")[2] == event.id.hex()}
            if not parts:
                continue
            self.events.append(event.id)
            if "impact" in parts and event.impact.strip():
                impacts.append(event.impact.strip())
            inside = parts - ({"impact"} if "risk" in chosen else set())
            if inside:
                records.append(self._incident(event, inside))
                pieces.add("incident")
        writes = {"contact": self._contact, "wish": self._wish, "officer": self._officer}
        for code, write in writes.items():
            if code in chosen:
                records.append(write())
                pieces.add(code)
        if "risk" in chosen:
            records.append(self._risk(impacts))
            pieces.add("risk")
        self.pieces = frozenset(pieces)
        return records

    def _incident(self, event: InterviewEvent, parts: set[str]) -> RecordId:
        told = replace(event, what=event.what if "what" in parts else "", who=event.who if "who" in parts else "")
        impact = f"What it did to them: {event.impact.strip()}" if "impact" in parts else ""
        return self._unit.create(
            Incident, self._contents.case.stream, case=self._contents.case.id,
            happened_text=event.happened_text if "happened_text" in parts else "",
            place=event.place if "place" in parts else "", acts=event.acts if "acts" in parts else frozenset(),
            description="\n".join(part for part in (event_words(told), impact) if part),
        )  # fmt: skip

    def _contact(self) -> RecordId:
        record = self._found.record
        way = _WAY_OF_PLACE.get(record.place_sort, "they-contact-us")
        never = way in ways_for(self._contents, self._form.party).never
        return self._unit.create(
            Contact, self._contents.case.stream, case=self._contents.case.id, party=self._form.party,
            at=record.started_at, way=way, outcome="spoke", notes=FROM,
            by=self._workspace.user, unsafe_reason="Agreed with the person, for a private interview." if never else "",
        )  # fmt: skip

    def _wish(self) -> RecordId:
        return self._unit.create(
            Wish, self._contents.case.stream, case=self._contents.case.id, party=self._form.party,
            said_at=self._found.record.started_at or self._now(), words=self._found.record.wanted,
            recorded_by=self._workspace.user,
        )  # fmt: skip

    def _officer(self) -> RecordId:
        record = self._found.record
        return self._unit.create(
            OfficerWish, self._contents.case.stream, case=self._contents.case.id, party=self._form.party,
            said_at=record.started_at or self._now(), wants=record.wants, wants_interpreter=record.wants_interpreter,
            met=record.wants_met, recorded_by=self._workspace.user,
            not_met_because=record.wants_not_met_because if record.wants_met is False else "",
        )  # fmt: skip

    def _risk(self, impacts: list[str]) -> RecordId:
        questions = questions_in_use(self._workspace)
        return self._unit.create(
            RiskAssessment, self._contents.case.stream, case=self._contents.case.id, party=self._form.party,
            assessed_at=self._now(), assessed_by=self._workspace.user, notes="\n".join((FROM, *impacts)),
            **risk_with(self._found, self._contents, questions, self._form.party),
        )  # fmt: skip

    def _now(self) -> datetime:
        return self._workspace.parts.clock.now()
