"""The widget kit. Screens are made of these and name no pixel and no colour."""

from __future__ import annotations

from desktop.theme import Tone
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
from desktop.widgets.dates import DateTimeField
from desktop.widgets.fields import Field, Form, PassphraseBox, Select, TextArea, TextBox
from desktop.widgets.flow import Columns, Flow
from desktop.widgets.page import Card, Page, ScrollArea, clear, rule, scrolling
from desktop.widgets.progress import ProgressRow
from desktop.widgets.search import SearchBox, Suggestion, TypeAhead
from desktop.widgets.states import EmptyState, Toast
from desktop.widgets.steps import StepBar
from desktop.widgets.tables import ListTable
from desktop.widgets.tags import Chip, Tag
from desktop.widgets.text import Line, OneLine, Text

__all__ = [
    "Banner",
    "Button",
    "Card",
    "Chip",
    "ChoiceGroup",
    "Columns",
    "DateTimeField",
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
    "StepBar",
    "Suggestion",
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
