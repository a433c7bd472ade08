"""What is checked before a private interview is saved, and what a changed statement takes back (policy 4.26, 4.27)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.domain.confidential import PrivateInterview
from core.policy.interview import why_not_interpreter, why_not_place, why_not_times, why_not_wish
from core.services.forms import Problems

OF_THE_READING_BACK = ("read_back", "agreed", "corrected")


def what_to_write(record: PrivateInterview, values: Mapping[str, object], now: datetime) -> dict[str, object]:
    """The fields to write of `values`, with what a changed statement takes back.

    Only what is being changed is checked: two laptops may have written the two halves of something that does not fit.

    Raises:
        FormIncomplete: a child or somebody of the person complained about interprets, the place names a refuge or an
            address, the times cannot be, or a wish was not met and nobody said why.
    """
    wanted: dict[str, Any] = {name: value for name, value in values.items() if name in PrivateInterview.SPEC.fields}
    if wanted.get("place_sort") == "refuge" and "place" not in wanted:
        wanted["place"] = ""  # what stood there before it was called a refuge is not kept either
    if wanted.get("statement", record.statement) != record.statement:
        wanted = {**dict.fromkeys(OF_THE_READING_BACK), **wanted}
    one = dataclasses.replace(record, **wanted)
    problems = Problems()
    if wanted.keys() & {"interpreter_sort", "interpreter_language"}:
        _add(problems, why_not_interpreter(one.interpreter_sort, one.interpreter_language))
    if wanted.keys() & {"place_sort", "place"}:
        said = why_not_place(one.place_sort, one.place)
        problems.need(not said, "place", said)
    if wanted.keys() & {"started_at", "ended_at"}:
        _add(problems, why_not_times(one.started_at, one.ended_at, now))
    if wanted.keys() & {"wants", "wants_interpreter", "wants_met", "wants_not_met_because"}:
        _add(problems, why_not_wish(one.wants, one.wants_interpreter, one.wants_met, one.wants_not_met_because))
    problems.settle()
    return wanted


def _add(problems: Problems, wrong: Mapping[str, str]) -> None:
    for field, sentence in wrong.items():
        problems.need(False, field, sentence)
