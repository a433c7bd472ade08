"""How versions are said, and where they differ. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from core.services.versions import DELETED, Contested

MOST_COMPARED = 250_000
"""Words of one times words of the other; longer middles are marked whole, so that no text makes the page wait."""

_WORDS = re.compile(r"\s+|\S+")
_COUNTS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}

Part = tuple[str, bool]
"""(words, whether they stand in this version only)."""


def name_of(contested: Contested) -> str:
    """ "Note", "Report: How we were told"."""
    if contested.field == DELETED or contested.field_label == contested.record_label:
        return contested.record_label
    return f"{contested.record_label}: {contested.field_label}"


def banner_words(found: tuple[Contested, ...]) -> tuple[str, str]:
    """(in short, the rest) above a case file; empty if nothing waits."""
    if not found:
        return "", ""
    may_choose = any(contested.may_choose for contested in found)
    end = "your choice" if may_choose else "a choice by somebody who writes in this case"
    rest = "Two laptops changed the same thing. Nothing is lost."
    first = found[0]
    if len(found) > 1:
        return f"{len(found)} entries have more than one version and need {end}.", rest
    if first.field == DELETED:
        return f"\u201c{name_of(first)}\u201d was deleted on one laptop and changed on another. It needs {end}.", ""
    return f"{how_many(len(first.versions))} versions of \u201c{name_of(first)}\u201d need {end}.", rest


def how_many(count: int) -> str:
    """ "Two", "Three"; figures from six on."""
    return _COUNTS.get(count, str(count))


def marked(own: str, other: str) -> tuple[Part, ...]:
    """`own` in parts, those that `other` does not have marked."""
    mine, theirs = _WORDS.findall(own), _WORDS.findall(other)
    start = _same(mine, theirs)
    end = _same(mine[start:][::-1], theirs[start:][::-1])
    middle, against = mine[start : len(mine) - end], theirs[start : len(theirs) - end]
    parts: list[Part] = [("".join(mine[:start]), False)]
    if len(middle) * len(against) > MOST_COMPARED:
        parts.append(("".join(middle), True))
    else:
        matches = SequenceMatcher(None, middle, against, autojunk=False).get_opcodes()
        parts += [("".join(middle[begin:stop]), tag != "equal") for tag, begin, stop, _, _ in matches]
    parts.append(("".join(mine[len(mine) - end :]), False))
    return tuple((words, differs) for words, differs in parts if words)


def only_here(parts: tuple[Part, ...]) -> str:
    """The differing words for somebody who listens."""
    own = [words.strip() for words, differs in parts if differs and words.strip()]
    return f"Only in this version: {'; '.join(own)}" if own else "Nothing in this version is missing from the other."


def _same(one: list[str], other: list[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
