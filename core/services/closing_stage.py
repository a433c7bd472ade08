"""The stage of a case as its records show it, kept beside them so that lists can be filtered by it (policy 4.29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.domain.case import Case, Closure
from core.domain.declare import Record
from core.foundation.ids import RecordId
from core.policy.closing import closure_next
from core.policy.duties import CaseFacts
from core.services.workspace import Workspace
from core.store.unit import WriteUnit

_DRAFT = RecordId(bytes(16))


def facts_with(
    facts: CaseFacts, kind: type[Record], values: Mapping[str, object], *, record: RecordId = _DRAFT
) -> CaseFacts:
    """The facts as they will be once this record is written, or has these values (`record`: which one it is)."""
    made = kind(id=record, stream=facts.case.stream, **values)
    if isinstance(made, Closure):
        return replace(facts, closures=(*(one for one in facts.closures if one.id != record), made))
    kept = tuple(one for one in facts.more.get(kind.SPEC.name, ()) if one.id != record)
    return replace(facts, more={**facts.more, kind.SPEC.name: (*kept, made)})


def values_of(record: Record, **changes: object) -> dict[str, object]:
    """Every field of a record, some of them changed."""
    return {**{name: getattr(record, name) for name in record.SPEC.fields}, **changes}


def settle_stage(unit: WriteUnit, workspace: Workspace, facts: CaseFacts) -> None:
    """Write the stage the records show, where the case says another."""
    stage = closure_next(facts, workspace.setting_of(facts)).stage
    if stage != facts.case.stage:
        unit.update(Case, facts.case.id, stage=stage)
