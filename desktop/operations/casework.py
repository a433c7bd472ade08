"""The steps of a case after the report. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from core.foundation.ids import RecordId, UserId
from core.services import casework as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """When graffiti was gone, with the photographs before and after, or why there is none from before."""

    removed_at: datetime
    photo_before: RecordId | None = None
    no_photo_because: str = ""
    photo_after: RecordId | None = None


def report_graffiti(
    runner: Runner, case: RecordId, *, place: str, notified_at: datetime, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Graffiti was reported at one more place."""
    arguments = {"case": case, "place": place, "notified_at": notified_at}
    return operation(runner, services.report_graffiti, arguments, on_done=on_done, on_failed=on_failed)


def mark_graffiti_removed(
    runner: Runner, graffiti: RecordId, removal: Removal, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """The graffiti is gone."""
    arguments = {"graffiti": graffiti, **asdict(removal)}
    return operation(runner, services.mark_graffiti_removed, arguments, on_done=on_done, on_failed=on_failed)


def ask_police(
    runner: Runner, case: RecordId, *, asked_of: str, reference: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """The police were asked to be seen more."""
    arguments = {"case": case, "asked_of": asked_of, "reference": reference}
    return operation(runner, services.ask_police, arguments, on_done=on_done, on_failed=on_failed)


def tell_association(
    runner: Runner, case: RecordId, *, sent_to: str, words: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """The tenants' association was asked to pass it on."""
    arguments = {"case": case, "sent_to": sent_to, "words": words}
    return operation(runner, services.tell_association, arguments, on_done=on_done, on_failed=on_failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How a case continues, and why. `second_person`: who agreed; `person_told` None: not asked."""

    handling: str
    reasons: str
    evidence: str = ""
    second_person: UserId | None = None
    person_told: bool | None = None


def judge_handling(
    runner: Runner, case: RecordId, decision: Decision, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Decide how the case continues."""
    arguments = {"case": case, **asdict(decision)}
    return operation(runner, services.judge_handling, arguments, on_done=on_done, on_failed=on_failed)
