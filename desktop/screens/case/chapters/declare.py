"""What a chapter shows of its records in a case's file: a tab with facts, and what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.services.case_page import CasePage
from desktop.screens.case.words import Doing, Fact


def _nothing(_page: CasePage) -> tuple[Doing, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One tab. `facts` is pure; `doing` are buttons above them; `empty` teaches what belongs here."""

    title: str
    empty: str
    facts: Callable[[CasePage, datetime], tuple[Fact, ...]]
    doing: Callable[[CasePage], tuple[Doing, ...]] = _nothing
