"""What a whole list teaches about its own towns, localities and streets. Pure.

One address without separators ("46 Oxford Road Old Marston Oxford") does not say where the street
ends. Three thousand of them do: words that follow many different streets are places, and words
that stand between a house number and those places are streets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.exchange.words import BUILDING_WORDS, COUNTIES, FLAT_WORDS, STREET_WORDS, STRONG_STREET_WORDS, TOWNS

LONGEST_PLACE_WORDS = 4
SMALLEST_SHARE_OF_A_COMMON_ENDING = 0.02
FEWEST_ROWS_OF_A_COMMON_ENDING = 4
FEWEST_STREETS_BEFORE_A_PLACE = 2


@dataclass(frozen=True, slots=True)
class Places:
    """Lower-case names learned from a list: place -> rows that end with it, and streets."""

    weights: dict[str, int] = field(default_factory=dict)
    streets: frozenset[str] = frozenset()

    def is_place(self, name: str) -> bool:
        return name in self.weights or name in COUNTIES or name in TOWNS

    def weight(self, name: str) -> int:
        """How much `name` behaves like the town of the list; 0 for a stranger."""
        return self.weights.get(name, 0)


NO_PLACES = Places()


def bare(word: str) -> str:
    """A word for comparing: lower case, without the punctuation around it."""
    return word.casefold().strip(".,;:()[]\"'")


def learn_from(word_lists: Iterable[Sequence[str]]) -> Places:
    """Learn from addresses already cut into bare words, without their postcodes.

    Args:
        word_lists: one sequence of `bare` words per address; "," stands for a separator.
    """
    distinct = list({tuple(words): None for words in word_lists if words})
    weights = _common_endings(distinct)
    heads = [_without_places(words, weights) for words in distinct]
    for name, count in _after_streets(heads, weights).items():
        weights[name] = weights.get(name, 0) + count
    heads = [_without_places(words, weights) for words in distinct]
    streets = _streets(heads)
    # "Rose Hill" follows streets but is also one itself: a number stands right before it.
    for name in [name for name in weights if name in streets and weights[name] < len(distinct) // 4]:
        del weights[name]
    return Places(weights=weights, streets=streets)


def _common_endings(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Single words many rows end with, peeled off one after the other ("Oxfordshire", then "Oxford")."""
    weights: Counter[str] = Counter()
    needed = max(FEWEST_ROWS_OF_A_COMMON_ENDING, int(len(rows) * SMALLEST_SHARE_OF_A_COMMON_ENDING))
    heads = [list(words) for words in rows]
    for _ in range(3):
        endings: Counter[str] = Counter()
        before: dict[str, set[str]] = {}
        second: dict[str, set[str]] = {}
        for head in heads:
            _drop_separators(head)
            if len(head) >= 3 and _can_be_place(head[-1]):
                endings[head[-1]] += 1
                before.setdefault(head[-1], set()).add(head[-2])
                second.setdefault(head[-1], set()).add(head[-3])
        # A street name is preceded by numbers, a place by many different words.
        found = {
            name
            for name, count in endings.items()
            if count >= needed
            and not _mostly_numbers(before[name])
            # Always after the same word: a place after a place, unless that word follows the number.
            and (len(before[name]) >= 2 or name in COUNTIES or name in TOWNS or not _mostly_numbers(second[name]))
        }
        for name in found:
            weights[name] += endings[name]
        for head in heads:
            if len(head) >= 3 and head[-1] in found:
                head.pop()
    return dict(weights)


def _mostly_numbers(words: set[str]) -> bool:
    return sum(any(character.isdigit() for character in word) for word in words) * 2 > len(words)


def _after_streets(heads: Sequence[Sequence[str]], known: dict[str, int]) -> dict[str, int]:
    """Words that stand after the end of at least two different streets."""
    streets: dict[str, set[tuple[str, ...]]] = {}
    rows: Counter[str] = Counter()
    for head in heads:
        end = next((at for at in range(len(head) - 1, 0, -1) if head[at] in STRONG_STREET_WORDS), 0)
        tail = [word for word in head[end + 1 :] if word != "," and word not in known]
        if not end or not tail or len(tail) > 3 or any(not _can_be_place(word) for word in tail):
            continue
        name = " ".join(tail)
        rows[name] += 1
        streets.setdefault(name, set()).add(tuple(head[max(0, end - 1) : end + 1]))
    return {name: count for name, count in rows.items() if len(streets[name]) >= FEWEST_STREETS_BEFORE_A_PLACE}


def _streets(heads: Sequence[Sequence[str]]) -> frozenset[str]:
    """Names that stand directly after a number, plus endings shared by three or more different fronts."""
    known: set[str] = set()
    fronts: dict[str, set[str]] = {}
    for head in heads:
        cut = len(head) - next(
            (n for n, word in enumerate(reversed(head)) if word == "," or word[:1].isdigit()), len(head)
        )
        name = head[cut:]
        if not name or (cut >= 2 and head[cut - 2] in FLAT_WORDS):
            continue
        if cut and name[-1] in STREET_WORDS and len(name) >= 2 and name[0] != "the" and not _has_inner_street(name):
            known.add(" ".join(name))
        elif cut == 1 and len(name) == 1:
            known.add(name[0])
        if len(name) >= 4 and name[-1] in STREET_WORDS:
            fronts.setdefault(" ".join(name[-2:]), set()).add(" ".join(name[:-2]))
        elif len(name) == 2 and name[0] == "the" and cut:
            known.add(" ".join(name))
    known.update(name for name, before in fronts.items() if len(before) >= 3)
    return frozenset(known)


def _has_inner_street(name: Sequence[str]) -> bool:
    return len(name) >= 4 and any(word in STREET_WORDS or word in BUILDING_WORDS for word in name[1:-2])


def _without_places(words: Sequence[str], weights: dict[str, int]) -> list[str]:
    head = list(words)
    while True:
        _drop_separators(head)
        for size in range(min(LONGEST_PLACE_WORDS, len(head) - 2), 0, -1):
            name = " ".join(head[-size:])
            if name in weights or name in COUNTIES:
                del head[-size:]
                break
        else:
            return head


def _drop_separators(head: list[str]) -> None:
    while head and head[-1] == ",":
        head.pop()


def _can_be_place(word: str) -> bool:
    return len(word) > 2 and word not in STREET_WORDS and not any(character.isdigit() for character in word)
