"""Weighing, using and ending tools against harassment, and what goes with them (policy 4.6 to 4.10, 4.32)."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.case import Case
from core.domain.enforcement import (
    HOW_IT_ENDED,
    LINKS,
    RIGHTS,
    TENURES,
    Breach,
    CaseLink,
    LandlordRequest,
    Proportionality,
    Publicity,
    RightsAdvice,
    StandingOfPerson,
    ToolUsed,
)
from core.domain.estate import FORMATS
from core.foundation.ids import RecordId
from core.letters.leak_guard import find_leaks, prepare
from core.policy.duties import Setting
from core.policy.enforcement import (
    FACTORS,
    age_for_tools,
    points_to_somebody,
    power_named,
    standing_now,
    weighing_for,
    why_not_use,
)
from core.policy.powers import LegalPack, Offered, parse_legal_pack, powers_for
from core.policy.risk import assessed_before_court, may_mediate
from core.policy.wishes import why_not_approach
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.formats import refuse_standard
from core.services.forms import Problems
from core.services.letter_secrets import secrets_of_case
from core.services.packs import DEFAULT_PACK, shipped_text
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.store.contents import CaseContents

MEDIATION = "mediation"
NO_MEDIATION = "The risk is high, or this is about domestic abuse."
ASK_THE_COURT = frozenset({"injunction", "respect-order", "possession-secure", "possession-assured", "notice-to-quit"})
"""Tools for which the person complained about is assessed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolForm:
    """One tool used against one person. `approached_although`: why, if the person harmed did not want it."""

    case: RecordId
    power: str
    authority: str
    party: RecordId | None = None
    served_on: date | None = None
    conditions: str = ""
    expires_on: date | None = None
    approached_although: str = ""


_SAID_OF = {
    "behaviour": "the behaviour and its effect", "severity": "how severe it was and for how long",
    "age": "the person's age", "vulnerability": "what makes the person vulnerable",
    "residence": "whether the person lives here", "evidence": "the evidence", "wishes": "what the person harmed wants",
}  # fmt: skip


@functools.cache
def shipped_powers() -> LegalPack:
    """The list of powers that comes with the program: for the words of a tool used before its words were kept.

    Raises:
        PolicyPackInvalid: it is missing or damaged.
    """
    return parse_legal_pack(shipped_text("legal", DEFAULT_PACK))


def power_words(tool: ToolUsed) -> str:
    """What a tool was called when it was used."""
    return tool.power_words or _words(tool.power)


def tools_for(pack: LegalPack, contents: CaseContents, party: RecordId | None, on: date) -> tuple[Offered, ...]:
    """Every tool for one person on one day, available or not, and why not (policy 4.8)."""
    standing = standing_now(contents).get(party)
    tenure = standing.tenure if standing else "not-known"
    found = powers_for(pack, on=on, tenure=tenure, age_years=age_for_tools(contents, party))
    if may_mediate(contents):
        return found
    return tuple(Offered(one.power, NO_MEDIATION) if one.power.code == MEDIATION else one for one in found)


