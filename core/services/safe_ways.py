"""Safe ways to reach the person, asked again: they change, and an old answer can put somebody at risk."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.domain.case import Case, Party, SafeContact
from core.foundation.ids import RecordId
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.report_form import check_ways
from core.services.workspace import Workspace
from core.store.store import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeWaysForm:
    """What one person says now. It takes the place of what they said before; what others of the case said stays."""

    case: RecordId
    safe_ways: frozenset[str] = field(default_factory=frozenset)
    unsafe_ways: frozenset[str] = field(default_factory=frozenset)
    times: str = ""
    if_someone_else_answers: str = ""
    party: RecordId | None = None
    code_word: str = ""
    seen_by_others: frozenset[str] = field(default_factory=frozenset)


def check_safe_ways(workspace: Workspace, *, form: SafeWaysForm) -> StepRecorded:
    """Write down that safe ways were asked about just now, and what the answer was.

    Raises:
        FormIncomplete: nothing was answered, or a way is both safe and not.
        NotFound: there is no such case in this vault.
    """
    problems = Problems()
    answered = form.safe_ways or form.unsafe_ways or form.seen_by_others
    problems.need(answered, "safe_ways", "Choose at least one way that is safe, or never safe.")
    check_ways(problems, form.safe_ways, form.unsafe_ways, form.seen_by_others)
    problems.settle()
    found = workspace.store.get(Case, form.case)
    table = table_of(SafeContact)
    every = workspace.store.select(SafeContact, table.c.case == form.case, order_by=(table.c.changed_hlc,))
    said = [rule for rule in every if form.party in (None, rule.party)]
    values = {
        "safe_ways": form.safe_ways, "unsafe_ways": form.unsafe_ways, "times": form.times,
        "if_someone_else_answers": form.if_someone_else_answers, "checked_at": workspace.parts.clock.now(),
        "checked_by": workspace.user, "code_word": form.code_word, "seen_by_others": form.seen_by_others,
    }  # fmt: skip
    with workspace.store.unit("check-safe-ways") as (unit, outcome):
        if said:
            record = said[-1].id
            unit.update(SafeContact, record, **values)
        else:
            person = form.party or _person(workspace, form.case)
            record = unit.create(SafeContact, found.stream, case=form.case, party=person, **values)
    return StepRecorded(record, outcome.changed)


def _person(workspace: Workspace, case: RecordId) -> RecordId | None:
    parties = workspace.store.select(Party, table_of(Party).c.case == case)
    for role in ("reporter", "harmed"):
        for party in parties:
            if role in party.roles:
                return party.id
    return None
