"""Trying a place before relying on it: write, list, read and remove one small file, and say in words what works."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from core.foundation.errors import FormIncomplete, GoneFromFolder, SharedFolderError
from core.foundation.ports import Clock, Progress, Randomness, no_progress
from core.sync.engine.envelope import name_of
from core.sync.transports.names import ROOT_NAME
from core.sync.transports.opening import Transport, open_place
from core.sync.transports.places import Place, problems_of, tidy

PROBE_BYTES = 1024
STEPS = 5


@dataclass(frozen=True, slots=True)
class TriedStep:
    """One thing that was tried. `sentence`: what was found, for a person."""

    works: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class PlaceTried:
    """What a place can do. `works`: all that the exchange needs."""

    steps: tuple[TriedStep, ...]

    @property
    def works(self) -> bool:
        """Whether every step did."""
        return all(step.works for step in self.steps)


def try_place(*, place: Place, clock: Clock, randomness: Randomness, progress: Progress = no_progress) -> PlaceTried:
    """Try everything the exchange will ask of a place, and clear up. What does not work is told, not raised.

    Raises:
        FormIncomplete: a field is missing or cannot be right; nothing was asked of the place.
    """
    wanted = tidy(place)
    problems = problems_of(wanted)
    if problems:
        raise FormIncomplete(problems=problems)
    data = randomness.bytes(PROBE_BYTES)
    name = f"{ROOT_NAME}/{clock.now():%Y-%m}/{name_of(data)}"
    steps: list[TriedStep] = []
    try:
        transport = open_place(wanted, randomness=randomness)
        try:
            _steps(transport, name, data, steps, progress)
        finally:
            with contextlib.suppress(SharedFolderError):
                transport.delete(name)
    except SharedFolderError as error:
        said = error.explain()
        steps.append(TriedStep(works=False, sentence=f"{said.happened} {said.next_step}".strip()))
    progress(STEPS, STEPS, "")
    return PlaceTried(tuple(steps))


def _steps(transport: Transport, name: str, data: bytes, steps: list[TriedStep], progress: Progress) -> None:
    def works(sentence: str) -> None:
        steps.append(TriedStep(works=True, sentence=sentence))
        progress(len(steps), STEPS, "Trying the place")

    transport.prepare()
    works("It can be reached.")
    transport.put_if_absent(name, data)
    works("A file can be written.")
    listed = any(info.name == name for info in transport.list(name.rpartition("/")[0]))
    works("It is listed." if listed else "It is not listed yet. Some stores need a moment; that does no harm.")
    if transport.get(name, 2 * PROBE_BYTES) != data:
        raise SharedFolderError(reason="what was written came back changed")
    works("It comes back as it was written.")
    transport.delete(name)
    try:
        transport.get(name, 2 * PROBE_BYTES)
    except GoneFromFolder:
        works("It can be removed again.")
    else:
        works("It is removed and still shown. Some stores need a moment; that does no harm.")
