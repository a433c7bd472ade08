"""What is recorded in a private interview, what goes from it into its case, and which officer was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.ids import RecordId, StreamId, UserId
from core.services import interview_flow, interview_record, interview_start, interview_statement, officers
from core.services.interview_flow import FlowForm
from core.services.interview_record import SigningForm
from core.services.interview_statement import StatementForm
from core.services.officers import OfficerForm
from core.services.risk import questions_in_use as risk_questions_in_use
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def start_page(runner: Runner, case: RecordId | None, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StartPage`."""
    return operation(runner, interview_start.start_page, {"case": case}, on_done=on_done, on_failed=on_failed)


def start_interview(
    runner: Runner, case: RecordId, *, readers: frozenset[UserId], visible: bool, private_confirmed: bool | None,
    on_done: Receiver, on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `InterviewStarted`."""
    arguments = {"case": case, "readers": readers, "visible": visible, "private_confirmed": private_confirmed}
    return operation(runner, interview_start.start_interview, arguments, on_done=on_done, on_failed=on_failed)


def risk_questions(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the `Questions` of the risk assessment."""
    return operation(runner, risk_questions_in_use, {}, on_done=on_done, on_failed=on_failed)


def add_present(
    runner: Runner, interview: StreamId, *, role: str, name: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `Written`."""
    arguments = {"interview": interview, "role": role, "name": name}
    return operation(runner, interview_record.add_present, arguments, on_done=on_done, on_failed=on_failed)


def take_off_present(
    runner: Runner, interview: StreamId, person: RecordId, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `Written`."""
    arguments = {"interview": interview, "person": person}
    return operation(runner, interview_record.take_off_present, arguments, on_done=on_done, on_failed=on_failed)


def note_interruption(runner: Runner, interview: StreamId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Done even if the person locks meanwhile. Answers with `Written`."""
    arguments = {"interview": interview}
    return operation(
        runner, interview_record.note_interruption, arguments, on_done=on_done, on_failed=on_failed, last_words=True
    )


def close_interruption(
    runner: Runner, interview: StreamId, interruption: RecordId, said: Mapping[str, object], *, on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """`said` has who_came, made_safe, went_on and perhaps at. Answers with `Written`."""
    arguments = {"interview": interview, "interruption": interruption, **said}
    return operation(runner, interview_record.close_interruption, arguments, on_done=on_done, on_failed=on_failed)


def keep_event(
    runner: Runner, interview: StreamId, *, values: Mapping[str, object], event: RecordId | None, left: str,
    on_done: Receiver, on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `Written`."""
    arguments = {"interview": interview, "values": values, "event": event, "left": left}
    return operation(runner, interview_record.keep_event, arguments, on_done=on_done, on_failed=on_failed)


def sign_statement(runner: Runner, form: SigningForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Written`."""
    return operation(runner, interview_record.sign_statement, {"form": form}, on_done=on_done, on_failed=on_failed)


def make_statement(runner: Runner, form: StatementForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StatementMade`."""
    return operation(runner, interview_statement.make_statement, {"form": form}, on_done=on_done, on_failed=on_failed)


def what_can_go(
    runner: Runner, interview: StreamId, entry: RecordId, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `FlowPage`."""
    arguments = {"interview": interview, "entry": entry}
    return operation(runner, interview_flow.what_can_go, arguments, on_done=on_done, on_failed=on_failed)


def put_into_case(runner: Runner, form: FlowForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PutIn`."""
    return operation(runner, interview_flow.put_into_case, {"form": form}, on_done=on_done, on_failed=on_failed)


def record_interview_offer(
    runner: Runner, case: RecordId, said: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """`said` has offered_at, answer, words and party. Answers with `StepRecorded`."""
    arguments = {"case": case, **said}
    return operation(runner, officers.record_interview_offer, arguments, on_done=on_done, on_failed=on_failed)


def record_officer_wish(runner: Runner, form: OfficerForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StepRecorded`."""
    return operation(runner, officers.record_officer_wish, {"form": form}, on_done=on_done, on_failed=on_failed)


def what_i_can_meet(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with what this person said they can meet, a frozenset of codes."""
    return operation(runner, officers.what_i_can_meet, {}, on_done=on_done, on_failed=on_failed)


def say_what_i_can_meet(
    runner: Runner, can_meet: frozenset[str], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `StepRecorded`."""
    arguments = {"can_meet": can_meet}
    return operation(runner, officers.say_what_i_can_meet, arguments, on_done=on_done, on_failed=on_failed)
