"""Incidents, how it is seen, people, and what became of a report or a person (policy 3.1, 3.3, 4.1 to 4.5, 4.11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.domain.case import ACTS, AGE_BANDS, PARTY_ROLES, PERCEIVERS, PERPETRATOR_KNOWN, PERSON_SORTS, STRANDS, Party
from core.domain.enforcement import TENURES
from core.domain.intake import PERSON_FATES, REPORT_FATES
from core.foundation.ids import UserId
from core.services.case_page import CasePage
from core.services.intake import NewPersonForm, PersonChangesForm, PersonFateForm, ReportFateForm
from core.services.report_form import ComplainedAboutForm, IncidentForm, SeenForm
from desktop.background import Job, Receiver
from desktop.operations import intake
from desktop.operations.base import Runner
from desktop.screens.step.chapters.second_person import ASKED_HINT, ASKED_LABEL, other_readers
from desktop.screens.step.choices import always, chosen, is_open, one_of, people, people_of, which, who
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    moment_if_any,
    record_id,
    some,
    text,
    yes_no,
)
from desktop.widgets.moments import moment_words

GROUP = "Incidents and people"


# ------------------------------------------------------------------ what is done


def _incident(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = IncidentForm(
        description=text(answers, "description"), happened_at=moment_if_any(answers, "happened_at"),
        happened_text=text(answers, "happened_text"), place=text(answers, "place"), acts=some(answers, "acts"),
        harmed=frozenset(one.id for one in _harmed_parties(facts) if one.id.hex() in some(answers, "harmed")),
    )  # fmt: skip
    return intake.add_incident(runner, facts.page.file.case.id, form, on_done=on_done, on_failed=on_failed)


def _perception(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = SeenForm(
        perceived_by=text(answers, "perceived_by"), strands=some(answers, "strands"),
        by_association=yes_no(answers, "by_association"), is_harassment=yes_no(answers, "is_harassment") is not False,
        words=text(answers, "words"), party=record_id(answers, "party"),
    )  # fmt: skip
    return intake.add_perception(runner, facts.page.file.case.id, form, on_done=on_done, on_failed=on_failed)


def _person(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    about = ComplainedAboutForm(
        known=text(answers, "known"), described=text(answers, "described"), age_band=text(answers, "age_band"),
        tenure=text(answers, "tenure"), landlord=text(answers, "landlord"),
    )  # fmt: skip
    form = NewPersonForm(
        case=facts.page.file.case.id, roles=some(answers, "roles"), name=text(answers, "name"),
        sort=text(answers, "sort"), phone=text(answers, "phone"), email=text(answers, "email"),
        language=text(answers, "language"), about=about if _complained_about(facts, answers) else None,
    )  # fmt: skip
    return intake.add_person(runner, form, on_done=on_done, on_failed=on_failed)


def _changes(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = PersonChangesForm(
        party=chosen(answers, "who"), **{name: text(answers, name) for name in _ABOUT_ANYBODY},
        **{name: text(answers, name) for name in (_OF_THE_OTHER if _is_blamed(facts, answers) else ())},
    )  # fmt: skip
    return intake.change_person(runner, form, on_done=on_done, on_failed=on_failed)


def _report_fate(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    second = record_id(answers, "second_person") if _needs_second(facts, answers) else None
    form = ReportFateForm(
        report=chosen(answers, "report"), what=text(answers, "what"), reasons=text(answers, "reasons"),
        evidence=text(answers, "evidence"), pressed=yes_no(answers, "pressed"),
        second_person=UserId(second) if second else None, person_told=yes_no(answers, "person_told"),
    )  # fmt: skip
    return intake.note_report_fate(runner, form, on_done=on_done, on_failed=on_failed)


def _person_fate(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = PersonFateForm(
        party=chosen(answers, "who"), what=text(answers, "what"), words=text(answers, "words"),
        since=day(answers, "since"), speak_with=record_id(answers, "speak_with"),
        speak_with_name=text(answers, "speak_with_name"), speak_with_phone=text(answers, "speak_with_phone"),
        authority=text(answers, "authority"),
    )  # fmt: skip
    return intake.note_person_fate(runner, form, on_done=on_done, on_failed=on_failed)


def _new_home(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return intake.new_home(
        runner, chosen(answers, "who"), address=text(answers, "address"), on_done=on_done, on_failed=on_failed
    )


# ------------------------------------------------------------------ what to choose from

_ABOUT_ANYBODY = ("name", "sort", "phone", "email", "language", "format_needed")
_OF_THE_OTHER = ("known", "described", "age_band")
"""What is asked of somebody complained about only."""


def _is_settled(_facts: StepFacts, _answers: Answers) -> bool:
    """Who it is about goes with what stands on the page: it is kept in a draft and cannot be changed for another."""
    return False


def _is_blamed(facts: StepFacts, answers: Answers) -> bool:
    party = record_id(answers, "who")
    found = (one for one in facts.page.file.contents.parties if one.id == party)
    return any("alleged-perpetrator" in one.roles for one in found)


def _not_blamed(facts: StepFacts, answers: Answers) -> bool:
    return not _is_blamed(facts, answers)


def _on_file(name: str) -> Callable[[StepFacts], object]:
    def start(facts: StepFacts) -> object:
        found = (getattr(one, name) for one in facts.page.file.contents.parties if one.id == facts.subject)
        return next(found, "")

    return start


def _harmed_parties(facts: StepFacts) -> tuple[Party, ...]:
    return tuple(party for party in facts.page.file.contents.parties if "harmed" in party.roles)


def _harmed(facts: StepFacts) -> Options:
    return people_of(facts.page, "harmed")


def _several_harmed(facts: StepFacts, _answers: Answers) -> bool:
    return len(_harmed(facts)) > 1


def _complained_about(_facts: StepFacts, answers: Answers) -> bool:
    return "alleged-perpetrator" in some(answers, "roles")


def _protected(facts: StepFacts, answers: Answers) -> bool:
    return not _complained_about(facts, answers)


def _their_landlord(facts: StepFacts, answers: Answers) -> bool:
    return _complained_about(facts, answers) and text(answers, "tenure") == "other-landlord"


def _reports(facts: StepFacts) -> Options:
    return tuple(
        (one.id.hex(), f"Told {moment_words(one.received_at, facts.now)}" if one.received_at else "Report")
        for one in facts.page.file.contents.reports
    )


def _has_report(page: CasePage) -> bool:
    return bool(page.file.contents.reports)


def _has_people(page: CasePage) -> bool:
    return bool(page.file.contents.parties)


def _taken_back(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "what") == "retracted"


def _needs_second(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "what") == "malicious"


def _somebody_instead(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "what") in ("died", "lost-capacity")


def _yes(_facts: StepFacts) -> object:
    return True


STEPS: tuple[Step, ...] = (
    Step(
        key="incident", title="Another incident",
        lead="One incident is enough for a case, and any number may follow. A reason behind it need not be known.",
        save="Save incident", done="Incident saved.", run=_incident,
        menu="Another incident", group=GROUP, offered=is_open, clauses=("4.4", "4.5"),
        asks=(
            Ask(name="description", kind=Answer.WORDS, label="What happened?"),
            Ask(name="happened_at", kind=Answer.MOMENT, label="When, if the day and time are known", optional=True),
            Ask(name="happened_text", kind=Answer.LINE, label="When, in their words", optional=True),
            Ask(name="place", kind=Answer.LINE, label="Where?", optional=True),
            Ask(name="acts", kind=Answer.SOME, label="What kind of act", options=one_of(ACTS), optional=True),
            Ask(
                name="harmed", kind=Answer.SOME, label="Who was harmed by it", options=_harmed, optional=True,
                applies=_several_harmed, hint="Nobody ticked means everybody harmed in the case.",
            ),
        ),
    ),
    Step(
        key="perception", title="How somebody sees it",
        lead="It is harassment because somebody sees it that way. Nothing said before is changed.",
        save="Save", done="Saved.", run=_perception,
        menu="How somebody sees it", group=GROUP, offered=always, clauses=("4.1", "4.2"),
        asks=(
            Ask(
                name="perceived_by", kind=Answer.ONE, label="Who says so", options=one_of(PERCEIVERS),
                need="Choose who says so.",
            ),
            who("Which person of the case"),
            Ask(
                name="is_harassment", kind=Answer.YES_NO, label="Do they see it as harassment?", start=_yes,
                hint="No is kept as their view. It does not change how the case is handled.",
            ),
            Ask(
                name="strands", kind=Answer.SOME, label="What they think is behind it", options=one_of(STRANDS),
                hint="Several may apply. Race, religion, disability, sexual orientation and transgender identity are "
                "counted for the regulator.",
            ),
            Ask(
                name="by_association", kind=Answer.YES_NO, optional=True,
                label="Is the person taken for one of that group, or harmed because of somebody else who is?",
                hint="It counts just the same.",
            ),
            Ask(name="words", kind=Answer.WORDS, label="How they put it", optional=True),
        ),
    ),
    Step(
        key="person", title="Another person in the case",
        lead="Somebody harmed has safe ways of their own. Who is complained about may be named, described or neither.",
        save="Save", done="Saved.", run=_person,
        menu="Another person", group=GROUP, offered=is_open, clauses=("1.3", "3.1", "4.11"),
        asks=(
            Ask(
                name="roles", kind=Answer.SOME, label="Their part in the case", options=one_of(PARTY_ROLES),
                need="Choose their part in the case.",
            ),
            Ask(name="name", kind=Answer.LINE, label="Name, if known", optional=True),
            Ask(
                name="sort", kind=Answer.FROM_LIST, label="How they belong here", options=one_of(PERSON_SORTS),
                optional=True, applies=_protected,
            ),
            Ask(
                name="known", kind=Answer.ONE, label="How well they are known", options=one_of(PERPETRATOR_KNOWN),
                applies=_complained_about, optional=True,
            ),
            Ask(
                name="described", kind=Answer.WORDS, label="Description", applies=_complained_about, optional=True,
                hint="What was seen or heard, and by whom. No guesses.",
            ),
            Ask(
                name="age_band", kind=Answer.ONE, label="Age", options=one_of(AGE_BANDS), applies=_complained_about,
                optional=True, hint="A child is never dealt with alone: a parent or guardian, and safeguarding.",
            ),
            Ask(
                name="tenure", kind=Answer.FROM_LIST, label="Whose tenant", options=one_of(TENURES),
                applies=_complained_about, optional=True,
            ),
            Ask(name="landlord", kind=Answer.LINE, label="Their landlord", applies=_their_landlord),
            Ask(name="phone", kind=Answer.LINE, label="Phone", optional=True),
            Ask(name="email", kind=Answer.LINE, label="Email", optional=True),
            Ask(name="language", kind=Answer.LINE, label="Language", optional=True),
        ),
    ),
    Step(
        key="person-more", title="More about a person",
        lead="What stands here takes the place of what stood before, which stays in the history of the case.",
        save="Save", done="Saved.", run=_changes, clauses=("4.11",),
        asks=(
            replace(which("who", "Who", people, ""), applies=_is_settled),
            Ask(
                name="name", kind=Answer.LINE, label="Name", optional=True, start=_on_file("name"),
                hint="A name they had before is kept as another name.",
            ),
            Ask(
                name="known", kind=Answer.ONE, label="How well they are known", options=one_of(PERPETRATOR_KNOWN),
                applies=_is_blamed, optional=True, start=_on_file("known"),
            ),
            Ask(
                name="described", kind=Answer.WORDS, label="Description", applies=_is_blamed, optional=True,
                start=_on_file("described"),
            ),
            Ask(
                name="age_band", kind=Answer.ONE, label="Age", options=one_of(AGE_BANDS), applies=_is_blamed,
                optional=True, start=_on_file("age_band"),
            ),
            Ask(
                name="sort", kind=Answer.FROM_LIST, label="How they belong here", options=one_of(PERSON_SORTS),
                optional=True, applies=_not_blamed, start=_on_file("sort"),
            ),
            Ask(name="phone", kind=Answer.LINE, label="Phone", optional=True, start=_on_file("phone")),
            Ask(name="email", kind=Answer.LINE, label="Email", optional=True, start=_on_file("email")),
            Ask(name="language", kind=Answer.LINE, label="Language", optional=True, start=_on_file("language")),
            Ask(
                name="format_needed", kind=Answer.LINE, label="Format needed", optional=True,
                start=_on_file("format_needed"),
            ),
        ),
    ),
    Step(
        key="report-fate", title="What became of a report",
        lead="The report, what it led to and what is counted from it stay on the file, whatever was found.",
        save="Save", done="Saved. The report stays on the file.", run=_report_fate,
        menu="What became of a report", group=GROUP, offered=_has_report, clauses=("4.3",),
        asks=(
            which("report", "Which report", _reports, "Choose the report."),
            Ask(
                name="what", kind=Answer.ONE, label="What became of it", options=one_of(REPORT_FATES),
                need="Choose what became of it.",
            ),
            Ask(
                name="pressed", kind=Answer.YES_NO, label="Did you ask whether somebody pressed them?",
                applies=_taken_back, hint="Ask by a safe way, when they are alone. Then look at the risk again.",
            ),
            Ask(name="reasons", kind=Answer.WORDS, label="Reasons"),
            Ask(name="evidence", kind=Answer.WORDS, label="Evidence relied on", optional=True),
            Ask(
                name="second_person", kind=Answer.FROM_LIST, label=ASKED_LABEL, hint=ASKED_HINT,
                options=other_readers, applies=_needs_second,
            ),
            Ask(name="person_told", kind=Answer.YES_NO, label="Has the person been told?", optional=True),
        ),
    ),
    Step(
        key="person-fate", title="What became of a person",
        lead="What would trouble the wrong person stops: letters, calls, the survey. Everything else goes on.",
        save="Save", done="Saved.", run=_person_fate,
        menu="What became of a person", group=GROUP, offered=_has_people, clauses=("3.3",),
        asks=(
            which("who", "Who", people, "Choose who."),
            Ask(
                name="what", kind=Answer.ONE, label="What happened", options=one_of(PERSON_FATES),
                need="Choose what happened.",
            ),
            Ask(name="words", kind=Answer.WORDS, label="How we know"),
            Ask(name="since", kind=Answer.DAY, label="Since", optional=True),
            Ask(
                name="speak_with", kind=Answer.FROM_LIST, label="Whom to speak with instead, if they are in the case",
                options=people, applies=_somebody_instead, optional=True,
            ),
            Ask(
                name="speak_with_name", kind=Answer.LINE, label="Or the name of somebody new", optional=True,
                applies=_somebody_instead,
            ),
            Ask(
                name="speak_with_phone", kind=Answer.LINE, label="Their phone", optional=True,
                applies=_somebody_instead,
            ),
            Ask(
                name="authority", kind=Answer.LINE, label="By what right they speak", optional=True,
                applies=_somebody_instead, hint="For example: power of attorney, deputy, executor, next of kin.",
            ),
        ),
    ),
    Step(
        key="new-home", title="Where somebody lives now",
        lead="Not after a move for safety: that address is kept out of the case. Say by a safe way how to reach them.",
        save="Save", done="Saved.", run=_new_home,
        menu="Where somebody lives now", group=GROUP, offered=_has_people, clauses=("3.3",),
        asks=(
            which("who", "Who", people, "Choose who."),
            Ask(name="address", kind=Answer.LINE, label="Address"),
        ),
    ),
)  # fmt: skip
