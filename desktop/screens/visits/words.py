"""How doors and rounds are said. Nothing here names a case or a reason: it is read over shoulders. Pure."""

from __future__ import annotations

from core.domain.doors import VISIT_OUTCOMES
from core.services.visits import DoorNow, Progress
from desktop.screens.words import count_words

OUTCOMES = tuple(VISIT_OUTCOMES.items())
"""What can come of a knock, in the order offered."""

LEAVE_A_CARD = "Nobody answered {times}. Leave a card, or send a letter."


def door_words(door: DoorNow) -> str:
    """How one door stands, for the list."""
    if door.left_out:
        return "Do not visit"
    if not door.outcome:
        return "Not yet"
    if door.outcome == "no-answer" and door.no_answers > 1:
        return f"No answer, {count_words(door.no_answers, 'time', 'times')}"
    return VISIT_OUTCOMES.get(door.outcome, door.outcome)


def progress_words(progress: Progress) -> str:
    """ "12 of 46 doors done, 3 no answer, 31 to go."."""
    parts = [f"{progress.done} of {count_words(progress.doors, 'door', 'doors')} done"]
    if progress.no_answer:
        parts.append(f"{progress.no_answer} no answer")
    parts.append(f"{progress.to_go} to go")
    return ", ".join(parts) + "."


def tip_words(door: DoorNow) -> str:
    """What to do about a door nobody answers; empty if nothing."""
    return LEAVE_A_CARD.format(times=count_words(door.no_answers, "time", "times")) if door.leave_card else ""
