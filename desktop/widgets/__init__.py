"""The widget kit. Screens are made of these and name no pixel and no colour.

A part is loaded when it is first named: the unlock window needs a handful, and pays for no calendar and no table.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from desktop.theme import Tone

if TYPE_CHECKING:
    from desktop.widgets.banners import (
        Banner,
        ErrorSummary,
        IconLabel,
        SafeContact,
        SafeContactStrip,
        Safety,
        problems_of,
    )
    from desktop.widgets.base import announce, column, em_px, row, styled
    from desktop.widgets.buttons import Button
    from desktop.widgets.choices import ChoiceGroup, Pick, Tick
    from desktop.widgets.dates import DateTimeField, DayField
    from desktop.widgets.entry import Select, TextArea
    from desktop.widgets.fields import Field, Form, PassphraseBox, TextBox
    from desktop.widgets.flow import Columns, Flow
    from desktop.widgets.page import Card, Page, ScrollArea, clear, rule, scrolling
    from desktop.widgets.progress import ProgressRow
    from desktop.widgets.search import SearchBox, Suggestion, TypeAhead
    from desktop.widgets.signature import SignatureBox, SignatureView
    from desktop.widgets.square import SquareCode
    from desktop.widgets.states import EmptyState, Toast
    from desktop.widgets.steps import StepBar
    from desktop.widgets.tab_row import TabRow
    from desktop.widgets.tables import ListTable
    from desktop.widgets.tags import Chip, Tag
    from desktop.widgets.text import Line, OneLine, Text

_PARTS = {
    "banners": ("Banner", "ErrorSummary", "IconLabel", "SafeContact", "SafeContactStrip", "Safety", "problems_of"),
    "base": ("announce", "column", "em_px", "row", "styled"),
    "buttons": ("Button",),
    "choices": ("ChoiceGroup", "Pick", "Tick"),
    "dates": ("DateTimeField", "DayField"),
    "entry": ("Select", "TextArea"),
    "fields": ("Field", "Form", "PassphraseBox", "TextBox"),
    "flow": ("Columns", "Flow"),
    "page": ("Card", "Page", "ScrollArea", "clear", "rule", "scrolling"),
    "progress": ("ProgressRow",),
    "search": ("SearchBox", "Suggestion", "TypeAhead"),
    "signature": ("SignatureBox", "SignatureView"),
    "square": ("SquareCode",),
    "states": ("EmptyState", "Toast"),
    "steps": ("StepBar",),
    "tab_row": ("TabRow",),
    "tables": ("ListTable",),
    "tags": ("Chip", "Tag"),
    "text": ("Line", "OneLine", "Text"),
}
ROOMS = tuple(_PARTS)
"""The modules the parts are in."""
_HOME = {name: room for room, names in _PARTS.items() for name in names}

if not TYPE_CHECKING:  # else a misspelt part would pass the type check

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        part = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = part
        return part


__all__ = [
    "Banner",
    "Button",
    "Card",
    "Chip",
    "ChoiceGroup",
    "Columns",
    "DateTimeField",
    "DayField",
    "EmptyState",
    "ErrorSummary",
    "Field",
    "Flow",
    "Form",
    "IconLabel",
    "Line",
    "ListTable",
    "OneLine",
    "Page",
    "PassphraseBox",
    "Pick",
    "ProgressRow",
    "SafeContact",
    "SafeContactStrip",
    "Safety",
    "ScrollArea",
    "SearchBox",
    "Select",
    "SignatureBox",
    "SignatureView",
    "SquareCode",
    "StepBar",
    "Suggestion",
    "TabRow",
    "Tag",
    "Text",
    "TextArea",
    "TextBox",
    "Tick",
    "Toast",
    "Tone",
    "TypeAhead",
    "announce",
    "clear",
    "column",
    "em_px",
    "problems_of",
    "row",
    "rule",
    "scrolling",
    "styled",
]
# PdfPreview stays out of this list so that the unlock window does not load PDFium: import desktop.widgets.pdf.
