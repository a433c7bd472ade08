"""Which version of a pack is in force on a day: the pack that came with the program, and over it what the organisation
changed (policy 2.1: the law and the policy as they stand on the day).

A change counts once a second person agreed to exactly it. It never reaches back: it is in force from its day or from
the day it was agreed, whichever is later, so that no case that was opened before is judged by it. A change that would
make the pack unusable is set aside, on every laptop alike, and is named on the page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.foundation.errors import PolicyPackInvalid
from core.policy.keeps import keeps
from core.policy.rows import problems_of

MOST_CHANGES = 500
_NAMES = ("code", "number", "about", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEdit:
    """One change. `path` and `value` (JSON) for one value; `body` for a whole pack. `decided_on`: the day on which it
    had everything it needs; None: it still waits for a second person."""

    id: bytes
    pack: str
    path: str = ""
    value: str = ""
    body: str = ""
    from_on: date | None = None
    decided_on: date | None = None
    reason: str = ""

    @property
    def in_force_from(self) -> date | None:
        """The first day it counts; None: not yet."""
        if self.decided_on is None:
            return None
        return max(self.decided_on, self.from_on or self.decided_on)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A change that cannot be used, and why."""

    edit: PackEdit
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A pack as it is in force on a day. `text` is its JSON, `changes` what was folded in."""

    pack: str
    text: str
    changes: tuple[PackEdit, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def mark(self) -> str:
        """Eight digits that tell this version from every other."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:8]

    @property
    def words(self) -> str:
        """The version in words: "imani-2013 version 1, 2 changes (8c1f22ab)"."""
        content = json.loads(self.text)
        name = content.get("id") or content.get("region") or self.pack
        number = f" version {content['version']}" if "version" in content else ""
        count = len(self.changes)
        changed = "" if not count else ", 1 change" if count == 1 else f", {count} changes"
        return f"{name}{number}{changed} ({self.mark})"


@keeps("2.1", "The packs in force on a day, the organisation's changes folded in", on=("Organisation",))
def version_on(pack: str, shipped: str, edits: Iterable[PackEdit], on: date, check: Callable[[str], object]) -> Version:
    """Policy 2.1: the pack in force on a day. The order in which changes arrived does not matter.

    `check` reads a text and raises `PolicyPackInvalid` for one that cannot be used.
    """
    text, used, aside = shipped, [], []
    for edit in sorted((one for one in edits if _counts(one, pack, on)), key=_order)[:MOST_CHANGES]:
        try:
            changed = with_edit(text, edit)
            check(changed)
            refuse_other(pack, shipped, changed)
        except PolicyPackInvalid as problem:
            aside.append(SetAside(edit, problems_of(problem)))
            continue
        text = changed
        used.append(edit)
    return Version(pack, text, tuple(used), tuple(aside))


def with_edit(text: str, edit: PackEdit) -> str:
    """The text of a pack with one change made.

    Raises:
        PolicyPackInvalid: there is no such value in it, or the new one cannot be read.
    """
    if edit.body:
        return edit.body
    try:
        content, value = json.loads(text), json.loads(edit.value)
    except (ValueError, RecursionError):
        raise PolicyPackInvalid(reason=f"the new value of {edit.path} cannot be read") from None
    *steps, last = edit.path.split("/")
    found = content
    for step in steps:
        found = _inside(found, step, edit.path)
    known = isinstance(found, dict) and (last in found or _may_be_new(edit))
    if not isinstance(found, dict) or not known or isinstance(found.get(last), (dict, list)):
        raise PolicyPackInvalid(reason=f"there is no value {edit.path}")
    found[last] = value
    return json.dumps(content, ensure_ascii=False, indent=1)


def _may_be_new(edit: PackEdit) -> bool:
    """One more day is all that can be added to a pack by itself; everything else takes the whole pack."""
    return edit.pack == "holidays" and edit.path.startswith("days/")


def refuse_other(pack: str, shipped: str, text: str) -> None:
    """
    Raises:
        PolicyPackInvalid: it is another pack, not another version of this one.
    """
    before, after = json.loads(shipped), json.loads(text)
    for name in ("region",) if pack in ("risk", "interview", "survey") else ("id", "region", "zone"):
        if isinstance(before, dict) and isinstance(after, dict) and before.get(name) != after.get(name):
            raise PolicyPackInvalid(reason=f"{name} is not the same as in the pack in use: it is another pack")


def differences(before: str, after: str) -> tuple[str, ...]:
    """What differs between two versions of a pack, one sentence each."""
    one, other = dict(_values(json.loads(before))), dict(_values(json.loads(after)))
    told = []
    for path in dict.fromkeys((*one, *other)):
        if path not in other:
            told.append(f"{_spoken(path)} is gone.")
        elif path not in one:
            told.append(f"{_spoken(path)} is new: {_shown(other[path])}.")
        elif one[path] != other[path]:
            told.append(f"{_spoken(path)}: {_shown(other[path])} instead of {_shown(one[path])}.")
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Changeable:
    """One value that may be changed by itself. `words` say which; `now` is what it is."""

    path: str
    words: str
    now: object


