"""The pages that the chapters of the casework add: one module a chapter, each with its `STEPS`."""

from __future__ import annotations

from desktop.screens.step.chapters import (
    agencies,
    doors,
    enforcement,
    intake,
    keeping,
    letters,
    monitoring,
    plan,
    risk,
    safety,
)
from desktop.screens.step.declare import Step

CHAPTER_STEPS: tuple[Step, ...] = (
    *intake.STEPS, *risk.STEPS, *plan.STEPS, *doors.STEPS, *enforcement.STEPS, *agencies.STEPS, *safety.STEPS,
    *keeping.STEPS, *letters.STEPS, *monitoring.STEPS,
)  # fmt: skip
