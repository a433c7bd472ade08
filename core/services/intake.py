"""What comes to a case after its first report: incidents, how it is seen, people, and what became of them.

Policy 3.1, 3.3 and 4.1 to 4.5. Each is a record of its own; nothing that was written down before is changed by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.domain.case import (
    AGE_BANDS,
    PARTY_ROLES,
    PERCEIVERS,
    PERPETRATOR_KNOWN,
    PERSON_SORTS,
    STRANDS,
    Case,
    Party,
    Report,
)
from core.domain.enforcement import TENURES
from core.domain.intake import PERSON_FATES, REPORT_FATES, PersonFate, ReportFate
from core.foundation.ids import RecordId, UserId
from core.policy.alike import places_alike
from core.policy.reports import check_report_fate
from core.policy.second_person import NOT_A_READER
from core.services.access import may_be_second
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.homes import address_of, find_homes
from core.services.report_form import (
    ComplainedAboutForm,
    IncidentForm,
    SeenForm,
    check_incident,
    write_incident,
    write_seen,
    write_standing,
)
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPersonForm:
    """One more person in a case. `about` is said of a person complained about only."""

    case: RecordId
    roles: frozenset[str]
    name: str = ""
    sort: str = ""
    home: RecordId | None = None
    phone: str = ""
    email: str = ""
    language: str = ""
    about: ComplainedAboutForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChangesForm:
    """Everything the page shows of a person, as it is now to stand."""

    party: RecordId
    name: str = ""
    sort: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    format_needed: str = ""
    known: str = ""
    described: str = ""
    age_band: str = ""


_CHANGEABLE = (
    "name", "sort", "phone", "email", "language", "format_needed", "known", "described", "age_band",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFateForm:
    """What a report turned out to be. Malicious needs evidence and a second person; taken back, a word on pressure."""

    report: RecordId
    what: str
    reasons: str
    evidence: str = ""
    pressed: bool | None = None
    second_person: UserId | None = None
    person_told: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFateForm:
    """What became of somebody. `speak_with` is a person of the case, or `speak_with_name` one who comes new to it."""

    party: RecordId
    what: str
    words: str
    since: date | None = None
    speak_with: RecordId | None = None
    speak_with_name: str = ""
    speak_with_phone: str = ""
    authority: str = ""


def add_incident(workspace: Workspace, *, case: RecordId, form: IncidentForm) -> StepRecorded:
    """One more incident in a case there is already (policy 4.4). One is enough for a case; any number may follow.

    Raises:
        FormIncomplete: it says nothing, lies ahead, or names somebody who is not harmed in the case.
    """
    contents = contents_of(workspace, case)
    problems = Problems()
    check_incident(problems, form, workspace.parts.clock.now())
    harmed = {party.id for party in contents.parties if "harmed" in party.roles}
    problems.need(form.harmed <= harmed, "harmed", "Choose people who are harmed in this case.")
    problems.settle()
    with workspace.store.unit("add-incident") as (unit, outcome):
        record = write_incident(unit, case, form)
    return StepRecorded(record, outcome.changed)


def add_perception(workspace: Workspace, *, case: RecordId, form: SeenForm) -> StepRecorded:
    """How one more person sees it, and what they think is behind it (policy 4.1 and 4.2).

    That somebody does not see it as harassment is kept as their view, and changes nothing. A judgement that was made
    stands until somebody judges again; that there is a reason to is then said.
    """
    workspace.store.get(Case, case)
    problems = Problems()
    problems.need(form.perceived_by in PERCEIVERS, "perceived_by", "Choose who sees it that way.")
    told = form.strands or not form.is_harassment
    problems.need(told, "strands", "Tick what they think is behind it, or that no reason is known.")
    problems.among(form.strands, STRANDS, "strands")
    problems.need(form.is_harassment is not None, "is_harassment", "Say whether they see it as harassment.")
    problems.settle()
    with workspace.store.unit("add-perception") as (unit, outcome):
        record = write_seen(unit, case, form, workspace.parts.clock.now())
    return StepRecorded(record, outcome.changed)


def add_person(workspace: Workspace, *, form: NewPersonForm) -> StepRecorded:
    """One more person in a case: harmed, complained about, a witness, or somebody who speaks for another.

    Raises:
        FormIncomplete: no part in the case, or neither a name nor anything that tells who it is.
    """
    found = workspace.store.get(Case, form.case)
    about = form.about or ComplainedAboutForm(known="")
    problems = Problems()
    problems.need(form.roles, "roles", "Choose their part in the case.")
    problems.among(form.roles, PARTY_ROLES, "roles")
    both = {"harmed", "alleged-perpetrator"} <= form.roles
    problems.need(not both, "roles", "Somebody both harmed and complained about is two cases: link them as opposing.")
    said = form.name.strip() or about.described.strip() or form.sort or about.known in ("unknown", "withheld")
    problems.need(said, "name", "Give a name, or describe who it is.")
    problems.among({form.sort} - {""}, PERSON_SORTS, "sort")
    problems.among({about.known} - {""}, PERPETRATOR_KNOWN, "known")
    problems.among({about.age_band} - {""}, AGE_BANDS, "age_band")
    problems.among({about.tenure} - {""}, TENURES, "tenure")
    landlord = about.tenure != "other-landlord" or about.landlord.strip()
    problems.need(landlord, "landlord", "Name their landlord.")
    problems.settle()
    with workspace.store.unit("add-person") as (unit, outcome):
        record = unit.create(
            Party, found.stream, case=form.case, name=form.name, roles=form.roles, sort=form.sort,
            home=form.home or about.home, phone=form.phone, email=form.email, language=form.language, known=about.known,
            described=about.described, age_band=about.age_band,
        )  # fmt: skip
        write_standing(unit, workspace, form.case, record, about)
        if "alleged-perpetrator" in form.roles and _is_better(about.known, found.perpetrator_known):
            unit.update(Case, form.case, perpetrator_known=about.known)
    return StepRecorded(record, outcome.changed)


def change_person(workspace: Workspace, *, form: PersonChangesForm) -> StepRecorded:
    """More is known about a person, or was written down wrongly: whoever was only described is now named (policy 4.11).

    A name they had before stays as another name, so that they are still found by it. What stood before stays in the
    history of the case.

    Raises:
        FormIncomplete: a word that is not on its list.
    """
    party = workspace.store.get(Party, form.party)
    problems = Problems()
    problems.among({form.sort} - {""}, PERSON_SORTS, "sort")
    problems.among({form.known} - {""}, PERPETRATOR_KNOWN, "known")
    problems.among({form.age_band} - {""}, AGE_BANDS, "age_band")
    named = form.known != "named" or form.name.strip()
    problems.need(named, "name", "Enter the name, or choose how well they are known.")
    problems.settle()
    said = {name: getattr(form, name) for name in _CHANGEABLE if getattr(form, name) != getattr(party, name)}
    if "name" in said and party.name.strip():
        said["also_known_as"] = party.also_known_as | {party.name}
    case = workspace.store.get(Case, party.case) if party.case is not None else None
    with workspace.store.unit("change-person") as (unit, outcome):
        if said:
            unit.update(Party, party.id, **said)
        blamed = "alleged-perpetrator" in party.roles
        if case is not None and blamed and _is_better(form.known, case.perpetrator_known):
            unit.update(Case, case.id, perpetrator_known=form.known)
    return StepRecorded(party.id, outcome.changed)


def note_report_fate(workspace: Workspace, *, form: ReportFateForm) -> StepRecorded:
    """What a report turned out to be (policy 4.3). The report, what it led to and what is counted from it all stay.

    Malicious counts once the second person has agreed (`answer_as_second`).

    Raises:
        FormIncomplete: no reasons; nothing about pressure when it was taken back; no evidence or no second person when
            it was found malicious.
    """
    report = workspace.store.get(Report, form.report)
    with workspace.store.unit("note-report-fate") as (unit, outcome):
        values = {
            "case": report.case, "report": report.id, "what": form.what, "evidence": form.evidence,
            "reasons": form.reasons, "pressed": form.pressed, "decided_by": bytes(workspace.user),
            "second_person": bytes(form.second_person or b""), "person_told": form.person_told,
            "decided_at": workspace.parts.clock.now(),
        }  # fmt: skip
        check_report_fate(ReportFate(id=report.id, stream=report.stream, **values))  # type: ignore[arg-type]
        if form.what == "malicious" and report.case is not None:
            problems = Problems()
            reads = may_be_second(workspace, case=report.case, user=form.second_person)
            problems.need(reads, "second_person", NOT_A_READER)
            problems.settle()
        record = unit.create(ReportFate, report.stream, **values)
    return StepRecorded(record, outcome.changed)


def note_person_fate(workspace: Workspace, *, form: PersonFateForm) -> StepRecorded:
    """What became of a person, and whom to speak with instead (policy 3.3). What is not about them alone goes on.

    Raises:
        FormIncomplete: not what, not how we know, or nobody to speak with for somebody who cannot decide.
    """
    party = workspace.store.get(Party, form.party)
    problems = Problems()
    problems.need(form.what in PERSON_FATES, "what", "Choose what happened.")
    problems.need(form.words.strip(), "words", "Write down how we know.")
    today = workspace.parts.clock.now().astimezone(workspace.pack.zone).date()
    problems.need(form.since is None or form.since <= today, "since", "That day has not come yet.")
    somebody = form.speak_with is not None or form.speak_with_name.strip()
    lost = form.what == "lost-capacity"
    problems.need(not lost or somebody, "speak_with_name", "Say who speaks for them. Until somebody does, ask a"
                  " safeguarding lead.")  # fmt: skip
    problems.need(not lost or form.authority.strip(), "authority", "Say by what right, such as a power of attorney.")
    problems.need(form.speak_with != form.party, "speak_with", "Choose somebody else.")
    problems.settle()
    with workspace.store.unit("note-person-fate") as (unit, outcome):
        speak_with = form.speak_with
        if form.speak_with_name.strip():
            speak_with = unit.create(
                Party, party.stream, case=party.case, name=form.speak_with_name, roles={"speaks-for"},
                phone=form.speak_with_phone,
            )  # fmt: skip
        elif speak_with is not None:
            other = workspace.store.get(Party, speak_with)
            unit.update(Party, other.id, roles=other.roles | {"speaks-for"})
        record = unit.create(
            PersonFate, party.stream, case=party.case, party=party.id, what=form.what, since=form.since,
            noted_at=workspace.parts.clock.now(), noted_by=workspace.user, words=form.words, left_home=party.home,
            speak_with=speak_with, authority=form.authority,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def new_home(workspace: Workspace, *, party: RecordId, address: str) -> StepRecorded:
    """Where somebody lives now; after a move, letters and visits go there (policy 3.3).

    An address of one of our homes, however it was typed, becomes that home. Never used for a move for safety: that
    address is kept out of the case.

    Raises:
        FormIncomplete: nothing was typed.
    """
    problems = Problems()
    problems.need(address.strip(), "address", "Enter where they live now.")
    problems.settle()
    numbers = " ".join(word for word in address.replace(",", " ").split() if any(c.isdigit() for c in word))
    offered = (*find_homes(workspace, words=address), *(find_homes(workspace, words=numbers) if numbers else ()))
    ours = {home.id for home in offered if places_alike(address, address_of(home))}
    with workspace.store.unit("new-home") as (unit, outcome):
        if len(ours) == 1:
            unit.update(Party, party, home=ours.pop(), address="")
        else:
            unit.update(Party, party, address=address.strip())
    return StepRecorded(party, outcome.changed)


def _is_better(known: str, before: str) -> bool:
    order = list(PERPETRATOR_KNOWN)
    return known in order and (before not in order or order.index(known) > order.index(before))


# ------------------------------------------------------------------ the story


def _tell_report_fate(one: ReportFate, names: Names) -> Iterator[TimelineEntry | None]:
    body = "\n".join(part for part in (one.reasons, f"Evidence: {one.evidence}" if one.evidence else "") if part)
    waits = ", if a second person agrees" if one.what == "malicious" else ""
    title = f"Report: {REPORT_FATES.get(one.what, one.what).lower()}{waits}"
    yield entry(one, one.decided_at, title, names.get(one.decided_by, ""), body, sensitive=True)


def _tell_person_fate(one: PersonFate, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"A person of the case: {label_of(one, 'what').lower()}"
    yield entry(one, one.noted_at, title, names.get(one.noted_by, ""), one.words, sensitive=True)


TELLERS: dict[str, Teller] = {"report_fate": _tell_report_fate, "person_fate": _tell_person_fate}
