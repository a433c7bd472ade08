"""More of the same: other people harmed, others complained about, earlier incidents, others who see it so."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.case import (
    ACTS,
    AGE_BANDS,
    CONTACT_WAYS,
    NEVER_WAYS,
    PERCEIVERS,
    PERPETRATOR_KNOWN,
    PERSON_SORTS,
    SEEN_BY_OTHERS,
    STRANDS,
)
from core.domain.enforcement import TENURES
from desktop.screens.report.form import Typed
from desktop.screens.report.rows import RowBox, Rows
from desktop.widgets import Card, Columns, Form, Text, column, styled
from desktop.widgets import Field as Labelled

ROWS = MappingProxyType({
    "more_harmed": (
        "Another person harmed", "Add another person harmed",
        (
            RowBox(name="name", label="Name"),
            RowBox(name="sort", label="How they belong here", options=tuple(PERSON_SORTS.items())),
            RowBox(name="phone", label="Phone"),
            RowBox(
                name="safe_ways", label="Safe ways to reach them", options=tuple(CONTACT_WAYS.items()), many=True,
                hint="Only ways this person says are safe.",
            ),
            RowBox(name="unsafe_ways", label="Never use", options=tuple(NEVER_WAYS.items()), many=True),
            RowBox(
                name="seen_by_others", label="What others share or see", options=tuple(SEEN_BY_OTHERS.items()),
                many=True,
            ),
            RowBox(name="times", label="When it is safe"),
            RowBox(name="code_word", label="Code word"),
        ),
    ),
    "more_complained_about": (
        "Another person complained about", "Add another person complained about",
        (
            RowBox(name="known", label="How well they are known", options=tuple(PERPETRATOR_KNOWN.items())),
            RowBox(name="name", label="Name, as the person gave it"),
            RowBox(name="described", label="Description", words=True),
            RowBox(name="age_band", label="Age", options=tuple(AGE_BANDS.items())),
            RowBox(name="tenure", label="Whose tenant", options=tuple(TENURES.items())),
        ),
    ),
    "more_incidents": (
        "Another incident", "Add another incident",
        (
            RowBox(name="description", label="What happened?", words=True),
            RowBox(name="happened_text", label="When, in their words"),
            RowBox(name="place", label="Where?"),
            RowBox(name="acts", label="What kind of act", options=tuple(ACTS.items()), many=True),
        ),
    ),
    "more_seen": (
        "Somebody else who sees it so", "Add somebody else who sees it as harassment",
        (
            RowBox(name="perceived_by", label="Who sees it as harassment", options=tuple(PERCEIVERS.items())),
            RowBox(name="strands", label="What they think is behind it", options=tuple(STRANDS.items()), many=True),
            RowBox(name="words", label="How they put it", words=True),
        ),
    ),
})  # fmt: skip
"""Name in `Typed` -> what one row is called, the words of the button that adds one, and its boxes."""


class MorePart(QWidget):
    """Four lists, empty until something is added."""

    edited = Signal()

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.rows: dict[str, Rows] = {}
        fields = {
            "more_harmed": "others_harmed", "more_complained_about": "others_complained_about",
            "more_incidents": "more_incidents", "more_seen": "also_seen",
        }  # fmt: skip
        headings = {
            "more_harmed": "Others who are harmed", "more_complained_about": "Others complained about",
            "more_incidents": "Earlier or other incidents", "more_seen": "Others who see it as harassment",
        }  # fmt: skip
        for name, (one, add, boxes) in ROWS.items():
            rows = Rows(one, boxes, add=add)
            rows.edited.connect(self.edited)
            self.rows[name] = rows
        first, second = (
            Card(*(form.add(fields[name], Labelled(headings[name], self.rows[name])) for name in names))
            for names in (("more_harmed", "more_complained_about"), ("more_incidents", "more_seen"))
        )
        for card in (first, second):
            card.body.addStretch(1)
        layout = column(self, gap="medium")
        layout.addWidget(Text("More people and incidents", "heading"))
        layout.addWidget(Columns(first, second, stack_below_em=88))

    def read(self, typed: Typed) -> Typed:
        """`typed` with this part's share filled in."""
        return replace(typed, **{name: rows.read() for name, rows in self.rows.items()})  # type: ignore[arg-type]

    def write(self, typed: Typed) -> None:
        """Show this part's share of `typed`."""
        for name, rows in self.rows.items():
            rows.write(getattr(typed, name))
