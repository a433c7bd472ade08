"""Every record type there is, in one list. What is not in it has no table and no wire form."""

from __future__ import annotations

from core.domain import (
    access,
    audit,
    case,
    confidential,
    documents,
    doors,
    enforcement,
    estate,
    exchange,
    letters,
    organisation,
    personal,
    plan,
    retention,
    risk,
)
from core.domain.declare import Record

RECORD_TYPES: tuple[type[Record], ...] = (
    organisation.Organisation,
    organisation.Member,
    organisation.QuestionSet,
    organisation.RecoveryEvent,
    estate.Home,
    estate.Household,
    estate.Resident,
    case.Case,
    case.Report,
    case.Incident,
    case.Perception,
    case.Judgement,
    case.Party,
    case.SafeContact,
    case.Contact,
    case.Note,
    case.Graffiti,
    case.Review,
    case.Closure,
    case.Survey,
    case.PoliceRequest,
    case.AssociationMessage,
    access.ConflictCheck,
    exchange.WordsCheck,
    audit.AuditKeeper,
    audit.AuditEntry,
    confidential.Compartment,
    confidential.PrivateInterview,
    confidential.InterviewNote,
    confidential.CompartmentStub,
    letters.LetterRun,
    letters.LetterRecord,
    personal.OwnLaptop,
    documents.Attachment,
    doors.VisitRound,
    doors.VisitDoor,
    doors.Visit,
    doors.WarningGiven,
    doors.PoliceChase,
    doors.KnownPlace,
    doors.GraffitiJudgement,
    doors.ContractorOrder,
    risk.RiskAssessment,
    risk.RespondentAssessment,
    risk.DomesticAbuse,
    risk.Safeguarding,
    enforcement.StandingOfPerson,
    enforcement.Proportionality,
    enforcement.ToolUsed,
    enforcement.Breach,
    enforcement.LandlordRequest,
    enforcement.RightsAdvice,
    enforcement.Publicity,
    enforcement.CaseLink,
    plan.Wish,
    plan.SupportOffer,
    plan.ActionPlan,
    plan.PlanAction,
    retention.LegalHold,
    retention.Deletion,
    retention.DeletionAgreed,
)


APPEND_ONLY = frozenset(kind.SPEC.name for kind in RECORD_TYPES if kind.SPEC.append_only)
"""The types of which nobody changes or deletes a record."""


def record_type(name: str) -> type[Record] | None:
    """The type whose wire name is `name`; None if this version does not know it."""
    return next((kind for kind in RECORD_TYPES if kind.SPEC.name == name), None)
