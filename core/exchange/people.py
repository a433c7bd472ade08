"""Names as lists have them, into the people of a household. Pure.

Names are not cut into given and family name here unless the list does so: which part is which
differs between the cultures of one street, and a wrong cut is worse on a letter than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.exchange.plan import ResidentRow
from core.exchange.words import NOBODY, TITLES

_BETWEEN_PEOPLE = re.compile(r"\s*(?:[;\n/]|\s&\s|\s\+\s|\band\b)\s*", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_NOT_LETTER = re.compile(r"[^\w]+")


def people_in(text: str) -> list[ResidentRow]:
    """The people named in one cell: "Mr A Bell & Ms C Dunn", "Mr & Mrs Bell", "Bell, Anna"."""
    pieces = [_SPACES.sub(" ", piece).strip(" .,-") for piece in _BETWEEN_PEOPLE.split(text)]
    found: list[ResidentRow] = []
    waiting: list[str] = []
    for piece in pieces:
        if not piece or piece.casefold() in NOBODY:
            continue
        if piece.casefold().strip(".") in TITLES:
            waiting.append(TITLES[piece.casefold().strip(".")])
            continue
        person = person_from("", "", "", piece)
        if person is None:
            continue
        # "Mr & Mrs Bell": the title alone belongs to somebody of the same family name.
        found.extend(ResidentRow(title=title, full=person.full.split(" ")[-1]) for title in waiting)
        waiting.clear()
        found.append(person)
    return found


def person_from(title: str, given: str, family: str, full: str) -> ResidentRow | None:
    """One person from cells that name one person, or None when they name nobody."""
    given, family, full = (_tidy_name(part) for part in (given, family, full))
    if not full and not given and not family:
        return None
    title = TITLES.get(title.strip(" .").casefold(), title.strip())
    if full and not (given or family):
        if full.count(",") == 1:
            last, first = (part.strip() for part in full.split(","))
            words = first.split(" ")
            if words[0].casefold().strip(".") in TITLES:
                title, first = TITLES[words[0].casefold().strip(".")], " ".join(words[1:])
            given, family, full = first, last, f"{first} {last}".strip()
        words = full.split(" ")
        if len(words) > 1 and words[0].casefold().strip(".") in TITLES:
            title, full = title or TITLES[words[0].casefold().strip(".")], " ".join(words[1:])
    return ResidentRow(title=title, given=given, family=family, full=full or f"{given} {family}".strip())


def joined(residents: Iterable[ResidentRow]) -> tuple[ResidentRow, ...]:
    """Each person once, in order; the fuller writing of the same name is kept."""
    kept: dict[str, ResidentRow] = {}
    for person in residents:
        name = person_key(person)
        if name not in kept or _fullness(person) > _fullness(kept[name]):
            kept[name] = person
    return tuple(kept.values())


def person_key(person: ResidentRow) -> str:
    """Equal for two writings of one name; "Mr Bell" and "Mrs Bell" stay two people."""
    name = " ".join(_NOT_LETTER.sub(" ", person.full.casefold()).split())
    return name if " " in name else f"{person.title.casefold()} {name}"


def _fullness(person: ResidentRow) -> int:
    return bool(person.title) + bool(person.given) + bool(person.family)


def _tidy_name(text: str) -> str:
    text = _SPACES.sub(" ", text).strip(" .,-")
    if text.casefold() in NOBODY:
        return ""
    if len(text) > 3 and (text.isupper() or text.islower()):
        return re.sub(r"[^\W\d_]+", lambda found: found.group(0).capitalize(), text)
    return text
