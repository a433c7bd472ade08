"""Every field a template may name: what it means, and how an officer is asked for it. A fixed list, and pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from types import MappingProxyType


class FieldSort(enum.Enum):
    """Where a value comes from, and so whether and how an officer is asked for it."""

    OURS = "ours"
    """From the organisation's own details, or from the program."""
    LINE = "line"
    LINES = "lines"
    """Several lines; as an item of a list, each line becomes an item of its own."""
    DAY = "day"
    YES = "yes"
    """Said or not: only for conditions."""


@dataclass(frozen=True, slots=True)
class Field:
    """`means` says it in a sentence about a template, `label` is the question on the page that fills a letter."""

    name: str
    means: str
    sort: FieldSort = FieldSort.OURS
    label: str = ""


_LINE, _LINES, _DAY, _YES = FieldSort.LINE, FieldSort.LINES, FieldSort.DAY, FieldSort.YES

_ALL = (
    Field("salutation", "who the letter greets, without Dear"),
    Field("address", "the address block, one line each"),
    Field("date", "the date of the letter, in words"),
    Field("reference", "a neutral reference for this letter"),
    Field("organisation_name", "the organisation's full name"),
    Field("organisation_contact", "its address and numbers for the letterhead, one line each"),
    Field("phone", "the number to call"),
    Field("email", "the e-mail address to write to"),
    Field("out_of_hours", "the number for evenings and weekends"),
    Field("report_web", "the web page for reports"),
    Field("officer_name", "who signs"),
    Field("survey_questions", "the questions of the survey in use with boxes to tick, alone in a paragraph"),
    Field("officer_role", "the signatory's role"),
    Field("footer", "the small line at the foot of the first page"),
    Field("in_wales", "yes, if the person lives in Wales", _YES,
          "Do they live in Wales, with another ombudsman and helpline?"),
    Field("in_england", "yes, unless the person lives in Wales"),
    Field("witnesses", "yes, if people who saw something are asked to come forward", _YES,
          "Are people who saw something asked to come forward?"),
    Field("appointment_date", "the date of an appointment", _DAY, "Day of the appointment"),
    Field("appointment_time", "the time of an appointment", _LINE, "Time of the appointment"),
    Field("appointment_place", "the place of an appointment", _LINE, "Where"),
    Field("appointment_about", "what an appointment is about, in words anybody may read", _LINE,
          "What it is about, in words anybody may read"),
    Field("reply_by", "the date by which an answer is asked", _DAY, "Answer asked by"),
    Field("note", "anything else to say, in the officer's own words", _LINES, "Anything else to say"),
    Field("area", "the street, block or estate", _LINE, "Street, block or estate"),
    Field("behaviour", "the behaviour in general words, one kind a line", _LINES, "The behaviour, one kind a line"),
    Field("period", "the time it is about, in words that do not point to anybody", _LINE,
          "The time it is about, in words that point to nobody"),
    Field("tenancy_clause", "the part of the tenancy agreement", _LINE, "Part of the tenancy agreement"),
    Field("findings", "what was admitted or found, one a line", _LINES, "What was admitted or found, one a line"),
    Field("earlier_warnings", "the dates of earlier warnings", _LINE, "Dates of earlier warnings"),
    Field("account", "what the person said, and how it was considered", _LINES,
          "What the person said, and how you considered it"),
    Field("proportion", "why this step is proportionate", _LINES, "Why this step is proportionate"),
    Field("next_step", "the next step the law allows for this tenancy", _LINE,
          "Next step the law allows for this tenancy"),
    Field("warning_until", "the day until which a warning counts", _DAY, "The warning counts until"),
    Field("child_name", "the name of a child", _LINE, "Name of the child"),
    Field("tenant_name", "the name of the person a landlord or agency is asked about", _LINE,
          "Name of the person it is about"),
    Field("tenant_address", "the address of that person", _LINE, "Their address"),
    Field("asked_for", "what is asked, one thing a line", _LINES, "What you ask for, one thing a line"),
    Field("sharing_basis", "on what basis something is shared", _LINE, "Basis for sharing"),
    Field("agency_reason", "why an agency is asked for help", _LINES, "Why you ask for help"),
    Field("safe_ways", "how the person may be reached safely", _LINES, "How the person may be reached safely"),
    Field("needs", "language, access and other needs", _LINES, "Language, access and other needs"),
    Field("risks", "risks a visitor should know of", _LINES, "Risks a visitor should know of"),
    Field("other_agencies", "who else is involved", _LINE, "Who else is involved"),
    Field("plan_wanted", "what the person hopes for", _LINES, "What the person hopes for"),
    Field("plan_ours", "what the landlord will do, one thing a line", _LINES, "What we will do, one thing a line"),
    Field("plan_theirs", "what the person will do, one thing a line", _LINES, "What the person will do, one a line"),
    Field("plan_others", "what others will do, one thing a line", _LINES, "What others will do, one thing a line"),
    Field("contact_way", "how we keep in touch", _LINE, "How we keep in touch"),
    Field("contact_every", "how often we are in touch", _LINE, "How often"),
    Field("not_without_asking", "what is not done without asking first", _LINES, "What we will not do without asking"),
    Field("act_anyway", "when we may have to act all the same", _LINES, "When we may have to act all the same"),
    Field("review_on", "the day of the next review", _DAY, "Next review on"),
    Field("closing_reasons", "why a case is closed", _LINES, "Why the case is closed"),
    Field("what_was_done", "what was done, one thing a line", _LINES, "What was done, one thing a line"),
    Field("appeal_by", "the last day to appeal", _DAY, "Last day to appeal"),
    Field("appeal_received", "the day an appeal was received", _DAY, "Day the appeal was received"),
    Field("appeal_upheld", "yes, if the person was right to appeal", _YES, "Was the person right to appeal?"),
    Field("appeal_partly", "yes, if the person was right in part", _YES, "Was the person right in part?"),
    Field("appeal_late", "yes, if the appeal came after the time for it", _YES, "Did the appeal come too late?"),
    Field("appeal_open", "yes, if the file stays open or is opened again", _YES, "Does the file stay open?"),
    Field("appeal_refused", "yes, if the decision stays as it was", _YES, "Does the decision stay as it was?"),
    Field("appeal_reasons", "the reasons of the decision on an appeal", _LINES, "Reasons for the decision"),
    Field("decided_by", "who decided", _LINE, "Who decided"),
    Field("transfer_granted", "yes, if a move is granted", _YES, "Is the move granted?"),
    Field("transfer_refused", "yes, if a move is not granted", _YES, "Is the move refused?"),
    Field("transfer_reasons", "the reasons of the decision on a move", _LINES, "Reasons for the decision"),
    Field("transfer_next", "what happens next with a move", _LINES, "What happens next"),
    Field("patrol_times", "when the police are asked to be seen", _LINE, "When they should be seen"),
    Field("patrol_reason", "why, without anything that points to a person", _LINES,
          "Why, without anything that points to a person"),
    Field("police_reference", "the reference of the police", _LINE, "Reference of the police"),
    Field("visit_when", "when we called", _LINE, "When you called"),
    Field("visit_next", "when we will try again", _LINE, "When you will try again"),
)  # fmt: skip

FIELDS_BY_NAME = MappingProxyType({field.name: field for field in _ALL})

FIELDS = MappingProxyType({field.name: field.means for field in _ALL})
"""Every field a template may name, with what it means."""
