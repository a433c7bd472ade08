"""The forms of the Organisation page, each declared once: what it asks, and the operation that takes the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.domain.estate import FORMATS
from core.domain.governance import POLICY_EVENTS, PREVENTION
from core.domain.packs import PACKS
from core.foundation.ids import RecordId, UserId
from core.services.governance import CopyForm, EventForm, GivenForm, PreventionForm
from core.services.governance_page import OrganisationPage
from core.services.out_of_hours import ShiftForm
from core.services.out_of_hours_card import CARD_FORMATS
from core.services.pack_changes import ChangeForm, PackRow
from desktop.background import Job, Receiver
from desktop.operations import governance
from desktop.operations.base import Runner
from desktop.screens.step.declare import Answer, Answers, Ask, Options, day, number, record_id, text, yes_no

FILE = "file"
"""The question that asks for a file to read."""
TARGET = "target"
"""The question that asks where to write a file."""


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what there is to choose from and what it starts with."""

    ask: Ask
    options: Options = ()
    start: object = None
    applies: Callable[[Answers], bool] = _always


class RunForm(Protocol):
    """Starts the operation of a form. `subject`: the record it is about, if any."""

    def __call__(
        self, runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
    ) -> Job: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationForm:
    """One form. `asks` is asked anew each time it opens."""

    key: str
    title: str
    lead: str
    save: str
    done: str
    asks: Callable[[OrganisationPage, RecordId | None], tuple[Asked, ...]]
    run: RunForm


# ------------------------------------------------------------------ what is done


