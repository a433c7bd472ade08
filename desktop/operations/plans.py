"""Wishes, support and action plans. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.ids import RecordId
from core.services import formats
from core.services import plans as services
from core.services.plans import ActionForm, PlanForm, WishForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def record_wish(runner: Runner, form: WishForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What the person wants."""
    return operation(runner, services.record_wish, {"form": form}, on_done=on_done, on_failed=on_failed)


def act_against_wish(
    runner: Runner, case: RecordId, said: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """What goes before what the person wants."""
    return operation(runner, services.act_against_wish, {"case": case, **said}, on_done=on_done, on_failed=on_failed)


def offer_support(
    runner: Runner, case: RecordId, *, what: str, details: str, answer: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Support was offered."""
    arguments = {"case": case, "what": what, "details": details, "answer": answer}
    return operation(runner, services.offer_support, arguments, on_done=on_done, on_failed=on_failed)


def answer_offer(runner: Runner, offer: RecordId, *, answer: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """What the person said to an offer."""
    arguments = {"offer": offer, "answer": answer}
    return operation(runner, services.answer_offer, arguments, on_done=on_done, on_failed=on_failed)


def agree_plan(runner: Runner, form: PlanForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """A new version of a plan."""
    return operation(runner, services.agree_plan, {"form": form}, on_done=on_done, on_failed=on_failed)


def add_action(runner: Runner, form: ActionForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """One more agreed action."""
    return operation(runner, services.add_action, {"form": form}, on_done=on_done, on_failed=on_failed)


def finish_action(
    runner: Runner, action: RecordId, *, not_done_because: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """An agreed action was done, or will not be."""
    arguments = {"action": action, "not_done_because": not_done_because}
    return operation(runner, services.finish_action, arguments, on_done=on_done, on_failed=on_failed)


def give_copy(runner: Runner, plan: RecordId, *, copy_format: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """A copy of the plan was given."""
    arguments = {"plan": plan, "copy_format": copy_format}
    return operation(runner, services.give_copy, arguments, on_done=on_done, on_failed=on_failed)


def note_needs(runner: Runner, said: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver) -> Job:
    """The format and language somebody needs; `said`: name of an argument -> value."""
    return operation(runner, formats.note_needs, said, on_done=on_done, on_failed=on_failed)
