"""Measures at a home, professional witnesses, moves, advice on housing (policy 4.17, 4.20 to 4.23)."""

from __future__ import annotations

from pathlib import Path

from core.domain.agencies import MEASURES
from core.domain.safety import (
    ADDRESS_WHERE,
    GROUNDS,
    HOUSING,
    OPENLY,
    TRANSFER,
    TRIED,
    TRIGGERS,
    WHO_MOVES,
)
from core.policy.court_papers import works_in_order
from core.policy.safety import measures_to_do
from core.services.case_page import CasePage
from core.services.safety import HousingForm, TransferForm, WitnessForm
from desktop.background import Job, Receiver
from desktop.operations import safety
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, is_open, one_of, photographs, which, who
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    number,
    record_id,
    some,
    text,
    yes_no,
)

GROUP = "Keeping somebody safe"


# ------------------------------------------------------------------ what is done


def _measure(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "case": facts.page.file.case.id, "sort": text(answers, "sort"), "place": text(answers, "place"),
        "order_words": text(answers, "order_words"), "repair_reference": text(answers, "repair_reference"),
    }  # fmt: skip
    return safety.ask_measure(runner, said, on_done=on_done, on_failed=on_failed)


def _done(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "measure": chosen(answers, "measure"), "done_on": day(answers, "done_on"), "remark": text(answers, "remark"),
        "cost_pounds": number(answers, "cost_pounds"), "photo_before": record_id(answers, "photo_before"),
        "photo_after": record_id(answers, "photo_after"),
    }  # fmt: skip
    return safety.measure_done(runner, said, on_done=on_done, on_failed=on_failed)


def _photographs(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "measure": chosen(answers, "measure"), "photo_before": record_id(answers, "photo_before"),
        "photo_after": record_id(answers, "photo_after"), "file_before": _path(answers, "file_before"),
        "file_after": _path(answers, "file_after"),
    }  # fmt: skip
    return safety.photograph_measure(runner, said, on_done=on_done, on_failed=on_failed)