def _office(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    said = {
        "office": text(answers, "office"), "user": _user(answers), "name": text(answers, "name"),
        "since": day(answers, "since"),
    }  # fmt: skip
    return governance.give_office(runner, said, on_done=on_done, on_failed=on_failed)


def _office_ends(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    said = {"held": subject, "until": day(answers, "until")}
    return governance.leave_office(runner, said, on_done=on_done, on_failed=on_failed)


def _take_phone(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    form = ShiftForm(
        user=_user(answers), name=text(answers, "name"), phone=text(answers, "phone"),
        from_on=day(answers, "from_on"), until_on=day(answers, "until_on"),
    )  # fmt: skip
    return governance.take_phone(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _leave_phone(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    return governance.leave_phone(runner, {"shift": subject}, on_done=on_done, on_failed=on_failed)


def _make_card(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    said = {
        "path": Path(text(answers, TARGET)).expanduser(), "language": text(answers, "language"),
        "letter_format": text(answers, "format"),
    }  # fmt: skip
    return governance.make_card(runner, said, on_done=on_done, on_failed=on_failed)


def _training(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    said = {
        "user": _user(answers), "training": text(answers, "training"), "done_on": day(answers, "done_on"),
        "given_by": text(answers, "given_by"),
    }  # fmt: skip
    return governance.note_training(runner, said, on_done=on_done, on_failed=on_failed)


def _copy(runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = CopyForm(
        asked_by=text(answers, "asked_by"), asked_on=day(answers, "asked_on"), format=text(answers, "format"),
        language=text(answers, "language"),
    )  # fmt: skip
    return governance.ask_for_copy(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _copy_given(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    assert subject is not None
    form = GivenForm(
        copy=subject, outsourced_to=text(answers, "outsourced_to"), outsourced_on=day(answers, "outsourced_on"),
        given_on=day(answers, "given_on"), given_how=text(answers, "given_how"),
    )  # fmt: skip
    return governance.copy_given(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _make_copy(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    assert subject is not None
    path = Path(text(answers, TARGET)).expanduser()
    return governance.make_policy_copy(runner, copy=subject, path=path, on_done=on_done, on_failed=on_failed)


def _policy_text(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    said = {"path": Path(text(answers, "path")).expanduser(), "from_on": day(answers, "from_on")}
    return governance.use_policy_text(runner, said, on_done=on_done, on_failed=on_failed)


def _event(runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = EventForm(
        sort=text(answers, "sort"), held_on=day(answers, "held_on"), with_whom=text(answers, "with_whom"),
        words=text(answers, "words"),
    )  # fmt: skip
    return governance.note_policy_event(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _prevention(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    form = PreventionForm(
        sort=text(answers, "sort"), area=text(answers, "area"), done_on=day(answers, "done_on"),
        words=text(answers, "words"), people=number(answers, "people"),
    )  # fmt: skip
    return governance.note_prevention(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _import(runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "path": Path(text(answers, "path")).expanduser(), "from_on": day(answers, "from_on"),
        "reason": text(answers, "reason"),
    }  # fmt: skip
    return governance.import_pack(runner, said, on_done=on_done, on_failed=on_failed)


def _answer(runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"change": subject, "agrees": yes_no(answers, "agrees")}
    return governance.answer_change(runner, said, on_done=on_done, on_failed=on_failed)


def _agencies(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    path = Path(text(answers, "path")).expanduser()
    return governance.bring_in_agencies(runner, path, on_done=on_done, on_failed=on_failed)


@dataclass(frozen=True, slots=True)
class _Change:
    """Changing one value of one pack."""

    pack: str

    def __call__(
        self, runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
    ) -> Job:
        form = ChangeForm(
            pack=self.pack, path=text(answers, "which"), typed=text(answers, "typed"), from_on=day(answers, "from_on"),
            reason=text(answers, "reason"),
        )  # fmt: skip
        return governance.change_value(runner, {"form": form}, on_done=on_done, on_failed=on_failed)

    def asks(self, page: OrganisationPage, subject: RecordId | None) -> tuple[Asked, ...]:
        found = next(row for row in page.packs if row.pack == self.pack)
        return (
            Asked(Ask(name="which", kind=Answer.FROM_LIST, label="What changes"), _values(found)),
            Asked(Ask(name="typed", kind=Answer.LINE, label="New value",
                      hint="As the value now is written: a number, a day such as 2026-12-25, yes or no, or nothing.")),
            *_from_and_why(page),
        )  # fmt: skip


def _holiday(
    runner: Runner, subject: RecordId | None, answers: Answers, on_done: Receiver, on_failed: Receiver
) -> Job:
    said = {"day": day(answers, "day"), "name": text(answers, "name"), "reason": text(answers, "reason")}
    return governance.add_holiday(runner, said, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ what is asked


def _holiday_asks(page: OrganisationPage, subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="day", kind=Answer.DAY, label="Which day")),
        Asked(Ask(name="name", kind=Answer.LINE, label="Which holiday")),
        Asked(Ask(name="reason", kind=Answer.LINE, label="How it is known", hint="Such as: announced on GOV.UK.")),
    )  # fmt: skip


def _user(answers: Answers) -> UserId | None:
    found = record_id(answers, "user")
    return UserId(bytes(found)) if found is not None else None


def _colleagues(page: OrganisationPage) -> Options:
    return tuple((row.user.hex(), row.name or "A colleague") for row in page.colleagues)


def _of(choices: dict[str, str]) -> Options:
    return tuple(choices.items())


def _values(pack: PackRow) -> Options:
    said = {True: "yes", False: "no", None: "nothing"}
    return tuple(
        (one.path, f"{one.words} (now {said[one.now] if one.now is None or isinstance(one.now, bool) else one.now})")
        for one in pack.values
    )  # fmt: skip


def _from_and_why(page: OrganisationPage) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="from_on", kind=Answer.DAY, label="In force from",
                  hint="Cases opened before keep the old one. A change never reaches back."),
              start=page.today.isoformat()),
        Asked(Ask(name="reason", kind=Answer.WORDS, label="Why, and who decided it")),
    )  # fmt: skip


def _office_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    offices = tuple((one.office.code, one.office.words) for one in page.offices)
    return (
        Asked(Ask(name="office", kind=Answer.FROM_LIST, label="Office"), tuple(dict.fromkeys(offices))),
        Asked(Ask(name="user", kind=Answer.FROM_LIST, label="Who holds it",
                  hint="Leave it open for somebody who has no workbook here, and enter the name."), _colleagues(page)),
        Asked(Ask(name="name", kind=Answer.LINE, label="Name of somebody without a workbook", optional=True),
              applies=lambda answers: not text(answers, "user")),
        Asked(Ask(name="since", kind=Answer.DAY, label="Since"), start=page.today.isoformat()),
    )  # fmt: skip


def _office_ends_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (Asked(Ask(name="until", kind=Answer.DAY, label="Last day"), start=page.today.isoformat()),)


def _take_phone_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    first = page.rota.gaps[0].first if page.rota.gaps else page.rota.tonight.night.day
    return (
        Asked(Ask(name="user", kind=Answer.FROM_LIST, label="Who holds the phone",
                  hint="Leave it open for somebody who has no workbook here, and enter the name."), _colleagues(page)),
        Asked(Ask(name="name", kind=Answer.LINE, label="Name of somebody without a workbook", optional=True,
                  hint="For example a service that answers for you."),
              applies=lambda answers: not text(answers, "user")),
        Asked(Ask(name="from_on", kind=Answer.DAY, label="First night", hint="By the day the night begins on."),
              start=first.isoformat()),
        Asked(Ask(name="until_on", kind=Answer.DAY, label="Last night"), start=first.isoformat()),
        Asked(Ask(name="phone", kind=Answer.LINE, label="On which number", optional=True,
                  hint="Only if it is not the usual out-of-hours phone.")),
    )  # fmt: skip


def _leave_phone_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return ()


def _make_card_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="language", kind=Answer.FROM_LIST, label="In which language",
                  hint="A draft says so on the card, until somebody who reads it is named in Texts of letters."),
              page.card_languages, start="en-GB"),
        Asked(Ask(name="format", kind=Answer.ONE, label="In which format"), _of(CARD_FORMATS), start="standard"),
        Asked(Ask(name=TARGET, kind=Answer.LINE, label="Where to put it")),
    )  # fmt: skip


def _training_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    trainings = {one.training.code: one.training.words for one in page.trainings}
    return (
        Asked(Ask(name="user", kind=Answer.FROM_LIST, label="Who did it"), _colleagues(page)),
        Asked(Ask(name="training", kind=Answer.FROM_LIST, label="Which training"), _of(trainings)),
        Asked(Ask(name="done_on", kind=Answer.DAY, label="Done on")),
        Asked(Ask(name="given_by", kind=Answer.LINE, label="Who gave it", optional=True)),
    )


def _copy_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="asked_by", kind=Answer.LINE, label="Who asked")),
        Asked(Ask(name="asked_on", kind=Answer.DAY, label="When they asked"), start=page.today.isoformat()),
        Asked(Ask(name="format", kind=Answer.ONE, label="In which format"), _of(FORMATS)),
        Asked(Ask(name="language", kind=Answer.LINE, label="In which language",
                  hint="As a short code: en for English, so for Somali, cy for Welsh."), start="en"),
    )  # fmt: skip


def _copy_given_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="outsourced_to", kind=Answer.LINE, label="Who makes it, if not us", optional=True,
                  hint="For example who prints Braille, records it, or translates it.")),
        Asked(Ask(name="outsourced_on", kind=Answer.DAY, label="Sent to them on", optional=True)),
        Asked(Ask(name="given_on", kind=Answer.DAY, label="Given on", optional=True)),
        Asked(Ask(name="given_how", kind=Answer.LINE, label="How it was given", optional=True,
                  hint="By hand, by post, by email.")),
    )  # fmt: skip


def _make_copy_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    hint = "A PDF, or plain text for whoever makes Braille, audio, easy read or a translation."
    return (Asked(Ask(name=TARGET, kind=Answer.LINE, label="Where to put it", hint=hint)),)


def _policy_text_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="path", kind=Answer.LINE, label="Text file with the policy",
                  hint="Plain text, with an empty line between paragraphs.")),
        Asked(Ask(name="from_on", kind=Answer.DAY, label="Day of this version"), start=page.today.isoformat()),
    )  # fmt: skip


def _event_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="sort", kind=Answer.ONE, label="What it was"), _of(POLICY_EVENTS)),
        Asked(Ask(name="held_on", kind=Answer.DAY, label="When")),
        Asked(Ask(name="with_whom", kind=Answer.LINE, label="Who took part", hint="How many, and how invited.")),
        Asked(Ask(name="words", kind=Answer.WORDS, label="What came of it")),
    )


