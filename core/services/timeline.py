"""The story of a case, newest first: what happened, who wrote it down, and whether to fold it away."""

from __future__ import annotations

from core.domain.case import Incident, Judgement, Perception, Report
from core.domain.organisation import Member
from core.policy.out_of_hours import who_answered
from core.services import surveys
from core.services.chapters import TELLERS
from core.services.telling import Names, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.store.contents import CaseContents


def timeline_of(workspace: Workspace, contents: CaseContents) -> tuple[TimelineEntry, ...]:
    """Every dated thing in the case, newest first."""
    names: Names = {member.user: member.name for member in workspace.store.select(Member)}
    entries = [
        *(_received(workspace, r, names) for r in contents.reports),
        *(entry(i, i.happened_at, f"Incident: {_acts(i)}", "", i.description, sensitive=True)
          for i in contents.incidents),
        *(entry(p, p.stated_at, _seen(p), "", _strands(p))
          for p in contents.perceptions),
        *(entry(j, j.decided_at, f"Decision: {label_of(j, 'handling').lower()}", names.get(j.decided_by, ""),
                _decided(j, names)) for j in contents.judgements),
        *(entry(c, c.at, f"{label_of(c, 'way')}: {label_of(c, 'outcome').lower()}", names.get(c.by, ""), c.notes)
          for c in contents.contacts),
        *(entry(n, n.at, "Note", names.get(n.by, ""), n.body) for n in contents.notes),
        *(entry(g, g.notified_at, f"Graffiti reported: {g.place}", "", "") for g in contents.graffiti),
        *(entry(g, g.removed_at, f"Graffiti removed: {g.place}", "", "") for g in contents.graffiti),
        *(entry(r, r.reviewed_at, "Review", names.get(r.by, ""), r.findings) for r in contents.reviews),
        *(entry(p, p.asked_at, f"Police asked: {p.asked_of}", "", "" if p.replied_at else p.reply)
          for p in contents.police_requests),
        *(entry(p, p.replied_at, "The police answered", "", p.reply) for p in contents.police_requests),
        *(entry(m, m.sent_at, "Tenants' association told", "", m.words) for m in contents.association_messages),
        *(entry(run, run.planned_at, f"Letters to {run.area}", names.get(run.planned_by, ""), run.reason)
          for run in contents.letter_runs),
        *(entry(c, c.proposed_at, "Closing proposed", names.get(c.proposed_by, ""), c.reason)
          for c in contents.closures),
        *(entry(c, c.withdrawn_at, "Proposal to close taken back", names.get(c.withdrawn_by, ""), c.withdrawn_because)
          for c in contents.closures),
        *(entry(c, c.closed_at, "Case closed", names.get(c.closed_by, ""), "") for c in contents.closures),
        *(told for s in contents.surveys for told in surveys.TELLERS[s.SPEC.name](s, names)),
    ]  # fmt: skip
    for name, records in contents.more.items():
        tell = TELLERS.get(name)
        if tell is not None:
            entries += [told for record in records for told in tell(record, names)]
    dated = (told for told in entries if told)
    return tuple(sorted(dated, key=lambda told: (told.at, told.record), reverse=True))


def _received(workspace: Workspace, report: Report, names: Names) -> TimelineEntry | None:
    recorder = names.get(report.received_by, "")
    answered = who_answered(report, workspace.pack, workspace.calendar, recorder)
    title = f"Report received {label_of(report, 'channel').lower()}"
    if answered:
        title = f"{title}, out of hours: {answered} answered"
    return entry(report, report.received_at, title, recorder, report.words, sensitive=True)


def _acts(incident: Incident) -> str:
    acts = Incident.SPEC.fields["acts"]
    named = [label for code, label in acts.choices.items() if code in incident.acts]
    return "; ".join(named).lower() if named else "kind not yet recorded"


def _seen(perception: Perception) -> str:
    view = "as harassment" if perception.is_harassment else "otherwise"
    return f"Seen {view} by: {label_of(perception, 'perceived_by').lower()}"


def _strands(perception: Perception) -> str:
    strands = Perception.SPEC.fields["strands"]
    named = ", ".join(label for code, label in strands.choices.items() if code in perception.strands)
    tied = "by association, or taken for one of them" if perception.by_association else ""
    return "\n".join(part for part in (", ".join(one for one in (named, tied) if one), perception.words) if part)


def _decided(judgement: Judgement, names: Names) -> str:
    second = names.get(judgement.second_person, "A colleague") if judgement.second_person else ""
    told = {True: "The person was told.", False: "The person has not been told."}.get(judgement.person_told, "")  # type: ignore[arg-type]
    parts = (judgement.reasons, f"Evidence: {judgement.evidence}" if judgement.evidence else "",
             f"Second person asked: {second}." if second else "", told)  # fmt: skip
    return "\n".join(part for part in parts if part)
