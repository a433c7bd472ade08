"""The story of a case, newest first: what happened, who wrote it down, and whether to fold it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Incident, Perception
from core.domain.declare import Record
from core.domain.organisation import Member
from core.foundation.ids import RecordId
from core.services.workspace import Workspace
from core.store.contents import CaseContents


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry. `sensitive` text is folded until somebody asks to read it. `who` may be empty."""

    at: datetime
    title: str
    who: str
    body: str
    sensitive: bool
    record: RecordId


def timeline_of(workspace: Workspace, contents: CaseContents) -> tuple[TimelineEntry, ...]:
    """Every dated thing in the case, newest first."""
    names = {member.user: member.name for member in workspace.store.select(Member)}
    entries = [
        *(_entry(r, r.received_at, f"Report received {_label(r, 'channel').lower()}", names.get(r.received_by, ""),
                 r.words, sensitive=True) for r in contents.reports),
        *(_entry(i, i.happened_at, f"Incident: {_acts(i)}", "", i.description, sensitive=True)
          for i in contents.incidents),
        *(_entry(p, p.stated_at, f"Seen as harassment by: {_label(p, 'perceived_by').lower()}", "", _strands(p))
          for p in contents.perceptions),
        *(_entry(j, j.decided_at, f"Decision: {_label(j, 'handling').lower()}", names.get(j.decided_by, ""), j.reasons)
          for j in contents.judgements),
        *(_entry(c, c.at, f"{_label(c, 'way')}: {_label(c, 'outcome').lower()}", names.get(c.by, ""), c.notes)
          for c in contents.contacts),
        *(_entry(n, n.at, "Note", names.get(n.by, ""), n.body) for n in contents.notes),
        *(_entry(g, g.notified_at, f"Graffiti reported: {g.place}", "", "") for g in contents.graffiti),
        *(_entry(g, g.removed_at, f"Graffiti removed: {g.place}", "", "") for g in contents.graffiti),
        *(_entry(r, r.reviewed_at, "Review", names.get(r.by, ""), r.findings) for r in contents.reviews),
        *(_entry(p, p.asked_at, f"Police asked: {p.asked_of}", "", p.reply) for p in contents.police_requests),
        *(_entry(m, m.sent_at, "Tenants' association told", "", m.words) for m in contents.association_messages),
        *(_entry(run, run.planned_at, f"Letters to {run.area}", names.get(run.planned_by, ""), run.reason)
          for run in contents.letter_runs),
        *(_entry(c, c.proposed_at, "Closing proposed", "", c.reason) for c in contents.closures),
        *(_entry(c, c.appealed_at, "The person appealed", "", "") for c in contents.closures),
        *(_entry(c, c.closed_at, "Case closed", "", "") for c in contents.closures),
        *(_entry(s, s.sent_at, "Satisfaction survey sent", "", "") for s in contents.surveys),
    ]  # fmt: skip
    dated = (entry for entry in entries if entry)
    return tuple(sorted(dated, key=lambda entry: (entry.at, entry.record), reverse=True))


def _entry(
    record: Record, at: datetime | None, title: str, who: str, body: str, *, sensitive: bool = False
) -> TimelineEntry | None:
    return None if at is None else TimelineEntry(at, title, who, body, sensitive, record.id)


def _label(record: Record, field: str) -> str:
    return record.SPEC.fields[field].label_of(getattr(record, field))


def _acts(incident: Incident) -> str:
    acts = Incident.SPEC.fields["acts"]
    named = [label for code, label in acts.choices.items() if code in incident.acts]
    return "; ".join(named).lower() if named else "kind not yet recorded"


def _strands(perception: Perception) -> str:
    strands = Perception.SPEC.fields["strands"]
    return ", ".join(label for code, label in strands.choices.items() if code in perception.strands)

