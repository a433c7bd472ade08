"""Offices, training, copies, reviews and prevention, the packs, and what somebody is connected with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from core.foundation.ids import RecordId
from core.services import governance, governance_page, out_of_hours, out_of_hours_card, pack_changes, policy_copies
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""Name of an argument of the service -> what was said."""


def read_organisation(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `OrganisationPage`."""
    return operation(runner, governance_page.read_organisation, {}, on_done=on_done, on_failed=on_failed)


def organisation_reminders(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of sentences."""
    return operation(runner, governance_page.organisation_reminders, {}, on_done=on_done, on_failed=on_failed)


def own_training_warning(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a sentence, or an empty one."""
    return operation(runner, governance_page.own_training_warning, {}, on_done=on_done, on_failed=on_failed)


def give_office(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Kept`."""
    return operation(runner, governance.give_office, said, on_done=on_done, on_failed=on_failed)


def leave_office(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Kept`."""
    return operation(runner, governance.leave_office, said, on_done=on_done, on_failed=on_failed)


def note_training(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Kept`."""
    return operation(runner, governance.note_training, said, on_done=on_done, on_failed=on_failed)


def ask_for_copy(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: form. Answers with `Kept`."""
    return operation(runner, governance.ask_for_copy, said, on_done=on_done, on_failed=on_failed)


def copy_given(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: form. Answers with `Kept`."""
    return operation(runner, governance.copy_given, said, on_done=on_done, on_failed=on_failed)


def make_policy_copy(
    runner: Runner, *, copy: RecordId, path: Path, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `CopyMade`."""
    arguments = {"copy": copy, "path": path}
    return operation(runner, policy_copies.make_policy_copy, arguments, on_done=on_done, on_failed=on_failed)


def use_policy_text(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Kept`."""
    return operation(runner, policy_copies.use_policy_text, said, on_done=on_done, on_failed=on_failed)


def note_policy_event(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: form. Answers with `Kept`."""
    return operation(runner, governance.note_policy_event, said, on_done=on_done, on_failed=on_failed)


def note_prevention(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: form. Answers with `Kept`."""
    return operation(runner, governance.note_prevention, said, on_done=on_done, on_failed=on_failed)


def look_at_pack_file(runner: Runner, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PackFile`."""
    return operation(runner, pack_changes.look_at_pack_file, {"path": path}, on_done=on_done, on_failed=on_failed)


def add_holiday(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PackChanged`."""
    return operation(runner, pack_changes.add_holiday, said, on_done=on_done, on_failed=on_failed)


def change_value(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: form. Answers with `PackChanged`."""
    return operation(runner, pack_changes.change_value, said, on_done=on_done, on_failed=on_failed)


def import_pack(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PackChanged`."""
    return operation(runner, pack_changes.import_pack, said, on_done=on_done, on_failed=on_failed)


def bring_in_agencies(runner: Runner, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `AgenciesBroughtIn`."""
    return operation(runner, pack_changes.bring_in_agencies, {"path": path}, on_done=on_done, on_failed=on_failed)


def answer_change(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PackChanged`."""
    return operation(runner, pack_changes.answer_change, said, on_done=on_done, on_failed=on_failed)


def take_phone(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: form. Answers with `ShiftKept`."""
    return operation(runner, out_of_hours.take_phone, said, on_done=on_done, on_failed=on_failed)


def leave_phone(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: shift. Answers with `ShiftKept`."""
    return operation(runner, out_of_hours.leave_phone, said, on_done=on_done, on_failed=on_failed)


def on_call_tonight(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `OnCall`."""
    return operation(runner, out_of_hours.on_call_tonight, {}, on_done=on_done, on_failed=on_failed)


def received_when(runner: Runner, at: datetime, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `ReceivedWhen`."""
    return operation(runner, out_of_hours.received_when, {"at": at}, on_done=on_done, on_failed=on_failed)


def make_card(runner: Runner, said: Said, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """`said`: path, language, letter_format. Answers with `CardMade`."""
    return operation(runner, out_of_hours_card.make_card, said, on_done=on_done, on_failed=on_failed)
