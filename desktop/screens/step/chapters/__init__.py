"""The pages that the chapters of the casework add: one module a chapter, each with its `STEPS`."""

from __future__ import annotations

from desktop.screens.step.chapters import (
    agencies,
    appeals,
    closing,
    doors,
    enforcement,
    intake,
    keeping,
    letters,
    monitoring,
    needs,
    officer,
    plan,
    risk,
    safety,
    second_person,
    survey,
)
from desktop.screens.step.declare import Step

CHAPTER_STEPS: tuple[Step, ...] = (
    *intake.STEPS, *risk.STEPS, *plan.STEPS, *doors.STEPS, *enforcement.STEPS, *agencies.STEPS, *safety.STEPS,
    *closing.STEPS, *appeals.STEPS, *survey.STEPS, *keeping.STEPS, *letters.STEPS, *monitoring.STEPS,
    *needs.STEPS,
    *officer.STEPS, *second_person.STEPS,
)  # fmt: skip
