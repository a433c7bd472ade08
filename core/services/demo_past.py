"""The months before the demo: a clock that can stand in the past, and how made-up cases are played in it.

Each case is a generator that says how many days ago it goes on; all of them are played in the order of time, so that
nothing is ever written before something older. Everybody in them is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from core.domain.case import Party
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, Clock, NeverCancel, Progress, no_progress
from core.services import agencies, attachments, case_letters, cases, contacts, homes, monitoring, plans, risk, visits
from core.services.agencies import Basis
from core.services.demo_picture import wall_picture
from core.services.workspace import Workspace
from core.store.store import table_of

FOUNDED_DAYS_AGO = 80
"""Less than the three months after which everybody renews their keys."""
CONSENT = Basis(code="consent")
Days = Generator[float, None, None]
Scene = Callable[["Past"], Days]


class StoryClock:
    """This laptop's clock, which can be put into the past and only ever goes on from there."""

    def __init__(self, system: Clock) -> None:
        self._system = system
        self._began_at = self._system.now()
        self._behind = timedelta(0)

    def now(self) -> datetime:
        """The time of the story."""
        return self._system.now() - self._behind

    def monotonic_s(self) -> float:
        """As the laptop's."""
        return self._system.monotonic_s()

    def be(self, *, days_ago: float) -> None:
        """Go on to that many days before the demo began; never back."""
        wanted = max(self.now(), self._began_at - timedelta(days=days_ago))
        self._behind = self._system.now() - wanted

    def begin(self, *, days_ago: float) -> None:
        """Stand that far back before anything has been written."""
        self._behind = timedelta(days=days_ago)

    def come_back(self) -> None:
        """Today again."""
        self._behind = timedelta(0)


