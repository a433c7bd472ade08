"""Seeing every pack, proposing a change of one, and agreeing to it as the second person (policy 2.1, 7.1).

A change is a record of the organisation: it travels with the exchange, and every laptop folds it in alike. A case keeps
the versions that were in force when it was opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from core.domain.agencies import Agency
from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.packs import KEPT_BY_CASES, PACKS, PackChange, PackChangeAgreed, RulesAtOpening
from core.foundation.errors import FileUnreadable, FormIncomplete, NotAllowed, PolicyPackInvalid
from core.foundation.ids import RecordId, UserId
from core.policy.agency_list import parse_agencies
from core.policy.calendar import parse_calendar
from core.policy.pack_versions import (
    Changeable,
    PackEdit,
    as_value,
    changeable,
    differences,
    fingerprint,
    needs_second_person,
    refuse_other,
    with_edit,
)
from core.policy.rows import problems_of
from core.services.access import names_of
from core.services.agencies import agencies_of
from core.services.forms import Problems
from core.services.pack_edits import edit_from, words_of
from core.services.packs import AGENCY_LIST, CHECKS, kind_of_pack, shipped_text
from core.services.roster import roster_in, roster_of
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.vaults import settle_packs
from core.services.workspace import Workspace
from core.store.store import table_of
from core.store.unit import WriteUnit
from core.sync.engine.roster import WRITING_ROLES

MOST_PACK_BYTES = 1_000_000
WHOLE = "The whole pack"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in words. `state`: "in force", "from then on", "waits", "refused" or "set aside"."""

    change: RecordId
    pack: str
    what: str
    instead: str
    from_on: date | None
    reason: str
    by: str
    proposed_at: datetime | None
    said: tuple[str, ...]
    state: str
    why: tuple[str, ...]
    may_agree: bool


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack as it is in force today. `values` may be changed one at a time; `changes` newest first."""

    pack: str
    name: str
    version: str
    values: tuple[Changeable, ...]
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class PackFile:
    """What was found in a file: which pack, everything that is wrong, and what would change."""

    pack: str
    name: str
    problems: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackChanged:
    """A change was proposed, or something was said to one. `waits`: a second person has to agree first."""

    change: RecordId
    waits: bool
    changed: Changed


@dataclass(frozen=True, slots=True)
class AgenciesBroughtIn:
    """How many agencies are new in the directory; nobody has checked them yet."""

    count: int
    changed: Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """One value of a pack, as it was typed."""

    pack: str
    path: str
    typed: str
    from_on: date | None
    reason: str


def packs_now(workspace: Workspace) -> tuple[PackRow, ...]:
    """Every pack, its version today, and every change of it."""
    changes = _rows(workspace)
    found = []
    for pack, name in PACKS.items():
        version = workspace.shelf.version(pack, workspace.today)
        mine = tuple(row for row in changes if row.pack == pack)
        found.append(PackRow(pack, name, version.words, changeable(version.text), mine))
    return tuple(found)


def check_pack_text(text: str, *, name: str) -> PackFile:
    """What is in the text of a pack. `name`: of which policy the shipped pack is compared with.

    Nothing is raised for what is wrong in it: every wrong row is a sentence of `problems`.
    """
    try:
        pack = kind_of_pack(text)
        if pack == AGENCY_LIST:
            return PackFile(pack, "Agencies", (), tuple(one.name for one in parse_agencies(text)))
    except PolicyPackInvalid as problem:
        listed = f'"{AGENCY_LIST}"' in text
        return PackFile(AGENCY_LIST if listed else "", "Agencies" if listed else "", problems_of(problem), ())
    try:
        CHECKS[pack](text)
        refuse_other(pack, shipped_text(pack, name), text)
    except PolicyPackInvalid as problem:
        return PackFile(pack, PACKS[pack], problems_of(problem), ())
    return PackFile(pack, PACKS[pack], (), differences(shipped_text(pack, name), text))


def look_at_pack_file(workspace: Workspace, *, path: Path) -> PackFile:
    """What a file would change against what is in force today, or every row of it that is wrong.

    Raises:
        FileUnreadable: missing, not permitted, too large, or no text.
    """
    text = read_pack_file(path)
    found = check_pack_text(text, name=workspace.shelf.name)
    if found.pack == AGENCY_LIST and not found.problems:
        here = {row.agency.name.casefold() for row in agencies_of(workspace)}
        return replace(found, differs=tuple(f"{name} is new." for name in found.differs if name.casefold() not in here))
    if found.problems:
        return found
    taken = workspace.shelf.why_not_number(found.pack, text)
    if taken:
        return replace(found, problems=(taken,))
    return replace(found, differs=differences(workspace.shelf.version(found.pack, workspace.today).text, text))


def read_pack_file(path: Path) -> str:
    """The text of a file somebody chose.

    Raises:
        FileUnreadable: missing, not permitted, too large, or no text.
    """
    try:
        data = path.read_bytes()[: MOST_PACK_BYTES + 1]
        if len(data) > MOST_PACK_BYTES:
            raise FileUnreadable(path=str(path), reason="it is too large for a pack")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(path=str(path), reason="it cannot be read as text") from error


def change_value(workspace: Workspace, *, form: ChangeForm) -> PackChanged:
    """Propose another value in a pack from a day on; what was opened before keeps the old one.

    Raises:
        FormIncomplete: no reason, no day, or the pack would not be whole any more; every sentence is named.
        NotAllowed: only an administrator may.
    """
    problems = Problems()
    problems.need(form.pack in PACKS, "pack", "Choose which pack.")
    problems.settle()
    text = workspace.shelf.version(form.pack, max(workspace.today, form.from_on or workspace.today)).text
    now = {one.path: one for one in changeable(text)}
    problems.need(form.path in now, "which", "Choose what changes.")
    problems.settle()
    try:
        value = as_value(now[form.path].now, form.typed)
        CHECKS[form.pack](with_edit(text, PackEdit(id=b"", pack=form.pack, path=form.path, value=value)))
    except PolicyPackInvalid as problem:
        raise FormIncomplete(problems={"typed": " ".join(_sentence(one) for one in problems_of(problem))}) from problem
    return _propose(workspace, form.pack, form.from_on, form.reason, path=form.path, value=value)


def add_holiday(workspace: Workspace, *, day: date | None, name: str, reason: str) -> PackChanged:
    """Propose one more bank holiday; deadlines over it move once it counts.

    Raises:
        FormIncomplete: no day, no name or no reason, a day that has passed or is one already, or in a year of which the
            list says nothing yet.
        NotAllowed: only an administrator may.
    """
    problems = Problems()
    problems.need(day, "day", "Enter the day.")
    problems.need(name.strip(), "name", "Say which holiday it is, as in “Coronation of the King”.")
    problems.need(day is None or day >= workspace.today, "day", "A change never reaches back. Enter a day ahead.")
    version = workspace.shelf.version("holidays", workspace.today)
    there = parse_calendar(version.text).names.get(day, "") if day else ""
    problems.need(not there, "day", f"This is a bank holiday already: {there}.")
    problems.settle()
    path, value = f"days/{day}", json.dumps(name.strip(), ensure_ascii=False)
    try:
        CHECKS["holidays"](with_edit(version.text, PackEdit(id=b"", pack="holidays", path=path, value=value)))
    except PolicyPackInvalid as problem:
        raise FormIncomplete(problems={"day": " ".join(_sentence(one) for one in problems_of(problem))}) from problem
    return _propose(workspace, "holidays", workspace.today, reason, path=path, value=value)


def import_pack(workspace: Workspace, *, path: Path, from_on: date | None, reason: str) -> PackChanged:
    """Propose a whole pack from a file from a day on.

    Raises:
        FormIncomplete: no reason, no day, or rows that are wrong, every one of them named.
        FileUnreadable: missing, not permitted, too large, or no text.
        NotAllowed: only an administrator may.
    """
    text = read_pack_file(path)
    found = look_at_pack_file(workspace, path=path)
    if found.problems:
        raise FormIncomplete(problems={"path": " ".join(_sentence(one) for one in found.problems)})
    if found.pack == AGENCY_LIST:
        raise FormIncomplete(problems={"path": "This is a list of agencies. Bring it in with the other button."})
    if not found.differs:
        raise FormIncomplete(problems={"path": "This is the pack that is in force. Nothing would change."})
    return _propose(workspace, found.pack, from_on, reason, body=text)


def bring_in_agencies(workspace: Workspace, *, path: Path) -> AgenciesBroughtIn:
    """Put every agency of a file into the directory that is not in it yet (policy 4.14).

    Raises:
        FormIncomplete: it is no such list, or rows are wrong, every one of them named.
        FileUnreadable: missing, not permitted, too large, or no text.
        NotAllowed: this person only reads.
    """
    text = read_pack_file(path)
    found = check_pack_text(text, name=workspace.shelf.name)
    problems = found.problems or (() if found.pack == AGENCY_LIST else ("this is no list of agencies",))
    if problems:
        raise FormIncomplete(problems={"path": " ".join(_sentence(one) for one in problems)})
    here = {row.agency.name.casefold() for row in agencies_of(workspace)}
    new = [one for one in parse_agencies(text) if one.name.casefold() not in here]
    if not new:
        raise FormIncomplete(problems={"path": "Every agency of this file is in the directory already."})
    with workspace.store.unit("bring-in-agencies") as (unit, outcome):
        if not _writes(unit, workspace):
            raise NotAllowed()
        for one in new:
            unit.create(
                Agency, workspace.organisation_stream, name=one.name, sort=one.kind, area=one.area,
                contact=one.contact,
            )  # fmt: skip
    return AgenciesBroughtIn(len(new), outcome.changed)


def answer_change(workspace: Workspace, *, change: RecordId, agrees: bool | None) -> PackChanged:
    """Agree to a change of a pack as the second person, or refuse it.

    Raises:
        NotAllowed: this person proposed it, or only reads.
        FormIncomplete: nothing was said.
    """
    found = workspace.store.get(PackChange, change)
    problems = Problems()
    problems.need(agrees is not None, "agrees", "Say whether you agree.")
    problems.settle()
    with workspace.store.unit("answer-pack-change") as (unit, outcome):
        if not _writes(unit, workspace) or found.proposed_by == workspace.user:
            raise NotAllowed()
        unit.create(
            PackChangeAgreed, workspace.organisation_stream, change=change, fingerprint=fingerprint(edit_from(found)),
            agrees=agrees, said_at=workspace.parts.clock.now(), said_by=workspace.user,
        )  # fmt: skip
    settle_packs(workspace)
    return PackChanged(change, False, outcome.changed)


def keep_rules(unit: WriteUnit, workspace: Workspace, *, case: RecordId) -> None:
    """Write down in a new case which version of every pack holds now (policy 2.1)."""
    words = {pack: workspace.shelf.version(pack, workspace.today).words for pack in KEPT_BY_CASES}
    stream = unit.stream_of(Case, case)
    unit.create(RulesAtOpening, stream, case=case, at=workspace.parts.clock.now(), **words)


def _propose(
    workspace: Workspace, pack: str, from_on: date | None, reason: str, *, path: str = "", value: str = "",
    body: str = "",
) -> PackChanged:  # fmt: skip
    problems = Problems()
    problems.need(reason.strip(), "reason", "Say why it changes, and who decided it.")
    problems.need(from_on, "from_on", "Enter the day from which it holds.")
    ahead = from_on is None or from_on >= workspace.today
    problems.need(ahead, "from_on", "A change never reaches back. Enter today or a day ahead.")
    problems.settle()
    rule = workspace.pack.changing.second_person
    with workspace.store.unit("change-pack") as (unit, outcome):
        roster = roster_in(unit, workspace)
        if not roster.is_administrator(workspace.user):
            raise NotAllowed()
        others = sum(roster.role_of(user) in WRITING_ROLES for user in roster.users if user != workspace.user)
        alone = not needs_second_person(rule, others)
        change = unit.create(
            PackChange, workspace.organisation_stream, pack=pack, path=path, value=value, body=body, from_on=from_on,
            reason=reason.strip(), proposed_at=workspace.parts.clock.now(), proposed_by=workspace.user, alone=alone,
        )  # fmt: skip
    settle_packs(workspace)
    return PackChanged(change, not alone, outcome.changed)


def _writes(unit: WriteUnit, workspace: Workspace) -> bool:
    return roster_in(unit, workspace).role_of(workspace.user) in WRITING_ROLES


def _rows(workspace: Workspace) -> tuple[ChangeRow, ...]:
    names, said = names_of(workspace), words_of(workspace.store)
    edits = {edit.id: edit for edit in workspace.shelf.edits}
    writes = roster_of(workspace).role_of(workspace.user) in WRITING_ROLES
    found = []
    for change in workspace.store.select(PackChange, order_by=(table_of(PackChange).c.created_hlc.desc(),)):
        edit = edits.get(change.id) or edit_from(change)
        words = said.get(change.id, {})
        state, why = _state(workspace, edit, [agrees for agrees, _, _ in words.values()])
        told = tuple(
            f"{names.get(UserId(user), '')} {'agreed' if agrees else 'refused'}"
            for user, (agrees, _, _) in words.items()
        )
        mine = change.proposed_by == workspace.user or workspace.user in words
        found.append(
            ChangeRow(
                change.id,
                change.pack,
                _what(change),
                _instead(change),
                change.from_on,
                change.reason,
                names.get(UserId(change.proposed_by), ""),
                change.proposed_at,
                told,
                state,
                why,
                may_agree=writes and not mine and state == "waits",
            )
        )
    return tuple(found)


def _state(workspace: Workspace, edit: PackEdit, said: list[bool]) -> tuple[str, tuple[str, ...]]:
    if edit.in_force_from is None:
        return ("refused" if False in said else "waits"), ()
    if edit.in_force_from > workspace.today:
        return "from then on", ()
    version = workspace.shelf.version(edit.pack, workspace.today)
    aside = next((one for one in version.set_aside if one.edit.id == edit.id), None)
    return ("set aside", aside.why) if aside else ("in force", ())


def _instead(change: PackChange) -> str:
    if not change.path:
        return f"{len(change.body):,} letters"
    return change.value[1:-1] if change.path.startswith("days/") else change.value


def _what(change: PackChange) -> str:
    if change.path.startswith("days/"):
        return f"Bank holiday on {change.path.removeprefix('days/')}"
    return ", ".join(change.path.replace("_", " ").replace("-", " ").split("/")).capitalize() if change.path else WHOLE


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "."


RULES_KEPT = "The rules of the day are kept with this case"


def _tell_rules(one: RulesAtOpening, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    said = f"Policy: {one.policy}. Powers: {one.legal}. Questions about risk: {one.risk}."
    yield entry(one, one.at, RULES_KEPT, "", "They stay the same for this case, whatever changes later.", detail=said)


TELLERS: dict[str, Teller] = {RulesAtOpening.SPEC.name: _tell_rules}