def note_standing(
    workspace: Workspace, *, case: RecordId, tenure: str, age_years: int | None = None, landlord: str = "",
    parent: str = "", party: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """What the choice of tools depends on (policy 4.7)."""
    problems = Problems()
    problems.need(tenure in TENURES, "tenure", "Choose whose tenant the person is, or that it is not known.")
    problems.need(age_years is None or 0 <= age_years <= 120, "age_years", "Enter an age in years, from 0 to 120.")
    needs_landlord = tenure != "other-landlord" or landlord.strip()
    problems.need(needs_landlord, "landlord", "Name their landlord.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("note-standing") as (unit, outcome):
        record = unit.create(
            StandingOfPerson, found.stream, case=case, party=party, noted_at=workspace.parts.clock.now(),
            tenure=tenure, age_years=age_years, landlord=landlord, parent=parent,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def weigh(
    workspace: Workspace, *, case: RecordId, tool: str, factors: Mapping[str, str], conclusion: str,
    disability_thought_of: bool | None, party: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """Weigh the seven factors of policy 4.7 before a formal tool.

    Raises:
        FormIncomplete: a factor, the conclusion or the thought of a disability was left out.
    """
    problems = Problems()
    known = power_named(workspace.shelf.legal(workspace.today), tool) is not None
    problems.need(known, "tool", "Choose for which tool.")
    for name in FACTORS:
        problems.need(factors.get(name, "").strip(), name, f"Write about {_SAID_OF[name]}, also that nothing is known.")
    thought = "Say whether the behaviour has to do with a disability."
    problems.need(disability_thought_of is not None, "disability_thought_of", thought)
    problems.need(conclusion.strip(), "conclusion", "Say what you conclude.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("weigh") as (unit, outcome):
        record = unit.create(
            Proportionality, found.stream, case=case, party=party, weighed_at=workspace.parts.clock.now(),
            weighed_by=workspace.user, tool=tool, disability_thought_of=disability_thought_of, conclusion=conclusion,
            **{name: factors[name] for name in FACTORS},
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def use_tool(workspace: Workspace, *, form: ToolForm) -> StepRecorded:
    """Use a tool against one person (policy 4.8).

    Raises:
        FormIncomplete: it is not available for this person today, nobody weighed it, a child's parent is not named, the
            person was not assessed before a court is asked, or it goes against what the person harmed wants.
    """
    contents = contents_of(workspace, form.case)
    now = workspace.parts.clock.now()
    today = now.astimezone(workspace.pack.zone).date()
    pack = workspace.shelf.legal(today)
    power = power_named(pack, form.power)
    problems = Problems()
    problems.need(power is not None, "power", "Choose what is done.")
    problems.settle()
    assert power is not None
    offered = next(one for one in tools_for(pack, contents, form.party, today) if one.power.code == form.power)
    problems.need(offered.available, "power", offered.why_not)
    missing = why_not_use(contents, power, form.party)
    problems.need(not missing, "power", missing)
    assessed = form.power not in ASK_THE_COURT or assessed_before_court(contents, form.party) is not None
    problems.need(assessed, "power", "Make the assessment of this person before a court is asked.")
    problems.need(form.authority.strip(), "authority", "Say by whose authority.")
    against = why_not_approach(contents)
    although = not against or form.approached_although.strip()
    problems.need(although, "approached_although", f"{against} Say why it is done.")
    problems.need(form.expires_on is None or form.expires_on >= today, "expires_on", "That day is over already.")
    problems.settle()
    weighed = weighing_for(contents, form.party, form.power)
    with workspace.store.unit("use-tool") as (unit, outcome):
        record = unit.create(
            ToolUsed, contents.case.stream, case=form.case, party=form.party, power=form.power,
            pack_version=pack.version, rules=workspace.shelf.version("legal", today).words, power_words=power.words,
            basis=power.basis, decided_at=now, decided_by=workspace.user,
            authority=form.authority, weighing=weighed.id if weighed else None, served_on=form.served_on,
            conditions=form.conditions, expires_on=form.expires_on, approached_although=form.approached_although,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def end_tool(workspace: Workspace, *, tool: RecordId, ended: str) -> StepRecorded:
    """How a tool ended (policy 4.8)."""
    problems = Problems()
    problems.need(ended in HOW_IT_ENDED, "ended", "Choose how it ended.")
    problems.settle()
    with workspace.store.unit("end-tool") as (unit, outcome):
        unit.update(ToolUsed, tool, ended=ended, ended_at=workspace.parts.clock.now())
    return StepRecorded(tool, outcome.changed)


def record_breach(
    workspace: Workspace, *, tool: RecordId, at: datetime, what: str, evidence: str = "", done_about_it: str = ""
) -> StepRecorded:
    """A condition was not kept (policy 4.8)."""
    problems = Problems()
    problems.need(what.strip(), "what", "Write down what happened.")
    problems.not_in_future(at, workspace.parts.clock.now(), "at")
    problems.settle()
    found = workspace.store.get(ToolUsed, tool)
    with workspace.store.unit("record-breach") as (unit, outcome):
        record = unit.create(
            Breach, found.stream, case=found.case, tool=tool, at=at, what=what, evidence=evidence,
            done_about_it=done_about_it,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def ask_landlord(
    workspace: Workspace, *, case: RecordId, landlord: str, basis: str, shared: str, party: RecordId | None = None
) -> StepRecorded:
    """Ask another landlord to act against their tenant (policy 4.10)."""
    problems = Problems()
    problems.need(landlord.strip(), "landlord", "Name the landlord.")
    problems.need(basis.strip(), "basis", "Say on what basis something is shared, such as consent or preventing crime.")
    problems.need(shared.strip(), "shared", "Write down what you shared.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("ask-landlord") as (unit, outcome):
        record = unit.create(
            LandlordRequest, found.stream, case=case, party=party, landlord=landlord,
            asked_at=workspace.parts.clock.now(), basis=basis, shared=shared,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def landlord_replied(workspace: Workspace, *, request: RecordId, reply: str) -> StepRecorded:
    """What another landlord answered (policy 4.10)."""
    problems = Problems()
    problems.need(reply.strip(), "reply", "Write down what they said.")
    problems.settle()
    with workspace.store.unit("landlord-replied") as (unit, outcome):
        unit.update(LandlordRequest, request, reply=reply, replied_at=workspace.parts.clock.now())
    return StepRecorded(request, outcome.changed)


def advise_rights(
    workspace: Workspace, *, case: RecordId, about: frozenset[str], copy_format: str = "", party: RecordId | None = None
) -> StepRecorded:
    """Tell the person harmed of their rights (policy 4.32)."""
    problems = Problems()
    problems.need(about, "about", "Tick what you told them about.")
    problems.among(about, RIGHTS, "about")
    problems.need(not copy_format or copy_format in FORMATS, "copy_format", "Choose a format that is on the list.")
    refuse_standard(problems, workspace, case=case, party=party, chosen=copy_format)
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("advise-rights") as (unit, outcome):
        record = unit.create(
            RightsAdvice, found.stream, case=case, party=party, given_at=workspace.parts.clock.now(),
            given_by=workspace.user, about=about, copy_format=copy_format,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def decide_publicity(
    workspace: Workspace, *, case: RecordId, told: bool | None, why: str, words: str = "", homes: int | None = None
) -> StepRecorded:
    """Decide whether others are told that something was done, without naming anybody (policy 4.6).

    Raises:
        FormIncomplete: nothing was decided, or nobody said why; few homes, or a word, point to somebody.
    """
    problems = Problems()
    problems.need(told is not None, "told", "Say whether others are told.")
    problems.need(not told or words.strip(), "words", "Write down what is said.")
    found = workspace.store.get(Case, case)
    leak = next(iter(find_leaks(words, prepare(secrets_of_case(workspace, found)))), None) if told else None
    problems.need(leak is None, "words", f"{leak.why}: “{leak.found}”. Say it without." if leak else "")
    setting = Setting(workspace.pack, workspace.calendar, workspace.parts.clock.now())
    few = bool(told) and points_to_somebody(homes, setting)
    sentence = "So few homes would read it that it points to people. Say why it is done all the same." if few else (
        "Write down why."
    )  # fmt: skip
    problems.need(why.strip(), "why", sentence)
    problems.settle()
    with workspace.store.unit("decide-publicity") as (unit, outcome):
        record = unit.create(
            Publicity, found.stream, case=case, decided_at=workspace.parts.clock.now(), decided_by=workspace.user,
            told=told, words=words, why=why, homes=homes,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def link_case(workspace: Workspace, *, case: RecordId, other: RecordId, how: str) -> StepRecorded:
    """Another case that has to do with this one. It is noted in both; each stays a file of its own.

    Raises:
        NotFound: this person cannot read one of them.
        FormIncomplete: not how, or the case itself.
    """
    problems = Problems()
    problems.need(how in LINKS, "how", "Choose how the two belong together.")
    problems.need(other != case, "other", "Choose another case.")
    problems.settle()
    here, there = workspace.store.get(Case, case), workspace.store.get(Case, other)
    now = workspace.parts.clock.now()
    with workspace.store.unit("link-case") as (unit, outcome):
        record = unit.create(CaseLink, here.stream, case=case, other=other, how=how, noted_at=now)
        unit.create(CaseLink, there.stream, case=other, other=case, how=how, noted_at=now)
    return StepRecorded(record, outcome.changed)


# ------------------------------------------------------------------ the story


def _tell_weighing(one: Proportionality, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(one, one.weighed_at, f"Weighed: {_words(one.tool)}", names.get(one.weighed_by, ""), one.conclusion)


def _tell_tool(one: ToolUsed, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(one, one.decided_at, power_words(one), names.get(one.decided_by, ""), one.conditions)
    yield entry(one, one.ended_at, f"{power_words(one)}: {label_of(one, 'ended').lower()}", "", "")


def _tell_breach(one: Breach, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    yield entry(one, one.at, "A condition was not kept", "", one.what, sensitive=True)


def _tell_landlord(one: LandlordRequest, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    yield entry(one, one.asked_at, "Another landlord asked to act", "", one.shared)
    yield entry(one, one.replied_at, "Another landlord answered", "", one.reply)


def _tell_rights(one: RightsAdvice, names: Names) -> Iterator[TimelineEntry | None]:
    about = ", ".join(words for code, words in RIGHTS.items() if code in one.about)
    yield entry(one, one.given_at, "Told of their rights", names.get(one.given_by, ""), about)


def _tell_publicity(one: Publicity, names: Names) -> Iterator[TimelineEntry | None]:
    title = "Others are told what was done" if one.told else "Others are not told"
    yield entry(one, one.decided_at, title, names.get(one.decided_by, ""), one.words or one.why)


def _words(code: str) -> str:
    power = power_named(shipped_powers(), code)
    return power.words if power else code


TELLERS: dict[str, Teller] = {
    Proportionality.SPEC.name: _tell_weighing,
    ToolUsed.SPEC.name: _tell_tool,
    Breach.SPEC.name: _tell_breach,
    LandlordRequest.SPEC.name: _tell_landlord,
    RightsAdvice.SPEC.name: _tell_rights,
    Publicity.SPEC.name: _tell_publicity,
}