def _witness(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = WitnessForm(
        case=facts.page.file.case.id, firm=text(answers, "firm"), grounds=some(answers, "grounds"),
        tried=some(answers, "tried"), necessity=text(answers, "necessity"), openly=text(answers, "openly"),
        privacy_weighed=yes_no(answers, "privacy_weighed"), authority=text(answers, "authority"),
        told=text(answers, "told"), begins_on=day(answers, "begins_on"), ends_on=day(answers, "ends_on"),
        cost_pounds=number(answers, "cost_pounds"),
    )  # fmt: skip
    return safety.employ_witness(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _transfer(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = TransferForm(
        case=facts.page.file.case.id, party=record_id(answers, "party"), triggers=some(answers, "triggers"),
        decision=text(answers, "decision"), reasons=text(answers, "reasons"), who_moves=text(answers, "who_moves"),
        authority=text(answers, "authority"), appeal_told=yes_no(answers, "appeal_told"),
        address_where=text(answers, "address_where"), address_held_by=text(answers, "address_held_by"),
    )  # fmt: skip
    return safety.decide_transfer(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _housing(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = HousingForm(
        case=facts.page.file.case.id, party=record_id(answers, "party"), told=some(answers, "told"),
        chosen=text(answers, "chosen"), provider=text(answers, "provider"), begins_on=day(answers, "begins_on"),
        ends_on=day(answers, "ends_on"), note=text(answers, "note"),
    )  # fmt: skip
    return safety.advise_housing(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ what to choose from


def _to_do(facts: StepFacts) -> Options:
    found = measures_to_do(facts.page.file.contents)
    return tuple((one.id.hex(), f"{MEASURES.get(one.sort, one.sort)}: {one.place}") for one in found)


def _path(answers: Answers, name: str) -> Path | None:
    typed = text(answers, name).strip()
    return Path(typed).expanduser() if typed else None


def _every_measure(facts: StepFacts) -> Options:
    found = works_in_order(facts.page.file.contents)
    return tuple((one.id.hex(), f"{MEASURES.get(one.sort, one.sort)}: {one.place}") for one in found)


def _chosen_photograph(facts: StepFacts, field: str) -> object:
    """The photograph a measure has already, where the page is about one."""
    found = next((one for one in works_in_order(facts.page.file.contents) if one.id == facts.subject), None)
    photo = getattr(found, field) if found is not None else None
    return photo.hex() if photo is not None else None


def _before(facts: StepFacts) -> object:
    return _chosen_photograph(facts, "photo_before")


def _after(facts: StepFacts) -> object:
    return _chosen_photograph(facts, "photo_after")


def _may_photograph(page: CasePage) -> bool:
    return bool(works_in_order(page.file.contents))


def _covert(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "openly") == "covert"


def _held_by_somebody(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "address_where") == "person"


def _may_be_named(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "chosen") not in ("", "refuge")


def _measure_waits(page: CasePage) -> bool:
    return bool(measures_to_do(page.file.contents))


_PHOTOGRAPHS = (
    Ask(
        name="photo_before", kind=Answer.FROM_LIST, label="Photograph from before", options=photographs, start=_before,
        optional=True,
    ),
    Ask(
        name="photo_after", kind=Answer.FROM_LIST, label="Photograph from afterwards", options=photographs,
        start=_after, optional=True,
    ),
)

STEPS: tuple[Step, ...] = (
    Step(
        key="measure", title="Measure at the home",
        lead="Whoever does the work is told what and where, never why. Photographs: attach them under Files.",
        save="Save", done="Saved.", run=_measure,
        menu="Locks, lights and other measures", group=GROUP, offered=is_open, clauses=("4.17",),
        asks=(
            Ask(name="sort", kind=Answer.FROM_LIST, label="What is fitted or mended", options=one_of(MEASURES)),
            Ask(name="place", kind=Answer.LINE, label="Where"),
            Ask(
                name="order_words", kind=Answer.WORDS, label="Words of the works order, if not ours", optional=True,
                hint="Ours say what, where, and to make an appointment first.",
            ),
            Ask(name="repair_reference", kind=Answer.LINE, label="Reference of the repair", optional=True),
        ),
    ),
    Step(
        key="measure-done", title="A measure is in place", lead="", save="Save", done="Saved.", run=_done,
        menu="A measure is in place", group=GROUP, offered=_measure_waits, clauses=("4.17",),
        asks=(
            which("measure", "Which measure", _to_do, "Choose the measure."),
            Ask(name="done_on", kind=Answer.DAY, label="Done on"),
            Ask(name="cost_pounds", kind=Answer.NUMBER, label="Cost in pounds", optional=True),
            Ask(name="remark", kind=Answer.LINE, label="What was found", optional=True),
            *_PHOTOGRAPHS,
        ),
    ),
    Step(
        key="measure-photos", title="Photographs of a measure",
        lead="They stand with the measure, and go with papers for court. A file from this laptop is attached to the"
        " case bit for bit.",
        save="Save", done="Saved.", run=_photographs,
        menu="Photographs of a measure", group=GROUP, offered=_may_photograph, clauses=("4.17",),
        asks=(
            which("measure", "Which measure", _every_measure, "Choose the measure."), _PHOTOGRAPHS[0],
            Ask(name="file_before", kind=Answer.FILE, label="Or a file from before", optional=True), _PHOTOGRAPHS[1],
            Ask(name="file_after", kind=Answer.FILE, label="Or a file from afterwards", optional=True),
        ),
    ),
    Step(
        key="witness", title="Professional witness",
        lead="Where evidence cannot be had otherwise, or people are too afraid. It goes far into the lives of others.",
        save="Save", done="Saved.", run=_witness,
        menu="Professional witness", group=GROUP, offered=is_open, clauses=("4.20", "4.21"),
        asks=(
            Ask(name="grounds", kind=Answer.SOME, label="Grounds", options=one_of(GROUNDS)),
            Ask(name="tried", kind=Answer.SOME, label="Other evidence that was tried", options=one_of(TRIED)),
            Ask(name="necessity", kind=Answer.WORDS, label="Why it is necessary"),
            Ask(name="openly", kind=Answer.ONE, label="How", options=one_of(OPENLY)),
            Ask(
                name="privacy_weighed", kind=Answer.YES_NO, applies=_covert,
                label="Was it weighed in writing what it does to the privacy of others?",
                hint="A data protection impact assessment. Take advice first.",
            ),
            Ask(name="authority", kind=Answer.LINE, label="By whose authority"),
            Ask(name="firm", kind=Answer.LINE, label="Who the witness is"),
            Ask(
                name="told", kind=Answer.WORDS, label="What the witness is told",
                hint="The place and the times. No name of anybody.",
            ),
            Ask(name="begins_on", kind=Answer.DAY, label="From", optional=True),
            Ask(name="ends_on", kind=Answer.DAY, label="Until", optional=True),
            Ask(name="cost_pounds", kind=Answer.NUMBER, label="Cost in pounds", optional=True),
        ),
    ),
    Step(
        key="transfer", title="Move for safety",
        lead="Any one of the three is enough, and none compels a move. Never write the new address here.",
        save="Save", done="Saved.", run=_transfer,
        menu="Move for safety", group=GROUP, offered=is_open, clauses=("4.22",),
        asks=(
            who("For whom"),
            Ask(name="triggers", kind=Answer.SOME, label="What there was", options=one_of(TRIGGERS), optional=True),
            Ask(name="decision", kind=Answer.ONE, label="Decision", options=one_of(TRANSFER)),
            Ask(name="reasons", kind=Answer.WORDS, label="Reasons, without an address"),
            Ask(name="who_moves", kind=Answer.ONE, label="Who moves", options=one_of(WHO_MOVES)),
            Ask(name="authority", kind=Answer.LINE, label="By whose authority"),
            Ask(name="appeal_told", kind=Answer.YES_NO, label="Was the person told how to appeal?"),
            Ask(
                name="address_where", kind=Answer.ONE, label="Where the new address is kept",
                options=one_of(ADDRESS_WHERE), start=lambda _facts: "not-yet",
            ),
            Ask(
                name="address_held_by", kind=Answer.LINE, label="Who holds it, by name", applies=_held_by_somebody,
            ),
        ),
    ),
    Step(
        key="housing", title="Advice on housing",
        lead="What the person can do, and where they stay for now. Never an address; of a refuge not even its name.",
        save="Save", done="Saved.", run=_housing,
        menu="Advice on housing", group=GROUP, offered=is_open, clauses=("4.23",),
        asks=(
            who(),
            Ask(name="told", kind=Answer.SOME, label="Told about", options=one_of(HOUSING)),
            Ask(
                name="chosen", kind=Answer.FROM_LIST, label="What they chose for now", options=one_of(HOUSING),
                optional=True,
            ),
            Ask(name="provider", kind=Answer.LINE, label="Who provides it", applies=_may_be_named, optional=True),
            Ask(name="begins_on", kind=Answer.DAY, label="From", optional=True),
            Ask(name="ends_on", kind=Answer.DAY, label="Until", optional=True),
            Ask(name="note", kind=Answer.WORDS, label="What else was said", optional=True),
        ),
    ),
)  # fmt: skip
