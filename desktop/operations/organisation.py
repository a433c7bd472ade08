"""The organisation and its people: its details, who is in, inviting, letting in."""

from __future__ import annotations

from collections.abc import Mapping

from core.services import organisation as services
from core.services.roster_news import news_of_roster
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def organisation(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Organisation`."""
    return operation(runner, services.organisation, {}, on_done=on_done, on_failed=on_failed)


def update_organisation(
    runner: Runner, details: Mapping[str, str], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """`details`: field name -> text. Answers with `OrganisationUpdated`."""
    return operation(runner, services.update_organisation, dict(details), on_done=on_done, on_failed=on_failed)


def members(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `MemberRow`."""
    return operation(runner, services.members, {}, on_done=on_done, on_failed=on_failed)


def roster_news(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `RosterNews`: how old the newest news of an administrator is."""
    return operation(runner, news_of_roster, {}, on_done=on_done, on_failed=on_failed)


def invite(runner: Runner, *, role: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `InvitationIssued`."""
    return operation(runner, services.invite, {"role": role}, on_done=on_done, on_failed=on_failed)


def waiting_requests(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `JoinRequest`."""
    return operation(runner, services.waiting_requests, {}, on_done=on_done, on_failed=on_failed)


def admit(runner: Runner, request: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Admitted`. They hear of it with the next sync."""
    return operation(runner, services.admit, {"request": request}, on_done=on_done, on_failed=on_failed)
