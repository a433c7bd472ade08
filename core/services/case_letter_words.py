"""What a letter about a case says: the values its fields take from the case, and the letter they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.domain.agencies import SERVICES, Referral
from core.domain.case import CONTACT_WAYS, Closure, Party, PoliceRequest
from core.domain.closing import Appeal
from core.domain.enforcement import LandlordRequest
from core.domain.estate import FORMATS, Home, Household
from core.domain.organisation import Member
from core.domain.plan import PlanAction
from core.domain.safety import ManagementTransfer
from core.foundation.errors import NotFound
from core.foundation.ids import RecordId
from core.letters.addresses import block_lines
from core.letters.fields import FIELDS_BY_NAME, FieldSort
from core.letters.languages import say_day_in
from core.letters.model import Layout
from core.letters.salutation import PersonName, household_name, salutation_for
from core.letters.templates import Template
from core.policy.action_plan import plans_now
from core.policy.appeals import RIGHT, is_decided, keeps_open, time_ends_at
from core.policy.calendar import known as known_moment
from core.policy.closing import current_closure
from core.policy.duties import Setting
from core.policy.enforcement import standing_now
from core.policy.nations import WALES, nation_of
from core.policy.outgoing import words_for_other, words_of_finding
from core.services.homes import address_lines, address_of
from core.services.letter_words import questions_of, say_day
from core.services.organisation import my_member, organisation
from core.services.workspace import Workspace
from core.store.contents import CaseContents
from core.store.store import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What the case knows for a letter. `values` by field, a day as YYYY-MM-DD.

    `asked`: fields an officer fills in; `needed`: fields that may not be left empty.
    """

    addressee: str = ""
    address: str = ""
    letter_format: str = "standard"
    values: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()


def asked_of(template: Template) -> tuple[str, ...]:
    """The fields of a template an officer fills in, in the order of the text."""
    order = {name: template.source.find(f"{name}]]") for name in template.fields()}
    named = [name for name in template.fields() if FIELDS_BY_NAME[name].sort is not FieldSort.OURS]
    return tuple(sorted(named, key=lambda name: order[name]))


def suggest(
    workspace: Workspace, contents: CaseContents, template: Template, party: RecordId | None,
    about: RecordId | None = None,
) -> Suggested:  # fmt: skip
    """Fill what the case already says; the officer looks at everything. `about`: the appeal, if it is about one."""
    person = next((one for one in contents.parties if one.id == party), None)
    setting = workspace.setting_of(contents)
    known = dict(_known(workspace, contents, person, setting, about))
    if template.identity.template_id == "survey":
        known["reply_by"] = _day(setting.due_after(setting.now, setting.pack.terms["survey_answer"].term), setting)
    asked = asked_of(template)
    home = workspace.store.find(Home, person.home) if person is not None and person.home else None
    is_to_parent = "parent" in template.use.audiences
    standing = standing_now(contents).get(party)
    name = (standing.parent if standing else "") if is_to_parent else (person.name if person else "")
    if is_to_parent and person is not None:
        known["child_name"] = person.name
    return Suggested(
        addressee=household_name((PersonName(full=name),)) if name else "",
        address="\n".join(address_lines(home)) if home is not None else "",
        letter_format=_format_of(workspace, person) if person else "standard",
        values={name: known[name] for name in asked if known.get(name)},
        asked=asked,
        needed=template.required_fields(),
    )


def merged(  # everything a letter is made of, by keyword
    workspace: Workspace, template: Template, *, addressee: str, address: str, values: Mapping[str, str], day: date,
    reference: str,
) -> dict[str, str]:  # fmt: skip
    """Every value as it is printed, the landlord's own among them: with the template's text it makes the letter again.

    Raises:
        FormIncomplete: the address cannot be delivered to.
    """
    ours = organisation(workspace)
    contact = "\n".join(filter(None, (ours.address, ours.phone, ours.email)))
    is_letter = template.use.layout is Layout.LETTER
    language = template.identity.language
    said = {name: _spoken(name, value, language) for name, value in values.items() if name in FIELDS_BY_NAME}
    me = _me(workspace)
    return {
        **said, "date": say_day_in(day, language) if is_letter else "", "reference": reference if is_letter else "",
        "salutation": salutation_for((PersonName(full=addressee),), by_name=True),
        "address": _block(address, addressee) if is_letter else "",
        "organisation_name": ours.letter_name or ours.name, "organisation_contact": contact or ours.name,
        "phone": ours.phone, "email": ours.email, "report_web": ours.website, "out_of_hours": ours.out_of_hours,
        "in_england": "" if said.get("in_wales") else "yes", **questions_of(workspace, template),
        "officer_name": said.get("officer_name", me[0]), "officer_role": said.get("officer_role", me[1]),
    }  # fmt: skip


def closing_words(closure: Closure, reasons: str) -> str:
    """The reasons for closing as the letter gives them: what was found first (policy 4.29)."""
    return "\n".join(part for part in (words_of_finding(closure.finding), reasons) if part)


def _block(address: str, addressee: str) -> str:
    """What stands in the window; the name alone where no home is known, to be handed over or sent by email."""
    return "\n".join(block_lines(address.split("\n"), name=addressee)) if address.strip() else addressee


def format_code(words: str) -> str:
    """The format somebody asked for, by its code or its words; empty if it is on no list."""
    said = words.strip()
    by_words = {name.casefold(): code for code, name in FORMATS.items()}
    return said if said in FORMATS else by_words.get(said.casefold(), "")


