"""A clause of the policy, looked up: what it says, its times, and what the program does to keep it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.policy.keeps import Kept, kept_by, marked_rules
from core.policy.pack import Clause, ClockRule, PolicyPack
from core.services.packs import DEFAULT_PACK, load_pack
from core.services.policy_copies import policy_text_in_use
from core.services.workspace import Workspace

_NUMBERED = re.compile(r"^\s*(\d{1,2}\.\d{1,2})\s+(?=\S)", re.MULTILINE)
_CHAPTER = re.compile(r"^\s*\d{1,2}\.0?\s+\S", re.MULTILINE)
_TIMES = {"first_contact": "First contact", "graffiti": "Graffiti gone", "review": "Review", "appeal": "Time to appeal",
          "survey": "Survey"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing the program does to keep a clause, and the pages where it is seen."""

    words: str
    screens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One clause. `own`: the organisation's own text of it, empty if it gave none. `times` are sentences."""

    number: str
    title: str
    words: str
    own: str
    times: tuple[str, ...]
    promises: tuple[Promise, ...]
    source: str


def list_clauses(workspace: Workspace) -> tuple[Clause, ...]:
    """Every clause of the policy in force, in its order."""
    return workspace.pack.clauses


def list_shipped_clauses() -> tuple[Clause, ...]:
    """Every clause of the policy as it comes with the program: what there is to read before a workbook is open.

    Raises:
        PolicyPackInvalid: the policy is not with the program, or is damaged.
    """
    return load_pack(DEFAULT_PACK).clauses


def show_clause(workspace: Workspace, *, number: str) -> ClausePage:
    """One clause of the policy in force today.

    Raises:
        NotFound: the policy has no such clause.
    """
    given = policy_text_in_use(workspace)
    return _clause_page(workspace.pack, number, own_words(given.body, number) if given is not None else "")


def show_shipped_clause(*, number: str) -> ClausePage:
    """One clause of the policy as it comes with the program, with no organisation's own words or times.

    Raises:
        NotFound: the policy has no such clause.
        PolicyPackInvalid: the policy is not with the program, or is damaged.
    """
    return _clause_page(load_pack(DEFAULT_PACK), number, "")


def _clause_page(pack: PolicyPack, number: str, own: str) -> ClausePage:
    clause = pack.clause(number)
    promises = tuple(Promise(kept.promise, kept.screens) for kept in _kept() if kept.clause == number)
    approved = f"{pack.identity.title}, approved {pack.identity.approved}."
    return ClausePage(
        number, clause.title, clause.paraphrase, own, tuple(_times(pack, number)), promises, approved
    )


def own_words(body: str, number: str) -> str:
    """The passage of a policy that begins with this number at the beginning of a line; empty if there is none."""
    marks = list(_NUMBERED.finditer(body))
    for place, mark in enumerate(marks):
        if mark.group(1) == number:
            end = marks[place + 1].start() if place + 1 < len(marks) else len(body)
            passage = body[mark.end() : end]
            chapter = _CHAPTER.search(passage)
            return passage[: chapter.start() if chapter else len(passage)].strip()
    return ""


@functools.cache
def _kept() -> tuple[Kept, ...]:
    return tuple(kept for _, _, rule in marked_rules() for kept in kept_by(rule))


def _times(pack: PolicyPack, number: str) -> Iterator[str]:
    clocks = {_TIMES[name]: getattr(pack.clocks, name) for name in _TIMES}
    terms = {name.replace("_", " ").capitalize(): rule for name, rule in pack.terms.items()}
    for name, rule in {**clocks, **terms}.items():
        if rule.source.clause == number:
            yield _time_words(name, rule)


def _time_words(name: str, rule: ClockRule) -> str:
    whose = "chosen here, for the policy gives no time" if rule.source.decided else "as the policy says"
    return f"{name}: {rule.term}, {whose}. {rule.source.note}".strip()
