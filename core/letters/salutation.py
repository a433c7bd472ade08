"""What stands on the first line of the address, and after "Dear". One letter per household. Pure.

A general letter to an area greets everybody alike by default: the same words at every door tell a
neighbour, or a finder, nothing about who lives there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

UNNAMED = "The Resident"
"""The address line when no name is known, or none shall be shown."""

SHARED = "The household"
"""The address line for three people or more."""

_TITLES = MappingProxyType(
    {title.lower(): title for title in "Mr Mrs Ms Miss Mx Dr Prof Professor Rev Reverend Imam Rabbi Sir".split()}
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """One person's name. Any part may be "". `full` is the name as somebody wrote it."""

    title: str = ""
    given: str = ""
    family: str = ""
    full: str = ""


def household_name(people: Sequence[PersonName]) -> str:
    """The first line of the address block: "Ms A Khan and Mr T Okoro", "Mr and Mrs Green", "The household".

    People without a name are passed over, and one person listed twice counts once.
    """
    known = _known(people)
    if not known:
        return UNNAMED
    if len(known) > 2:
        return SHARED
    if len(known) == 1:
        return _on_envelope(known[0])
    first, second = known
    together = _sharing_a_name(first, second, with_initials=True)
    return together or f"{_on_envelope(first)} and {_on_envelope(second)}"


def salutation_for(people: Sequence[PersonName], *, by_name: bool = False) -> str:
    """What follows "Dear": "Resident" for everybody, or with `by_name` "Ms Khan and Mr Okoro".

    Three people or more are greeted as "Residents", nobody known as "Resident".
    """
    known = _known(people) if by_name else ()
    if not known:
        return "Resident"
    if len(known) > 2:
        return "Residents"
    if len(known) == 1:
        return _greeted(known[0])
    first, second = known
    together = _sharing_a_name(first, second, with_initials=False)
    return together or f"{_greeted(first)} and {_greeted(second)}"


def _known(people: Sequence[PersonName]) -> tuple[PersonName, ...]:
    """People with a name, tidied, each once, in the order given."""
    found: dict[tuple[str, ...], PersonName] = {}
    for person in people:
        tidy = _tidy(person)
        if tidy.given or tidy.family or tidy.full:
            found.setdefault(_sameness(tidy), tidy)
    return tuple(found.values())


def _sameness(person: PersonName) -> tuple[str, ...]:
    if person.given and person.family:
        return (person.given.casefold(), person.family.casefold())
    return tuple(part.casefold() for part in (person.title, person.given, person.family, person.full))


def _tidy(person: PersonName) -> PersonName:
    title, given, family, full = (
        " ".join(unicodedata.normalize("NFC", part).split()).strip(" ,;")
        for part in (person.title, person.given, person.family, person.full)
    )
    title = _TITLES.get(title.rstrip(".").lower(), title.rstrip("."))
    if full.rstrip(".").lower() in _TITLES:
        full = ""
    return PersonName(title, given, family, full)


def _on_envelope(person: PersonName) -> str:
    """ "Ms A Khan"; without a title "Amina Khan"; otherwise the name as written."""
    if not person.family:
        return _as_written(person)
    if not person.title:
        return _joined(person.given, person.family)
    return _joined(person.title, _initial(person.given), person.family)


def _greeted(person: PersonName) -> str:
    """ "Ms Khan"; without a title "Amina Khan"; otherwise the name as written."""
    if not person.family:
        return _as_written(person)
    return _joined(person.title, person.family) if person.title else _joined(person.given, person.family)


def _as_written(person: PersonName) -> str:
    name = person.full or person.given
    first_word = name.partition(" ")[0].rstrip(".").lower()
    return name if first_word in _TITLES else _joined(person.title, name)


def _sharing_a_name(first: PersonName, second: PersonName, *, with_initials: bool) -> str:
    """Two people of one family name written together, or "" where that would not be right."""
    if not first.family or first.family.casefold() != second.family.casefold():
        return ""
    titles = (first.title, second.title)
    if sorted(titles) == ["Mr", "Mrs"]:
        return f"Mr and Mrs {first.family}"
    if not any(titles):
        # Two people without a title and one of them without a first name cannot be told apart.
        return f"{first.given} and {second.given} {first.family}" if first.given and second.given else ""
    if not all(titles):
        return ""
    if not with_initials and titles[0] != titles[1]:
        return f"{titles[0]} and {titles[1]} {first.family}"
    one, other = (_joined(person.title, _initial(person.given)) for person in (first, second))
    return f"{one} and {other} {first.family}"


def _initial(given: str) -> str:
    """The first letter of a first name; a name in a script without capital letters stays whole."""
    if not given:
        return ""
    letter = given[0]
    return letter.upper() if letter.upper() != letter.lower() else given


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
