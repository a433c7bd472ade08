"""Naming the places where things happen, and seeing where they happen again (policy 4.11)."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.case import Case, Graffiti, Incident
from core.domain.doors import PLACE_KINDS, KnownPlace
from core.foundation.ids import RecordId
from core.policy.duties import CaseFacts, Setting
from core.policy.places import RepeatPlace, key_of, place_key, repeat_places, uses_of
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store.store import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """A place and what happened there: incidents and graffiti of one case."""

    case: RecordId
    kind: str
    name: str
    block: str = ""
    home: RecordId | None = None
    happened: frozenset[RecordId] = frozenset()


def name_place(workspace: Workspace, *, form: PlaceForm) -> StepRecorded:
    """Say at which place incidents and graffiti of a case were. A place the case already names is used again.

    Raises:
        FormIncomplete: no kind, no name, or nothing that happened there.
    """
    case = workspace.store.get(Case, form.case)
    incidents = workspace.store.select(Incident, table_of(Incident).c.stream == case.stream)
    marks = workspace.store.select(Graffiti, table_of(Graffiti).c.stream == case.stream)
    problems = Problems()
    problems.need(form.kind in PLACE_KINDS, "kind", "Choose what kind of place it is.")
    problems.need(form.name.strip() or form.kind == "flat", "name", "Say which one, so that it is found again.")
    problems.need(form.block.strip() or form.home, "block", "Say in which block or street.")
    there = form.happened & {one.id for one in (*incidents, *marks)}
    problems.need(there, "happened", "Choose what happened there.")
    problems.settle()
    places = workspace.store.select(KnownPlace, table_of(KnownPlace).c.stream == case.stream)
    with workspace.store.unit("name-place") as (unit, outcome):
        key = key_of(form.kind, form.name, block=form.block, home=form.home)
        known = next((place.id for place in places if place_key(place) == key), None)
        place = known or unit.create(
            KnownPlace, case.stream, case=case.id, what=form.kind, name=form.name.strip(), block=form.block.strip(),
            home=form.home,
        )  # fmt: skip
        for incident in incidents:
            if incident.id in there:
                unit.update(Incident, incident.id, known_place=place)
        for mark in marks:
            if mark.id in there:
                unit.update(Graffiti, mark.id, known_place=place)
    return StepRecorded(place, outcome.changed)


def repeats_of_case(workspace: Workspace, facts: CaseFacts) -> tuple[RepeatPlace, ...]:
    """Each place of a case, and how often something happened there, over the cases this workbook can read."""
    own = facts.of(KnownPlace)
    if not own:
        return ()
    table = table_of(KnownPlace)
    places = workspace.store.select(KnownPlace, table.c.what.in_(sorted({place.what for place in own})))
    keys = {place_key(place) for place in own}
    same = [place for place in places if place_key(place) in keys]
    streams = sorted({place.stream for place in same})
    incidents = workspace.store.select(Incident, table_of(Incident).c.stream.in_(streams))
    marks = workspace.store.select(Graffiti, table_of(Graffiti).c.stream.in_(streams))
    setting = Setting(workspace.pack, workspace.calendar, workspace.parts.clock.now())
    return repeat_places(facts.case.id, own, uses_of(same, incidents, marks), setting)