def _prevention_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (
        Asked(Ask(name="sort", kind=Answer.FROM_LIST, label="What was done"), _of(PREVENTION)),
        Asked(Ask(name="area", kind=Answer.LINE, label="Area, block or street")),
        Asked(Ask(name="done_on", kind=Answer.DAY, label="When")),
        Asked(Ask(name="people", kind=Answer.NUMBER, label="How many people came", optional=True)),
        Asked(Ask(name="words", kind=Answer.WORDS, label="What was done",
                  hint="Every colleague reads this. Name nobody from a case.")),
    )  # fmt: skip


def _import_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (Asked(Ask(name="path", kind=Answer.LINE, label="The changed pack, a JSON file")), *_from_and_why(page))


def _agencies_asks(page: OrganisationPage, _subject: RecordId | None) -> tuple[Asked, ...]:
    return (Asked(Ask(name="path", kind=Answer.LINE, label="The list of agencies, a JSON file")),)


def _answer_asks(page: OrganisationPage, subject: RecordId | None) -> tuple[Asked, ...]:
    change = next((one for pack in page.packs for one in pack.changes if one.change == subject), None)
    what = f"{change.what}: {change.instead}. {change.by} says: {change.reason}" if change else ""
    return (Asked(Ask(name="agrees", kind=Answer.YES_NO, label="Do you agree to this change?", hint=what)),)


