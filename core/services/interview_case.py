"""To which case a private interview belongs, without opening it (policy 4.31)."""

from __future__ import annotations

from typing import Any

from core.domain.case import Case
from core.domain.confidential import CompartmentStub
from core.foundation.ids import RecordId, StreamId
from core.services.workspace import Workspace
from core.store.store import table_of

LABEL = "Private interview, case "
"""Before the reference of the case, in what is told of an interview that is shut."""


def stub_of(interview: StreamId) -> Any:
    """The condition that finds what readers of the case see of an interview."""
    return table_of(CompartmentStub).c.compartment == interview


def case_of_interview(workspace: Workspace, interview: StreamId, label: str) -> RecordId | None:
    """By what readers of the case see of it; of one they see nothing of, by the reference in its label.

    None: this person does not hold the case and reads the interview alone.
    """
    stub = next(iter(workspace.store.select(CompartmentStub, stub_of(interview))), None)
    if stub is not None and stub.case is not None:
        return stub.case
    found = workspace.store.select(Case, table_of(Case).c.reference == label.removeprefix(LABEL))
    return next((case.id for case in found), None)