def changeable(text: str) -> tuple[Changeable, ...]:
    """Every value of a pack that may be changed by itself: periods, counts, ages, days, weights, yes and no."""
    return tuple(
        Changeable(path, _spoken(path), value)
        for path, value in _values(json.loads(text))
        if path.rsplit("/", 1)[-1] in _CHANGEABLE
    )


_CHANGEABLE = frozenset({
    "value", "unit", "attempts_when_unreachable", "closer_is_not_lead", "tiny_block_homes", "second_person_approves",
    "downgrade_needs_second_person", "second_person", "mandatory", "severity", "in_policy", "monitored_as", "from",
    "until", "least_age", "most_age", "weight", "opens", "shuts", "nights_ahead",
    "organisation_in", "housemark", "police",
})  # fmt: skip


def as_value(before: object, typed: str) -> str:
    """What somebody typed for a value, as JSON of the kind it had before.

    Raises:
        PolicyPackInvalid: it is of another kind.
    """
    words = typed.strip()
    if isinstance(before, bool):
        known = {"yes": True, "no": False}
        if words.casefold() not in known:
            raise PolicyPackInvalid(reason="enter yes or no")
        return json.dumps(known[words.casefold()])
    if words.casefold() in ("", "none", "nothing") and not isinstance(before, (int, str)):
        return "null"
    if isinstance(before, int) or (before is None and words.isdecimal()):
        if not words.isdecimal():
            raise PolicyPackInvalid(reason="enter a whole number, in digits")
        return str(int(words))
    return json.dumps(words, ensure_ascii=False)


def fingerprint(edit: PackEdit) -> bytes:
    """What a second person agrees to (32 bytes): every word of the change but when and by whom."""
    day = edit.from_on.isoformat() if edit.from_on else ""
    told = json.dumps([edit.id.hex(), edit.pack, edit.path, edit.value, edit.body, day], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8")).digest()


@keeps("7.1", "A second person agrees, as long as there is one", on=("Organisation",))
def needs_second_person(rule: bool, others_who_write: int) -> bool:
    """Policy 7.1: a second person agrees to a change of a pack, as long as there is another person who can."""
    return rule and others_who_write > 0


@keeps("7.1", "A change of a pack counts once a second person agreed to exactly it", on=("Organisation",))
def decided_on(
    *, proposed_at: datetime | None, alone: bool, said: Mapping[bytes, tuple[bool, datetime]], proposer: bytes
) -> datetime | None:
    """Policy 7.1: when a change had all it needs; None as long as it has not. One refusal is enough to stop it.

    `said`: what each person who spoke to exactly this change said, and when. The proposer's own word does not count.
    """
    others = {user: word for user, word in said.items() if user != proposer}
    if any(not agrees for agrees, _ in others.values()):
        return None
    if alone and not others:
        return proposed_at
    return min((at for agrees, at in others.values() if agrees), default=None)


def _counts(edit: PackEdit, pack: str, on: date) -> bool:
    return edit.pack == pack and edit.in_force_from is not None and edit.in_force_from <= on


def _order(edit: PackEdit) -> tuple[date, date, bytes]:
    first = edit.in_force_from or date.max
    return first, edit.decided_on or date.max, edit.id


def _inside(found: Any, step: str, path: str) -> Any:
    if isinstance(found, dict) and step in found:
        return found[step]
    if isinstance(found, list):
        for item in found:
            if isinstance(item, dict) and _name_of(item) == step:
                return item
    raise PolicyPackInvalid(reason=f"there is no value {path}")


def _name_of(item: Mapping[str, object]) -> str:
    return next((str(item[name]).replace("/", "-") for name in _NAMES if isinstance(item.get(name), str)), "")


def _values(content: Any, path: str = "") -> list[tuple[str, object]]:
    """Every value that is neither an object nor a list of objects, with its path."""
    if isinstance(content, dict):
        return [pair for name, value in content.items() for pair in _values(value, f"{path}/{name}".lstrip("/"))]
    if isinstance(content, list) and any(isinstance(item, dict) for item in content):
        return [
            pair
            for place, item in enumerate(content)
            for pair in _values(item, f"{path}/{_name_of(item) if isinstance(item, dict) else place}".lstrip("/"))
        ]
    return [(path, content)]


def _spoken(path: str) -> str:
    parts = [part.replace("_", " ").replace("-", " ") for part in path.split("/")]
    return ", ".join(parts).capitalize()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "nothing"
    return str(value)