@dataclass(slots=True)
class Past:
    """What every scene is given: who works, the homes, and the agencies by name."""

    amara: Workspace
    ben: Workspace
    clock: StoryClock
    homes: tuple[RecordId | None, ...]
    agencies: dict[str, RecordId] = field(default_factory=dict)

    def report(self, place: int, words: str, **said: object) -> RecordId:
        """A report that came two hours ago, at one of the homes."""
        values: dict[str, object] = {
            "words": words, "received_at": self.ago(hours=2), "danger_now": False, "home": self.homes[place],
            "safe_ways": frozenset({"call", "text"}), **said,
        }  # fmt: skip
        return cases.log_report(self.amara, form=cases.ReportForm(**values)).case  # type: ignore[arg-type]

    def person(self, case: RecordId, role: str) -> RecordId:
        """Somebody in a case by their part in it."""
        table = table_of(Party)
        return next(one.id for one in self.amara.store.select(Party, table.c.case == case) if role in one.roles)

    def spoke(self, case: RecordId, notes: str, *, hours: float = 0.5) -> None:
        """A contact that reached the person."""
        form = contacts.ContactForm(case=case, at=self.ago(hours=hours), way="call", outcome="spoke", notes=notes)
        contacts.record_contact(self.amara, form=form)

    def wants(self, case: RecordId, words: str, **more: object) -> None:
        """What the person wants."""
        values: dict[str, object] = {"case": case, "words": words, "said_at": self.ago(hours=0.4), **more}
        plans.record_wish(self.amara, form=plans.WishForm(**values))  # type: ignore[arg-type]

    def risk(self, case: RecordId, *, floors: Iterable[str] = (), **answers: str) -> None:
        """An assessment of the risk."""
        given = {name.replace("_", "-"): code for name, code in answers.items()}
        risk.assess_risk(self.amara, form=risk.RiskForm(case=case, answers=given, floors=frozenset(floors)))

    def plan(self, case: RecordId, hopes: str, *, days: int, copy: bool = True) -> RecordId:
        """A plan agreed in words, a copy of it given."""
        form = plans.PlanForm(case=case, outcome_wanted=hopes, contact_way="call", contact_days=days, agreed="said")
        made = plans.agree_plan(self.amara, form=form).record
        if copy:
            plans.give_copy(self.amara, plan=made, copy_format="standard")
        return made

    def refer(self, case: RecordId, agency: str, service: str, reason: str) -> RecordId:
        """A referral the person agreed to."""
        form = agencies.ReferralForm(
            case=case, agency=self.agencies[agency], service=service, reason=reason, basis=CONSENT,
            safe_contact_copied=True,
        )  # fmt: skip
        return agencies.refer(self.amara, form=form).record

    def posted(self, letter: RecordId) -> None:
        """A letter made and posted; its file is not kept."""
        with TemporaryDirectory() as folder:
            case_letters.make_case_letter(self.amara, letter=letter, folder=Path(folder))
        case_letters.deliver_case_letter(self.amara, letter=letter, outcome_code="posted", way="post")

    def photograph(self, case: RecordId, what: str, about: str) -> RecordId:
        """A small drawn picture, attached as a photograph."""
        form = attachments.AttachmentForm(what=what, about=about, taken_at=self.ago(hours=1), taken_by="Brightwall")
        given = attachments.GivenFile(data=wall_picture(), name="gate.png")
        return attachments.attach(self.amara, case=case, given=given, form=form).attachment

    def visit(self, case: RecordId, why: str, outcomes: Sequence[str], told: str) -> None:
        """A round to every door of the smallest street, not finished yet. `told` is what somebody said at a door.

        Never in a real list: nobody is to be found there as visited for a made-up case.
        """
        areas = [] if self.homes[0] is None else list(homes.list_areas(self.amara))
        if not areas:
            return
        area = min(areas, key=lambda one: (one.homes, one.name))
        names = frozenset({area.name})
        form = visits.RoundForm(
            case=case, why=why, person_consulted=True, blocks=names if area.is_block else frozenset(),
            streets=frozenset() if area.is_block else names,
        )  # fmt: skip
        started = visits.start_visits(self.amara, plan=visits.plan_visits(self.amara, form=form))
        doors = visits.round_state(self.amara, visit_round=started.round).doors
        some = [one.door for one in doors if not one.door.left_out_because]
        for door, outcome in zip(some, outcomes, strict=False):
            visits.knock(self.amara, door=door.id, outcome_code=outcome)
            if outcome == "info":
                visits.note_from_door(self.amara, door=door.id, words=told)

    def says(self, case: RecordId, role: str, **answers: str) -> None:
        """What somebody says of themselves (policy 6.1)."""
        form = monitoring.MonitoringForm(case=case, party=self.person(case, role), answers=answers, informed=True)
        monitoring.note_monitoring(self.amara, form=form)

    def ago(self, *, hours: float) -> datetime:
        """A moment before now."""
        return self.clock.now() - timedelta(hours=hours)

    def day(self, *, ahead: int) -> date:
        """A day from now on."""
        return (self.clock.now() + timedelta(days=ahead)).date()


def play(
    past: Past, scenes: Iterable[Scene], *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> int:
    """Play every scene to its end, all of them in the order of time. Returns how many there were.

    Raises:
        Cancelled: between two days of the story; what was written by then is there.
    """
    token = cancel or NeverCancel()
    _directory(past)
    waiting = [(next(days), number, days) for number, days in enumerate(scene(past) for scene in scenes)]
    count = len(waiting)
    while waiting:
        token.check()
        progress(count - len(waiting), count, "Cases")
        waiting.sort(key=lambda one: (-one[0], one[1]))
        days_ago, number, days = waiting.pop(0)
        past.clock.be(days_ago=days_ago)
        following = next(days, None)
        if following is not None:
            waiting.append((following, number, days))
    past.clock.come_back()
    return count


def _directory(past: Past) -> None:
    for name, kind in (
        ("Eastmere Victim Care", "victim-support"), ("Eastmere Safer Neighbourhood Team", "police"),
        ("The Lantern", "domestic-abuse"), ("Eastmere Borough Council", "council"),
    ):  # fmt: skip
        listed = agencies.list_agency(past.amara, name=name, kind=kind, area="Eastmere", checked=True)
        past.agencies[name] = listed.record
