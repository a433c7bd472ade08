"""What was chosen for letters, kept while it is being chosen: a lock or a crash loses none of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.foundation.ids import RecordId, from_hex
from core.services.drawn_list import DrawnList, DrawnRow, ListedPlace
from core.services.letter_page import USUAL, AreaPlan, AreaRow, BrailleSheet, CaseLetters
from core.services.letters import AreaLettersForm

DRAFT_KIND = "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChoices:
    """What is chosen on the Letter step. `letter_date` None: today. `person_consulted` None: not said."""

    letter_date: date | None = None
    date_readable: bool = True
    reason: str = ""
    person_consulted: bool | None = None
    duplex: bool = False
    by_name: bool = False
    braille: BrailleSheet = USUAL


@dataclass(slots=True)
class Begun:
    """What was chosen so far for one case."""

    opened: CaseLetters
    areas: dict[tuple[str, bool], AreaRow] = field(default_factory=dict)
    drawn: DrawnList | None = None
    choices: LetterChoices = field(default_factory=LetterChoices)
    left_out: dict[RecordId, str] = field(default_factory=dict)
    told: set[RecordId] = field(default_factory=set)
    plan: AreaPlan | None = None


def missing_on_area(begun: Begun) -> dict[str, str]:
    """What is still to be said on the Area step: field name -> sentence."""
    if begun.drawn is not None and begun.drawn.to_settle:
        return {"area": "Settle each row of the list first, or take the list away."}
    if not begun.areas and not (begun.drawn and begun.drawn.homes):
        return {"area": "Choose at least one street or block, or draw homes from a list."}
    return {}


def missing_on_letter(begun: Begun) -> dict[str, str]:
    """What is still to be said on the Letter step: field name -> sentence."""
    choices = begun.choices
    problems = {
        "letter_date": "" if choices.date_readable else "Enter a day, for example 23 November, or leave it empty.",
        "reason": "" if choices.reason.strip() else "Say why the area is written to now.",
        "person_consulted": "" if choices.person_consulted is not None else "Say whether the person was asked.",
        "organisation": "Enter your organisation's details for letters first." if begun.opened.letter.missing else "",
    }
    return {name: sentence for name, sentence in problems.items() if sentence}


def form_of(begun: Begun) -> AreaLettersForm:
    """The choices as the service takes them."""
    choices, areas = begun.choices, begun.areas.values()
    return AreaLettersForm(
        case=begun.opened.case,
        streets=frozenset(area.name for area in areas if not area.is_block),
        blocks=frozenset(area.name for area in areas if area.is_block),
        homes=begun.drawn.homes if begun.drawn else frozenset(),
        rows_left=begun.drawn.left if begun.drawn else (),
        reason=choices.reason.strip(),
        person_consulted=choices.person_consulted,
        letter_date=choices.letter_date,
        left_out=dict(begun.left_out),
        told=frozenset(begun.told),
        duplex=choices.duplex,
        by_name=choices.by_name,
        braille=choices.braille,
    )


def draft_name(case: RecordId) -> str:
    """Under which name the choices for a case are kept."""
    return f"{DRAFT_KIND}:{case.hex()}"


def to_text(begun: Begun) -> str:
    """The choices as text; empty if nothing was chosen."""
    choices = begun.choices
    if not begun.areas and begun.drawn is None and not choices.reason.strip() and choices.person_consulted is None:
        return ""
    return json.dumps(
        {
            "areas": [list(key) for key in begun.areas],
            "list": _list_out(begun.drawn),
            "reason": choices.reason,
            "consulted": choices.person_consulted,
            "date": choices.letter_date.isoformat() if choices.letter_date else "",
            "duplex": choices.duplex,
            "by_name": choices.by_name,
            "braille": [choices.braille.cells, choices.braille.lines, choices.braille.contracted],
            "left_out": {home.hex(): why for home, why in begun.left_out.items()},
            "told": [home.hex() for home in sorted(begun.told)],
        }
    )


def from_text(text: str, opened: CaseLetters) -> Begun:
    """The choices back. Areas that are no longer there, and anything that cannot be read, are left out."""
    begun = Begun(opened)
    try:
        said: Any = json.loads(text)
        there = {(area.name, area.is_block): area for area in opened.areas}
        begun.areas = {key: there[key] for key in map(tuple, said["areas"]) if key in there}
        begun.drawn = _list_in(said.get("list"))
        begun.choices = LetterChoices(
            letter_date=date.fromisoformat(said["date"]) if said["date"] else None, reason=str(said["reason"]),
            person_consulted=said["consulted"], duplex=bool(said["duplex"]),
            by_name=bool(said.get("by_name")), braille=_sheet(said.get("braille")),
        )  # fmt: skip
        begun.left_out = {RecordId(from_hex(home)): str(why) for home, why in said["left_out"].items()}
        begun.told = {RecordId(from_hex(home)) for home in said["told"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return Begun(opened)
    return begun


def _sheet(said: Any) -> BrailleSheet:
    return BrailleSheet(int(said[0]), int(said[1]), contracted=bool(said[2])) if said else USUAL


def _list_out(found: DrawnList | None) -> Any:
    if found is None:
        return None
    rows = [
        [row.line, row.text, row.state, [[place.home.hex(), place.address] for place in row.homes], row.why]
        for row in found.rows
    ]
    return {"rows": rows, "blank": found.blank, "notes": list(found.notes)}


def _list_in(said: Any) -> DrawnList | None:
    if said is None:
        return None
    rows = tuple(
        DrawnRow(
            int(line), str(text), str(state),
            tuple(ListedPlace(RecordId(from_hex(home)), str(address)) for home, address in homes), str(why),
        )
        for line, text, state, homes, why in said["rows"]
    )  # fmt: skip
    return DrawnList(rows, int(said["blank"]), tuple(map(str, said["notes"])))
