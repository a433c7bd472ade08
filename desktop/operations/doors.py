"""Warnings, the police, places and graffiti. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from datetime import datetime

from core.foundation.ids import RecordId
from core.services import graffiti as graffiti_services
from core.services import known_places, patrols
from core.services.graffiti import OrderForm
from core.services.known_places import PlaceForm
from core.services.patrols import WarningForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def record_warning(runner: Runner, form: WarningForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Somebody whom it may be was warned."""
    return operation(runner, patrols.record_warning, {"form": form}, on_done=on_done, on_failed=on_failed)


def police_answered(
    runner: Runner, request: RecordId, *, reply: str, replied_at: datetime, reference: str, on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """What the police said."""
    arguments = {"request": request, "reply": reply, "replied_at": replied_at, "reference": reference}
    return operation(runner, patrols.police_answered, arguments, on_done=on_done, on_failed=on_failed)


def ask_police_again(
    runner: Runner, request: RecordId, *, at: datetime, notes: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """The police were asked again."""
    arguments = {"request": request, "at": at, "notes": notes}
    return operation(runner, patrols.ask_police_again, arguments, on_done=on_done, on_failed=on_failed)


def name_place(runner: Runner, form: PlaceForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Where incidents and graffiti were."""
    return operation(runner, known_places.name_place, {"form": form}, on_done=on_done, on_failed=on_failed)


def judge_graffiti(
    runner: Runner, graffiti: RecordId, *, offensive: bool | None, reasons: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Whether graffiti is offensive or discriminatory."""
    arguments = {"graffiti": graffiti, "offensive": offensive, "reasons": reasons}
    return operation(runner, graffiti_services.judge_graffiti, arguments, on_done=on_done, on_failed=on_failed)


def order_removal(runner: Runner, form: OrderForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """A contractor is asked to remove graffiti."""
    return operation(runner, graffiti_services.order_removal, {"form": form}, on_done=on_done, on_failed=on_failed)


def answer_order(
    runner: Runner, order: RecordId, *, came: str, cannot_because: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """What became of an order."""
    arguments = {"order": order, "came": came, "cannot_because": cannot_because}
    return operation(runner, graffiti_services.answer_order, arguments, on_done=on_done, on_failed=on_failed)
