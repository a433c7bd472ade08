"""Everything the page of one case shows, in one go: the file, what comes next, and who can read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.case import Case, Closure
from core.domain.estate import Home
from core.domain.organisation import Member
from core.domain.risk import Safeguarding
from core.foundation.ids import RecordId
from core.policy.closing import ClosureNext, closure_next, current_closure
from core.policy.definition import acts_by_severity, judgements_agreed, monitored_strands, why_judge_again
from core.policy.duties import Setting
from core.policy.finding import Finding
from core.policy.no_perpetrator import Step, steps_when_nobody_named
from core.policy.places import RepeatPlace
from core.policy.powers import LegalPack
from core.policy.retention import kept_until
from core.policy.risk import case_risk, why_assess
from core.policy.risk_questions import Questions
from core.policy.safe_contact import WaysToContact, ways_in
from core.policy.survey_questions import SurveyQuestions
from core.policy.wishes import why_not_approach
from core.services.access import PersonRow, ReaderRow, kept_out_of, may_be_reader, readers_of
from core.services.agencies import AgencyRow, agencies_of
from core.services.cases import CaseFile, open_case
from core.services.conflicts import Connection, connections
from core.services.existing import complained_about_elsewhere
from core.services.homes import address_of
from core.services.known_places import repeats_of_case
from core.services.mirror import mirror_of
from core.services.officers import NOTHING_TO_SAY, Nagging, nagging_of_case
from core.services.retention import DeletionAsked, deletions_asked
from core.services.risk import questions_in_use
from core.services.surveys import survey_asked
from core.services.versions import Contested, versions_of_case
from core.services.workspace import Workspace
from core.store import casebook
from core.store.contents import CaseContents
from core.store.store import table_of

OTHER_CASES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """The file of a case and what follows from it. `closure` is the proposal to close that holds, if any.

    `steps` are the steps of policy 4.11 and 4.12; empty when somebody is named. `homes` are the addresses of
    the homes the file names; `lead` is a name.
    """

    file: CaseFile
    ways: WaysToContact
    steps: tuple[Step, ...]
    closing: ClosureNext
    closure: Closure | None
    setting: Setting
    """The policy and the time the page was read at."""
    readers: tuple[ReaderRow, ...]
    kept_out: tuple[PersonRow, ...]
    could_read: tuple[PersonRow, ...]
    lead: str
    homes: dict[RecordId, str]
    connections: tuple[Connection, ...] = ()
    """Colleagues who may be connected with somebody in it, about whom nobody has decided."""
    contested: tuple[Contested, ...] = ()
    """What was written apart on two laptops and waits for a choice."""
    risk_questions: Questions
    legal: LegalPack
    """The powers as the list says them today."""
    why_assess_risk: str = ""
    deletions: tuple[DeletionAsked, ...] = ()
    repeats: tuple[RepeatPlace, ...] = ()
    """The places of the case, and how often things happen there over the cases this person may read."""
    names: Mapping[bytes, str] = field(default_factory=dict)
    """Who works here, by user."""
    kept_until: datetime | None = None
    """When the time of a closed case is over."""
    other_cases: tuple[OtherCase, ...] = ()
    """The newest other cases this person may read, to link one with this."""
    agencies: tuple[AgencyRow, ...] = ()
    """The directory of agencies."""
    gravest: tuple[str, ...] = ()
    """The kinds of act of the case, gravest first (policy 4.5)."""
    monitored: frozenset[str] = frozenset()
    """As which strands the regulator counts it, whatever was judged (policy 4.1)."""
    judge_again: str = ""
    """Why how it is handled is to be decided again (policy 4.3)."""
    elsewhere: Mapping[RecordId, tuple[str, ...]] = field(default_factory=dict)
    """A person complained about -> the references of other cases this person may read about somebody of that name."""
    not_to_be_approached: str = ""
    """Why the person complained about is not to be approached yet, as a sentence (policy 1.1)."""
    missing: tuple[Finding, ...] = ()
    """What an investigator would find missing today."""
    asked: Mapping[RecordId, SurveyQuestions] = field(default_factory=dict)
    """Survey -> the questions it was sent with."""
    officer: Nagging = NOTHING_TO_SAY
    """What to say before this person visits somebody who asked for another officer (policy 4.27)."""

    @property
    def risk(self) -> str:
        """The risk of the case; empty if nobody was assessed."""
        return case_risk(self.file.contents)

    @property
    def concerns(self) -> tuple[Safeguarding, ...]:
        """What was written down about safeguarding."""
        return self.file.contents.of(Safeguarding)


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case by its reference."""

    case: RecordId
    reference: str


def read_case(workspace: Workspace, *, case: RecordId) -> CasePage:
    """One case with everything its page shows.

    Raises:
        NotFound: there is no such case in this vault.
    """
    file = open_case(workspace, case=case)
    facts = file.contents
    setting = workspace.setting_of(facts)
    names = {member.user: member.name for member in workspace.store.select(Member)}
    wanted = {facts.case.home, *(party.home for party in facts.parties)} - {None}
    homes = workspace.store.select(Home, table_of(Home).c.id.in_(wanted)) if wanted else ()
    return CasePage(
        file=file, ways=ways_in(facts), steps=steps_when_nobody_named(facts, setting),
        closing=closure_next(facts, setting), closure=current_closure(facts), setting=setting,
        readers=readers_of(workspace, case),
        kept_out=kept_out_of(workspace, case), could_read=may_be_reader(workspace, case),
        lead=names.get(facts.case.lead, ""), homes={home.id: address_of(home) for home in homes},
        connections=connections(workspace, case=case), contested=versions_of_case(workspace, case=case),
        deletions=deletions_asked(workspace, case=case), kept_until=kept_until(facts, setting),
        repeats=repeats_of_case(workspace, facts), names=names,
        asked={one.id: survey_asked(workspace, one) for one in facts.surveys},
        risk_questions=questions_in_use(workspace), legal=workspace.shelf.legal(workspace.today),
        why_assess_risk=why_assess(facts, setting),
        other_cases=_others(workspace, case), not_to_be_approached=why_not_approach(facts),
        agencies=agencies_of(workspace), missing=mirror_of(workspace, facts), elsewhere=_elsewhere(workspace, facts),
        gravest=acts_by_severity(facts.incidents, workspace.pack),
        monitored=monitored_strands(facts.perceptions, workspace.pack),
        judge_again=why_judge_again(facts.perceptions, judgements_agreed(facts, workspace.pack), workspace.pack),
        officer=nagging_of_case(workspace, facts),
    )  # fmt: skip


def _elsewhere(workspace: Workspace, facts: CaseContents) -> dict[RecordId, tuple[str, ...]]:
    found = complained_about_elsewhere(workspace, facts)
    wanted = [case for cases in found.values() for case in cases]
    named = {case: workspace.store.get(Case, case).reference for case in wanted[:OTHER_CASES]}
    return {party: tuple(sorted(named[case] for case in cases if case in named)) for party, cases in found.items()}


def _others(workspace: Workspace, case: RecordId) -> tuple[OtherCase, ...]:
    with workspace.store.reading() as connection:
        rows = casebook.case_page(connection, after=None, limit=OTHER_CASES)
    return tuple(OtherCase(row.id, row.reference) for row in rows if row.id != case)