def _format_of(workspace: Workspace, person: Party) -> str:
    """What the person asked for themselves, then what their household is known to need."""
    if person.format_needed.strip() or person.home is None:
        return format_code(person.format_needed) or "standard"
    table = table_of(Household)
    lives = workspace.store.select(Household, table.c.home == person.home, table.c.moved_out_on.is_(None))
    return next((one.format_needed for one in lives if one.format_needed in FORMATS), "standard")


def _me(workspace: Workspace) -> tuple[str, str]:
    try:
        member = my_member(workspace)
    except NotFound:
        return "", ""
    return member.name, member.job_title


def _spoken(name: str, value: str, language: str) -> str:
    if FIELDS_BY_NAME[name].sort is FieldSort.DAY and value:
        try:
            return say_day_in(date.fromisoformat(value), language)
        except ValueError:
            return value
    return value


def _known(
    workspace: Workspace, contents: CaseContents, person: Party | None, setting: Setting, about: RecordId | None
) -> Iterator[tuple[str, str]]:
    """What the records of the case say for a field, by its name; a later value goes before an earlier one."""
    who = person.id if person else None
    yield from _plan(contents, who, setting)
    for asked in contents.of(LandlordRequest):
        yield "sharing_basis", asked.basis
    for transfer in contents.of(ManagementTransfer):
        yield "transfer_reasons", transfer.reasons
        yield "transfer_granted", "yes" if transfer.decision == "awarded" else ""
        yield "transfer_refused", "yes" if transfer.decision == "not-awarded" else ""
        yield "decided_by", transfer.authority
    yield from _closing(contents, who, setting)
    yield from _appeal(workspace, contents, who, setting, about)
    for referral in contents.of(Referral):
        yield "agency_reason", referral.reason
        yield "asked_for", SERVICES.get(referral.service, "")
    for request in contents.police_requests:
        yield "police_reference", _reference_of(request)
    home = workspace.store.find(Home, person.home) if person is not None and person.home else None
    if person is not None:
        yield "tenant_name", person.name
    yield "in_wales", "yes" if nation_of(home.postcode if home else "", setting.pack) == WALES else ""
    if home is not None:
        yield "tenant_address", address_of(home)
    yield "safe_ways", _safe_ways(contents, who)


def _reference_of(request: PoliceRequest) -> str:
    return request.reference


def _plan(contents: CaseContents, who: RecordId | None, setting: Setting) -> Iterator[tuple[str, str]]:
    plan = plans_now(contents).get(who)
    if plan is None:
        return
    actions = [one for one in contents.of(PlanAction) if one.plan == plan.id]
    for name, wanted in (("plan_ours", ("landlord",)), ("plan_theirs", ("person",)), ("plan_others", ("agency",))):
        yield name, "\n".join(_action(one) for one in actions if one.who in wanted)
    yield "plan_wanted", plan.outcome_wanted
    yield "contact_way", CONTACT_WAYS.get(plan.contact_way, "")
    days = plan.contact_days
    yield "contact_every", f"every {days} days" if days and days > 1 else "every day" if days else ""
    yield "not_without_asking", plan.not_without_asking
    yield "act_anyway", plan.when_we_act_anyway
    del setting


def _action(one: PlanAction) -> str:
    by = f", by {say_day(one.by_when)}" if one.by_when else ""
    agency = f"{one.agency}: " if one.agency else ""
    return f"{agency}{one.what}{by}"


def _closing(contents: CaseContents, who: RecordId | None, setting: Setting) -> Iterator[tuple[str, str]]:
    closure = current_closure(contents)
    if closure is not None:
        yield "closing_reasons", closing_words(closure, closure.reason)
        yield "note", f"If {words_for_other(closure.finding)} does anything like this again, please tell us at once."
        ends = time_ends_at(contents, closure, who, setting)
        # The letter itself begins the time: until then it runs from the day it is written.
        yield "appeal_by", _day(ends or setting.due_after(setting.now, setting.pack.clocks.appeal.term), setting)


def _appeal(
    workspace: Workspace, contents: CaseContents, who: RecordId | None, setting: Setting, about: RecordId | None
) -> Iterator[tuple[str, str]]:
    appeals = [
        one
        for one in contents.of(Appeal)
        if known_moment(one.made_at) is not None and (one.id == about or (one.party == who and about is None))
    ]
    latest = max(appeals, key=lambda one: (known_moment(one.made_at) or setting.now, one.id), default=None)
    if latest is None:
        return
    yield "appeal_received", _day(latest.made_at, setting)
    if is_decided(contents, latest, setting):
        yield "appeal_upheld", "yes" if latest.decision == "upheld" else ""
        yield "appeal_partly", "yes" if latest.decision == "partly" else ""
        yield "appeal_refused", "" if latest.decision in {*RIGHT, "late"} else "yes"
        yield "appeal_late", "yes" if latest.decision == "late" else ""
        yield "appeal_open", "yes" if keeps_open(contents, latest, setting) else ""
        yield "appeal_reasons", latest.reasons
        decided_by = next((one.name for one in workspace.store.select(Member) if one.user == latest.decided_by), "")
        yield "decided_by", decided_by or "a colleague"


def _day(at: datetime | None, setting: Setting) -> str:
    return at.astimezone(setting.pack.zone).date().isoformat() if at is not None else ""


def _safe_ways(contents: CaseContents, who: RecordId | None) -> str:
    lines = []
    for rule in contents.safe_contacts:
        if rule.party != who and who is not None and rule.party is not None:
            continue
        lines += [f"{words}: safe" for code, words in CONTACT_WAYS.items() if code in rule.safe_ways]
        lines += [f"{words}: never" for code, words in CONTACT_WAYS.items() if code in rule.unsafe_ways]
        lines += [f"When: {rule.times}"] if rule.times else []
    return "\n".join(lines)
