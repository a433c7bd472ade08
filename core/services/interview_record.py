"""What is written down while a private interview is held: who is there, interruptions, what happened, the signature.

All of it lies in the compartment of the interview and is read by the people it names, and by nobody else (policy 4.26).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.changes import cbor
from core.changes.change import Wire
from core.domain.case import ACTS
from core.domain.changed import Changed
from core.domain.confidential import PrivateInterview
from core.domain.declare import R, Record
from core.domain.interview import (
    PRESENT,
    SIGNED_HOW,
    WENT_ON,
    WHO_CAME,
    Interruption,
    InterviewEvent,
    InterviewPerson,
    SignedStatement,
)
from core.foundation.errors import EncodingRejected, NotFound
from core.foundation.ids import RecordId, StreamId
from core.policy.interview import MOST_POINTS, Strokes, hash_of, why_not_sign
from core.policy.interview_questions import EVENT_FIELDS
from core.services.exchange import seal_now
from core.services.forms import Problems
from core.services.interviews import keep_typing, need_right, one_of, states_of
from core.services.workspace import Workspace
from core.store import resting

_MOST_BYTES = 16 * MOST_POINTS


@dataclass(frozen=True, slots=True)
class Written:
    """The record that was written beside the interview."""

    record: RecordId
    changed: Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningForm:
    """How a statement was signed, or why it was not. `words`: the statement as it was read back.

    `strokes`: what was drawn, each stroke x, y, x, y ... in a box 1000 wide and 300 high.
    """

    interview: StreamId
    how: str
    words: str
    strokes: Strokes = ()
    name: str = ""
    agreed_aloud: bool = False
    read_in: str = ""
    reason: str = ""


def add_present(workspace: Workspace, *, interview: StreamId, role: str, name: str = "") -> Written:
    """Somebody is there, and as what (policy 4.26).

    Raises:
        FormIncomplete: as what was not chosen.
        NotFound, NotAllowed: as `save_interview`.
    """
    problems = Problems()
    problems.need(role in PRESENT, "role", "Choose as what they are there.")
    problems.settle()
    return _create(workspace, interview, InterviewPerson, {"role": role, "name": name.strip()})


def take_off_present(workspace: Workspace, *, interview: StreamId, person: RecordId) -> Written:
    """Somebody was put on the list by mistake."""
    states = states_of(workspace, interview)
    need_right(workspace, interview)
    _find(workspace, interview, InterviewPerson, person)
    with workspace.store.unit("interview-present") as (unit, outcome):
        unit.take_up(person, interview, states[person])
        unit.delete(InterviewPerson, person)
    seal_now(workspace)
    return Written(person, outcome.changed)


def note_interruption(workspace: Workspace, *, interview: StreamId) -> Written:
    """Somebody came, now. What it was is said once it is safe (policy 4.26)."""
    values = {"at": workspace.parts.clock.now(), "by": workspace.user}
    return _create(workspace, interview, Interruption, values)


def close_interruption(
    workspace: Workspace, *, interview: StreamId, interruption: RecordId, who_came: str, made_safe: str, went_on: str,
    at: datetime | None = None,
) -> Written:  # fmt: skip
    """What an interruption was, and what was done to be safe (policy 4.26).

    Raises:
        FormIncomplete: nobody said who came, what was done, or how it went on.
    """
    problems = Problems()
    problems.need(who_came in WHO_CAME, "who_came", "Choose who came.")
    problems.need(made_safe.strip(), "made_safe", "Say what was done to be safe.")
    problems.need(went_on in WENT_ON, "went_on", "Choose how it went on.")
    if at is not None:
        problems.not_in_future(at, workspace.parts.clock.now(), "at")
    problems.settle()
    values: dict[str, object] = {"who_came": who_came, "made_safe": made_safe, "went_on": went_on}
    if at is not None:
        values["at"] = at
    return _update(workspace, interview, Interruption, interruption, values)


def keep_event(
    workspace: Workspace, *, interview: StreamId, values: Mapping[str, object], event: RecordId | None = None,
    left: str | None = None,
) -> Written:  # fmt: skip
    """Write down one thing that happened as told, or change it until it goes into the case (policy 4.26).

    `left`: what is typed and not saved by this; None leaves what was kept as it is.

    Raises:
        FormIncomplete: nothing was said, or it went into the case already.
    """
    questions = workspace.shelf.prompts(workspace.today)
    told: dict[str, object] = {name: str(values.get(name) or "") for name in EVENT_FIELDS}
    acts = values.get("acts")
    told["acts"] = frozenset(str(code) for code in acts) if isinstance(acts, (list, tuple, frozenset, set)) else ()
    problems = Problems()
    problems.need(any(str(told[name]).strip() for name in EVENT_FIELDS), "what", "Write down what happened.")
    problems.among(frozenset(told["acts"]), ACTS, "acts")  # type: ignore[call-overload]  # a set was made just above
    if event is not None:
        found = _find(workspace, interview, InterviewEvent, event)
        problems.need(found.put_at is None, "what", "This went into the case already. Write the rest as another.")
    problems.settle()
    told |= {"set_id": questions.id, "set_version": questions.version}
    if event is None:
        return _create(workspace, interview, InterviewEvent, told, left=left)
    return _update(workspace, interview, InterviewEvent, event, told, left=left)


def sign_statement(workspace: Workspace, *, form: SigningForm) -> Written:
    """The statement as read back is signed, or is not, and why (policy 4.26). Never altered afterwards.

    Raises:
        FormIncomplete: it was not read back or agreed, the box is empty, or it was changed meanwhile.
        NotFound, NotAllowed: as `save_interview`.
    """
    states = states_of(workspace, form.interview)
    record = _find(workspace, form.interview, PrivateInterview, one_of(states, PrivateInterview.SPEC.name))
    problems = Problems()
    problems.need(form.how in SIGNED_HOW, "how", "Choose how it is signed, or that it is not.")
    changed = "The statement was changed since it was read back. Read it back again."
    problems.need(form.words == record.statement, "read_back", changed)
    missing = why_not_sign(
        record, how=form.how, strokes=form.strokes, name=form.name, agreed_aloud=form.agreed_aloud, reason=form.reason
    )
    for field, sentence in missing.items():
        problems.need(False, field, sentence)
    problems.settle()
    drawn, typed = form.how == "drawn", form.how == "typed"
    return _create(
        workspace, form.interview, SignedStatement,
        {
            "at": workspace.parts.clock.now(), "by": workspace.user, "how": form.how, "words": record.statement,
            "words_hash": hash_of(record.statement), "strokes": pack_strokes(form.strokes) if drawn else b"",
            "name": form.name.strip() if typed else "", "agreed_aloud": True if typed else None,
            "corrected": record.corrected, "read_in": form.read_in, "reason": "" if drawn or typed else form.reason,
        },
    )  # fmt: skip


def pack_strokes(strokes: Strokes) -> bytes:
    """What was drawn as it is kept."""
    return cbor.encode([list[Wire](stroke) for stroke in strokes])


def unpack_strokes(kept: bytes) -> tuple[tuple[int, ...], ...]:
    """What was drawn, from `pack_strokes`; nothing if it is not that."""
    try:
        found = cbor.decode(kept, max_bytes=_MOST_BYTES) if kept else []
    except EncodingRejected:
        return ()
    if not isinstance(found, list) or not all(isinstance(stroke, list) for stroke in found):
        return ()
    strokes = tuple(
        tuple(value for value in stroke if isinstance(value, int) and not isinstance(value, bool))
        for stroke in found
        if isinstance(stroke, list)
    )
    return tuple(stroke for stroke in strokes if len(stroke) % 2 == 0)


# ------------------------------------------------------------------ inside


def _create(
    workspace: Workspace, interview: StreamId, kind: type[Record], values: Mapping[str, object], *,
    left: str | None = None,
) -> Written:  # fmt: skip
    states_of(workspace, interview)
    need_right(workspace, interview)
    with workspace.store.unit(kind.SPEC.name.replace("_", "-")) as (unit, outcome):
        record = unit.create(kind, interview, **values)
        if left is not None:
            keep_typing(unit.connection, workspace, interview, left)
    seal_now(workspace)
    return Written(record, outcome.changed)


def _update(
    workspace: Workspace, interview: StreamId, kind: type[Record], record: RecordId, values: Mapping[str, object], *,
    left: str | None = None,
) -> Written:  # fmt: skip
    states = states_of(workspace, interview)
    need_right(workspace, interview)
    _find(workspace, interview, kind, record)
    with workspace.store.unit(kind.SPEC.name.replace("_", "-")) as (unit, outcome):
        unit.take_up(record, interview, states[record])
        unit.update(kind, record, **values)
        if left is not None:
            keep_typing(unit.connection, workspace, interview, left)
    seal_now(workspace)
    return Written(record, outcome.changed)


def _find(workspace: Workspace, interview: StreamId, kind: type[R], record: RecordId) -> R:
    found = resting.records_in(states_of(workspace, interview), interview)
    one = next((one for one in found if one.id == record and isinstance(one, kind)), None)
    if one is None:
        raise NotFound(what=kind.SPEC.label.lower())
    return one