PATHS = {"path": FILE, TARGET: TARGET}
"""Name of a question -> what kind of file it asks for."""

FORMS = {
    form.key: form
    for form in (
        OrganisationForm(
            key="office", title="Somebody takes an office", save="Save", done="Saved.", run=_office, asks=_office_asks,
            lead="Several people may hold one office. Whoever held it before keeps their line.",
        ),
        OrganisationForm(
            key="office-ends", title="An office ends", save="Save", done="Saved.", run=_office_ends,
            asks=_office_ends_asks, lead="That they held it stays on record.",
        ),
        OrganisationForm(
            key="take-phone", title="Somebody takes the out-of-hours phone", save="Save", done="Saved.",
            run=_take_phone, asks=_take_phone_asks,
            lead="A night lasts until the office would open the next day. For a night that somebody else holds, what is"
            " written down last goes before.",
        ),
        OrganisationForm(
            key="leave-phone", title="Take a shift off the rota", save="Take it off", done="Taken off.",
            run=_leave_phone, asks=_leave_phone_asks,
            lead="Who held those nights before holds them again; where nobody did, they become a gap.",
        ),
        OrganisationForm(
            key="make-card", title="Print the out-of-hours card", save="Make it", done="The card is made.",
            run=_make_card, asks=_make_card_asks,
            lead="Numbers for nights, weekends and holidays, and when to call. It says nothing about why, and is about"
            " nobody. For somebody in a case write it from there, so that it is in the file when it was given.",
        ),
        OrganisationForm(
            key="training", title="Training", save="Save", done="Training saved.", run=_training, asks=_training_asks,
            lead="How long a training counts is in the policy pack.",
        ),
        OrganisationForm(
            key="copy", title="Somebody asked for the policy", save="Save", done="Saved.", run=_copy, asks=_copy_asks,
            lead="Everybody may have a copy, in another language or format as well.",
        ),
        OrganisationForm(
            key="copy-given", title="A copy was sent or given", save="Save", done="Saved.", run=_copy_given,
            asks=_copy_given_asks, lead="",
        ),
        OrganisationForm(
            key="make-copy", title="Make a copy of the policy", save="Make it", done="The copy is made.",
            run=_make_copy, asks=_make_copy_asks,
            lead="In your own text if you gave one, otherwise every clause in plain words.",
        ),
        OrganisationForm(
            key="policy-text", title="Our own text of the policy", save="Use it", done="Copies use this text now.",
            run=_policy_text, asks=_policy_text_asks, lead="Copies that were given already stay as they are.",
        ),
        OrganisationForm(
            key="event", title="Consultation or review", save="Save", done="Saved.", run=_event, asks=_event_asks,
            lead="The dates on the page follow from what is written down here.",
        ),
        OrganisationForm(
            key="prevention", title="Prevention", save="Save", done="Saved.", run=_prevention, asks=_prevention_asks,
            lead="What is done before anything happens.",
        ),
        OrganisationForm(
            key="import-pack", title="Bring in a changed pack", save="Propose it", done="The change is written down.",
            run=_import, asks=_import_asks,
            lead="The file is looked through first: every wrong row is named, and what would change.",
        ),
        OrganisationForm(
            key="add-holiday", title="One more bank holiday", save="Propose it", done="The change is written down.",
            run=_holiday, asks=_holiday_asks,
            lead="It travels to every laptop with the exchange, and waits for a second person if there is one.",
        ),
        OrganisationForm(
            key="agencies", title="Bring in a list of agencies", save="Bring them in",
            done="They are in the directory.", run=_agencies, asks=_agencies_asks,
            lead="Agencies that are in the directory already stay as they are. Check the new ones before you use them.",
        ),
        OrganisationForm(
            key="answer-change", title="Change of a pack", save="Save", done="Saved.", run=_answer, asks=_answer_asks,
            lead="It counts once a second person agrees to exactly this.",
        ),
        *(
            OrganisationForm(
                key=f"change-{pack}", title=f"Change: {name[:1].lower()}{name[1:]}", save="Propose it",
                done="The change is written down.", run=_Change(pack), asks=_Change(pack).asks,
                lead="It travels to every laptop with the exchange, and waits for a second person if there is one.",
            )
            for pack, name in PACKS.items()
        ),
    )
}  # fmt: skip


