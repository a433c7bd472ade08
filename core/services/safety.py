"""Measures at a home, professional witnesses, moves, advice on housing (policy 4.17, 4.20 to 4.23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.domain.agencies import MEASURES
from core.domain.case import Case
from core.domain.documents import Attachment
from core.domain.safety import (
    ADDRESS_WHERE,
    GROUNDS,
    HOUSING,
    OPENLY,
    TRANSFER,
    TRIED,
    TRIGGERS,
    WHO_MOVES,
    HousingAdvice,
    ManagementTransfer,
    ProfessionalWitness,
    SecurityMeasure,
)
from core.foundation.ids import RecordId
from core.policy.duties import CaseFacts
from core.policy.safety import (
    NAMES_SOMEBODY,
    NO_ADDRESS,
    ORDER_SAYS_WHY,
    may_name_provider,
    names_in,
    order_says_why,
    tells_an_address,
    why_not_award,
    why_not_employ,
    works_order_words,
)
from core.services.attachments import AttachmentForm, GivenFile, attach
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessForm:
    """A professional witness. `told`: what the witness is told, a place and no name."""

    case: RecordId
    firm: str
    grounds: frozenset[str]
    tried: frozenset[str]
    necessity: str
    openly: str
    authority: str
    told: str
    privacy_weighed: bool | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    cost_pounds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferForm:
    """A decision on a move. The new address itself is never part of it."""

    case: RecordId
    decision: str
    reasons: str
    who_moves: str
    authority: str
    triggers: frozenset[str] = frozenset()
    appeal_told: bool | None = None
    address_where: str = "not-yet"
    address_held_by: str = ""
    party: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingForm:
    """What somebody was told they can do, and where they stay for now, without an address."""

    case: RecordId
    told: frozenset[str]
    chosen: str = ""
    provider: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    note: str = ""
    party: RecordId | None = None


def ask_measure(
    workspace: Workspace, *, case: RecordId, sort: str, place: str, order_words: str = "", repair_reference: str = ""
) -> StepRecorded:
    """Ask for a measure at a home (policy 4.17). Without words of its own the order gets ours.

    Raises:
        FormIncomplete: the words of the order say why, or name somebody in the case.
    """
    contents = contents_of(workspace, case)
    problems = Problems()
    problems.need(sort in MEASURES, "sort", "Choose what is fitted or mended.")
    problems.need(place.strip(), "place", "Say where.")
    words = order_words.strip() or works_order_words(sort, place)
    telling = order_says_why(words, _names(contents))
    field = "order_words" if order_words.strip() else "place"
    problems.need(not telling, field, ORDER_SAYS_WHY.format(words=", ".join(telling)))
    problems.settle()
    with workspace.store.unit("ask-measure") as (unit, outcome):
        record = unit.create(
            SecurityMeasure, contents.case.stream, case=case, sort=sort, place=place, order_words=words,
            repair_reference=repair_reference, asked_at=workspace.parts.clock.now(), asked_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def measure_done(
    workspace: Workspace, *, measure: RecordId, done_on: date | None, cost_pounds: int | None = None, remark: str = "",
    photo_before: RecordId | None = None, photo_after: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """A measure is in place (policy 4.17). It is said once; a photograph named before stays unless another is."""
    found = workspace.store.get(SecurityMeasure, measure)
    problems = Problems()
    problems.need(found.done_on is None, "done_on", "That it is done was said already.")
    problems.need(done_on, "done_on", "Enter the day it was done.")
    problems.need(done_on is None or done_on <= _today(workspace), "done_on", "Enter a day that has come already.")
    problems.need(cost_pounds is None or cost_pounds >= 0, "cost_pounds", "Enter the cost in whole pounds.")
    photos = _photographs(problems, workspace, found, photo_before, photo_after)
    problems.settle()
    with workspace.store.unit("measure-done") as (unit, outcome):
        unit.update(SecurityMeasure, measure, done_on=done_on, cost_pounds=cost_pounds, remark=remark, **photos)
    return StepRecorded(measure, outcome.changed)


def photograph_measure(
    workspace: Workspace, *, measure: RecordId, photo_before: RecordId | None = None,
    photo_after: RecordId | None = None, file_before: Path | None = None, file_after: Path | None = None,
) -> StepRecorded:  # fmt: skip
    """Which photographs show a measure before and after the work (policy 4.17); one alone is enough.

    `file_before`, `file_after`: on this laptop, to be attached to the case as such. They go before a photograph chosen.

    Raises:
        FormIncomplete: none at all, or one that is not attached to this case.
        AttachmentRefused, FileUnreadable, DiskFull: nothing was said of the measure.
    """
    found = workspace.store.get(SecurityMeasure, measure)
    problems = Problems()
    some = any(one is not None for one in (photo_before, photo_after, file_before, file_after))
    problems.need(some, "photo_before", "Choose at least one photograph.")
    photos = _photographs(problems, workspace, found, photo_before, photo_after)
    problems.settle()
    for name, what, path in (("photo_before", "photo-before", file_before), ("photo_after", "photo-after", file_after)):
        if path is not None and found.case is not None:
            shows = AttachmentForm(what=what, about=MEASURES.get(found.sort, found.sort))
            photos[name] = attach(workspace, case=found.case, given=GivenFile(path), form=shows).attachment
    with workspace.store.unit("photograph-measure") as (unit, outcome):
        unit.update(SecurityMeasure, measure, **photos)
    return StepRecorded(measure, outcome.changed)


def _photographs(
    problems: Problems, workspace: Workspace, found: SecurityMeasure, before: RecordId | None, after: RecordId | None
) -> dict[str, RecordId]:
    chosen = {name: photo for name, photo in (("photo_before", before), ("photo_after", after)) if photo is not None}
    for name, photo in chosen.items():
        kept = workspace.store.find(Attachment, photo)
        here = kept is not None and kept.stream == found.stream
        problems.need(here, name, "Choose a photograph that is attached to this case.")
    both = before is not None and before == after
    problems.need(not both, "photo_after", "Choose another one: this is the photograph from before.")
    return chosen


def employ_witness(workspace: Workspace, *, form: WitnessForm) -> StepRecorded:
    """Employ a professional witness (policy 4.20, 4.21).

    Raises:
        FormIncomplete: no ground, no other evidence tried, no reason, no authority, or a name is given away.
    """
    contents = contents_of(workspace, form.case)
    problems = Problems()
    problems.need(form.firm.strip(), "firm", "Say who it is.")
    problems.need(form.openly in OPENLY, "openly", "Choose whether it is done openly.")
    problems.among(form.grounds, GROUNDS, "grounds")
    problems.among(form.tried, TRIED, "tried")
    problems.need(form.told.strip(), "told", "Write down what the witness is told.")
    named = names_in(form.told, _names(contents))
    problems.need(not named, "told", NAMES_SOMEBODY.format(words=", ".join(named)))
    backwards = form.begins_on is not None and form.ends_on is not None and form.ends_on < form.begins_on
    problems.need(not backwards, "ends_on", "It ends before it begins.")
    fields = {name: getattr(form, name) for name in form.__slots__ if name != "case"}
    draft = ProfessionalWitness(id=form.case, stream=contents.case.stream, **fields)
    _add(problems, why_not_employ(draft))
    problems.settle()
    with workspace.store.unit("employ-witness") as (unit, outcome):
        record = unit.create(
            ProfessionalWitness, contents.case.stream, case=form.case, decided_at=workspace.parts.clock.now(),
            decided_by=workspace.user, **fields,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def decide_transfer(workspace: Workspace, *, form: TransferForm) -> StepRecorded:
    """Decide on a move (policy 4.22), beside every decision before.

    Raises:
        FormIncomplete: nothing the policy names was there, no reasons, or an address is in it.
    """
    problems = Problems()
    problems.need(form.decision in TRANSFER, "decision", "Choose what was decided.")
    problems.need(form.who_moves in WHO_MOVES, "who_moves", "Choose who moves.")
    problems.among(form.triggers, TRIGGERS, "triggers")
    _add(problems, why_not_award(decision=form.decision, triggers=form.triggers, reasons=form.reasons))
    problems.need(form.authority.strip(), "authority", "Say by whose authority.")
    problems.need(form.appeal_told, "appeal_told", "Tell the person how to appeal, then save.")
    problems.need(form.address_where in ADDRESS_WHERE, "address_where", "Choose where the new address is kept.")
    held = form.address_where != "person" or form.address_held_by.strip()
    problems.need(held, "address_held_by", "Say who holds it.")
    said = {"reasons": form.reasons, "authority": form.authority, "address_held_by": form.address_held_by}
    _no_address(problems, said)
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("decide-transfer") as (unit, outcome):
        record = unit.create(
            ManagementTransfer, case.stream, case=case.id, party=form.party, triggers=form.triggers,
            decision=form.decision, reasons=form.reasons, who_moves=form.who_moves, authority=form.authority,
            decided_at=workspace.parts.clock.now(), decided_by=workspace.user, appeal_told=form.appeal_told,
            address_where=form.address_where,
            address_held_by=form.address_held_by if form.address_where == "person" else "",
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def advise_housing(workspace: Workspace, *, form: HousingForm) -> StepRecorded:
    """Tell somebody what they can do, and write down where they stay for now, without an address (policy 4.23).

    Raises:
        FormIncomplete: nothing was said, an address is in it, or a refuge is named.
    """
    problems = Problems()
    problems.need(form.told, "told", "Tick what the person was told about.")
    problems.among(form.told, HOUSING, "told")
    problems.need(not form.chosen or form.chosen in HOUSING, "chosen", "Choose from the list.")
    named = form.provider.strip() and not may_name_provider(form.chosen)
    problems.need(not named, "provider", "Of a refuge not even its name is written down.")
    _no_address(problems, {"provider": form.provider, "note": form.note})
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("advise-housing") as (unit, outcome):
        record = unit.create(
            HousingAdvice, case.stream, case=case.id, party=form.party, told=form.told, chosen=form.chosen,
            provider=form.provider, begins_on=form.begins_on, ends_on=form.ends_on, note=form.note,
            advised_at=workspace.parts.clock.now(), advised_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def _names(facts: CaseFacts) -> tuple[str, ...]:
    return tuple(name for party in facts.parties for name in (party.name, *party.also_known_as) if name)


def _no_address(problems: Problems, words: Mapping[str, str]) -> None:
    for field, said in words.items():
        problems.need(not tells_an_address(said), field, NO_ADDRESS)


def _add(problems: Problems, missing: Mapping[str, str]) -> None:
    for field, sentence in missing.items():
        problems.need(False, field, sentence)


def _today(workspace: Workspace) -> date:
    return workspace.parts.clock.now().astimezone(workspace.pack.zone).date()


# ------------------------------------------------------------------ the story


def _tell_measure(one: SecurityMeasure, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Asked for: {label_of(one, 'sort').lower()}"
    yield entry(one, one.asked_at, title, names.get(one.asked_by, ""), one.place)


def _tell_witness(one: ProfessionalWitness, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(one.decided_by, "")
    yield entry(one, one.decided_at, "Professional witness", who, one.necessity, sensitive=True)


def _tell_transfer(one: ManagementTransfer, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Move for safety: {label_of(one, 'decision').lower()}"
    yield entry(one, one.decided_at, title, names.get(one.decided_by, ""), one.reasons, sensitive=True)


def _tell_housing(one: HousingAdvice, names: Names) -> Iterator[TimelineEntry | None]:
    told = "; ".join(words for code, words in HOUSING.items() if code in one.told)
    yield entry(one, one.advised_at, "Advice on housing", names.get(one.advised_by, ""), told, sensitive=True)


TELLERS: dict[str, Teller] = {
    SecurityMeasure.SPEC.name: _tell_measure,
    ProfessionalWitness.SPEC.name: _tell_witness,
    ManagementTransfer.SPEC.name: _tell_transfer,
    HousingAdvice.SPEC.name: _tell_housing,
}
