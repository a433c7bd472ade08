"""The mirror over one case, and over all the cases somebody may read."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.case import CASE_OPEN_STAGES, Case
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.policy.duties import CaseFacts
from core.policy.finding import Finding
from core.policy.mirror import findings, weight_of
from core.services.declarations import shut_among
from core.services.workspace import Workspace
from core.store.contents import contents_of_many
from core.store.store import table_of

BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorRow:
    """One case in the mirror. `mine`: this person leads on it. `weight`: how much there is to mend."""

    case: RecordId
    reference: str
    stage: str
    mine: bool
    weight: int
    findings: tuple[Finding, ...]

    @property
    def to_mend(self) -> tuple[Finding, ...]:
        """What can still be done."""
        return tuple(finding for finding in self.findings if not finding.stays)


def mirror_of(workspace: Workspace, facts: CaseFacts) -> tuple[Finding, ...]:
    """What is missing in one case now, what weighs most first."""
    return findings(facts, workspace.setting_of(facts), workspace.shelf.legal(workspace.today))


def mirror_over_cases(
    workspace: Workspace, *, closed: bool = False, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> tuple[MirrorRow, ...]:
    """Every open case this person may read in which something is missing (closed ones too if asked), most first.

    A case that is still shut for them (policy 4.31) is not in it.

    Raises:
        Cancelled: it was stopped.
    """
    stop = cancel or NeverCancel()
    table = table_of(Case)
    condition = () if closed else (table.c.stage.in_(CASE_OPEN_STAGES),)
    cases = [case.id for case in workspace.store.select(Case, *condition)]
    rows: list[MirrorRow] = []
    for start in range(0, len(cases), BATCH):
        stop.check()
        progress(start, len(cases), "Looking at the cases")
        batch = cases[start : start + BATCH]
        shut = shut_among(workspace, batch)
        with workspace.store.reading() as connection:
            found = contents_of_many(connection, [case for case in batch if case not in shut])
        rows += [_row(workspace, facts) for facts in found]
    rows.sort(key=lambda row: (not row.mine, -row.weight, row.reference, row.case))
    return tuple(row for row in rows if row.findings)


def _row(workspace: Workspace, facts: CaseFacts) -> MirrorRow:
    found = mirror_of(workspace, facts)
    case = facts.case
    return MirrorRow(
        case=case.id, reference=case.reference, stage=case.stage, mine=case.lead == workspace.user,
        weight=weight_of(found), findings=found,
    )  # fmt: skip
