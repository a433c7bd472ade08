"""What stands on the first line of the address, and after "Dear". One letter per household. Pure.

A general letter to an area greets everybody alike by default: the same words at every door tell a
neighbour, or a finder, nothing about who lives there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

UNNAMED = "The Occupier"
"""The address line when no name is known."""

SHARED = "The household"
"""The address line for three people or more of different names."""

WINDOW_LETTERS = 36
"""So many letters stand on one line of an envelope's window in letters of the usual size."""

_TITLES = MappingProxyType(
    {
        title.lower(): title
        for title in "Mr Mrs Ms Miss Mx Dr Prof Professor Rev Reverend Imam Rabbi Sir Lady Lord Cllr Sr Fr".split()
    }
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """One person's name. Any part may be "". `full` is the name as somebody wrote it."""

    title: str = ""
    given: str = ""
    family: str = ""
    full: str = ""


def household_name(people: Sequence[PersonName], *, most_letters: int = WINDOW_LETTERS) -> str:
    """The first line of the address block: "Ms Joy Ash and Mr Otto Lark", "Joy and Otto Ash", "The Ash household".

    People without a name are passed over, and one person listed twice counts once. What is longer than `most_letters`
    is written with initials instead of first names; a name that is longer still stays whole, and the address block
    parts it between words.
    """
    known = _known(people)
    if not known:
        return UNNAMED
    if len(known) > 2:
        family = _family_of(known)
        return family if family and len(family) <= most_letters else SHARED
    whole = _together(known, _whole)
    if len(whole) <= most_letters:
        return whole
    shorter = _together(known, _initial)
    return shorter if len(shorter) < len(whole) else whole


def _together(known: Sequence[PersonName], short: Callable[[str], str]) -> str:
    """One or two people on one line, first names as `short` gives them."""
    if len(known) == 1:
        return _on_envelope(known[0], short)
    first, second = known
    together = _sharing_a_name(first, second, short)
    return together or f"{_on_envelope(first, short)} and {_on_envelope(second, short)}"


def _family_of(known: Sequence[PersonName]) -> str:
    """ "The Ash household", where everybody has that family name; otherwise ""."""
    names = {person.family.casefold() for person in known}
    return f"The {known[0].family} household" if len(names) == 1 and known[0].family else ""


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
    together = _sharing_a_name(first, second, None)
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
    """One person is one whether the list parts the name or not, and with a title or without."""
    if person.given and person.family:
        return (f"{person.given} {person.family}".casefold(),)
    if person.full and not (person.given or person.family):
        first, _, rest = person.full.partition(" ")
        return ((rest if rest and first.rstrip(".").lower() in _TITLES else person.full).casefold(),)
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


def _on_envelope(person: PersonName, short: Callable[[str], str]) -> str:
    """ "Ms Joy Ash"; without a title "Joy Ash"; otherwise the name as written."""
    if not person.family:
        return _as_written(person)
    return _joined(person.title, short(person.given), person.family)


def _greeted(person: PersonName) -> str:
    """ "Ms Khan"; without a title "Amina Khan"; otherwise the name as written."""
    if not person.family:
        return _as_written(person)
    return _joined(person.title, person.family) if person.title else _joined(person.given, person.family)


def _as_written(person: PersonName) -> str:
    name = person.full or person.given
    first_word = name.partition(" ")[0].rstrip(".").lower()
    return name if first_word in _TITLES else _joined(person.title, name)


def _sharing_a_name(first: PersonName, second: PersonName, short: Callable[[str], str] | None) -> str:
    """Two people of one family name written together, or "" where that would not be right.

    `short` None: for a greeting, without first names where the titles tell the two apart.
    """
    if not first.family or first.family.casefold() != second.family.casefold():
        return ""
    titles = (first.title, second.title)
    if sorted(titles) == ["Mr", "Mrs"]:
        return f"Mr and Mrs {first.family}"
    if not any(titles):
        # Two people without a title and one of them without a first name cannot be told apart.
        given = [(short or _whole)(person.given) for person in (first, second)]
        return f"{given[0]} and {given[1]} {first.family}" if all(given) else ""
    if not all(titles):
        return ""
    if short is None and titles[0] != titles[1]:
        return f"{titles[0]} and {titles[1]} {first.family}"
    one, other = (_joined(person.title, (short or _initial)(person.given)) for person in (first, second))
    return f"{one} and {other} {first.family}" if one != other else ""


def _whole(given: str) -> str:
    return given


def _initial(given: str) -> str:
    """The first letter of each first name; a name in a script without capital letters stays whole."""
    if not given or given[0].upper() == given[0].lower():
        return given
    return " ".join(part[0].upper() for part in given.split())


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
