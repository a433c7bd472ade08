"""The pages that the chapters of the casework add: one module a chapter, each with its `STEPS`."""

from __future__ import annotations

from desktop.screens.step.chapters import keeping, plan
from desktop.screens.step.declare import Step

CHAPTER_STEPS: tuple[Step, ...] = (*plan.STEPS, *keeping.STEPS)
