"""Where in a task of several steps a person is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.theme import Tone
from desktop.widgets.flow import Flow
from desktop.widgets.tags import Tag


class StepBar(Flow):
    """ "1 Area, 2 Letter, 3 Check ...": done, now, to come, in words as well as colour."""

    def __init__(self, names: Sequence[str], *, parent: QWidget | None = None) -> None:
        super().__init__(gap="small", parent=parent)
        self._names = tuple(names)
        self._tags = [Tag(f"{number} {name}", Tone.NEUTRAL) for number, name in enumerate(names, start=1)]
        for tag in self._tags:
            self.add(tag)
        self.set_step(0)

    def set_step(self, current: int) -> None:
        """`current` counts from 0; the steps before it are done."""
        for number, tag in enumerate(self._tags):
            state = "done" if number < current else "now" if number == current else "to come"
            tone = Tone.OK if number < current else Tone.INFO if number == current else Tone.NEUTRAL
            tag.say(f"{number + 1} {self._names[number]}", tone)
            tag.setAccessibleName(f"Step {number + 1}, {self._names[number]}: {state}")
        self.setAccessibleName(f"Step {current + 1} of {len(self._names)}: {self._names[current]}")
