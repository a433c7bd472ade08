"""What the steps of closing share: the facts, who is meant, and the stage of a case as its records show it (4.29).

The stage is kept beside the records so that lists can be filtered by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.domain.case import Case, Closure
from core.domain.declare import Record
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId
from core.policy.closing import closure_next
from core.policy.duties import CaseFacts
from core.policy.talks import OTHER_SIDE, party_of, people_to_tell
from core.services.contents import contents_of
from core.services.workspace import Workspace
from core.store.contents import CaseContents
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


def facts_of(workspace: Workspace, case: RecordId | None) -> CaseContents:
    """The facts of the case a record belongs to.

    Raises:
        NotFound: it belongs to none that is in this vault.
    """
    if case is None:
        raise NotFound(what="case")
    return contents_of(workspace, case)


def person_of(facts: CaseFacts, party: RecordId | None) -> RecordId | None:
    """Who is meant: the one named, or the only person there is to tell.

    Raises:
        FormIncomplete: there are several and nobody was named, or the one complained about was.
    """
    people = people_to_tell(facts)
    if party is None and len(people) == 1:
        return people[0]
    other = party_of(facts, party)
    if other is None or OTHER_SIDE in other.roles:
        raise FormIncomplete(problems={"party": "Choose who is meant."})
    return party


def values_of(record: Record, **changes: object) -> dict[str, object]:
    """Every field of a record, some of them changed."""
    return {**{name: getattr(record, name) for name in record.SPEC.fields}, **changes}


def settle_stage(unit: WriteUnit, workspace: Workspace, facts: CaseFacts) -> None:
    """Write the stage the records show, where the case says another."""
    stage = closure_next(facts, workspace.setting_of(facts)).stage
    if stage != facts.case.stage:
        unit.update(Case, facts.case.id, stage=stage)
