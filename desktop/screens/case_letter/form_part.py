"""The questions of a letter: the document, whom it is for, and what its text asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.services.case_letter_page import CaseLetterPage, Document, FieldSort, Suggested, field_of
from desktop.screens.case_letter.kept import Typed
from desktop.widgets import (
    Card,
    ChoiceGroup,
    DayField,
    ErrorSummary,
    Field,
    Form,
    Select,
    Text,
    TextArea,
    TextBox,
    clear,
    column,
    styled,
)

_Control = TextBox | TextArea | DayField | ChoiceGroup


class FormPart(QWidget):
    """`chosen`: another document or person. `edited`: anything else was typed."""

    chosen = Signal()
    edited = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        styled(self, "clear")
        self._now = now
        self._page: CaseLetterPage | None = None
        self._quiet = False
        self._boxes: dict[str, _Control] = {}
        self._needed: tuple[str, ...] = ()
        self.form = Form(ErrorSummary())
        self.document = Select(empty="Not chosen", wide_em=30)
        self._person = Select(empty="Somebody who is not in the case", wide_em=30)
        self._audience = Select(wide_em=30)
        self._format = Select(wide_em=20)
        self._addressee = TextBox(wide_em=30)
        self._address = TextArea(lines=4, most_lines=8)
        self._date = DayField(now)
        self._when = Text("", "muted")
        self._fields = {
            "template": Field("Document", self.document),
            "party": Field("To whom", self._person),
            "audience": Field("Who reads it", self._audience),
            "letter_format": Field("Format", self._format),
            "addressee": Field("Name on it", self._addressee),
            "address": Field("Address, one line each", self._address),
            "letter_date": Field("Date on it", self._date, hint="Empty means today.", optional=True),
        }
        card = Card()
        for name, field in self._fields.items():
            card.body.addWidget(self.form.add(name, field))
            if name == "template":
                card.body.addWidget(self._when)
        self._asked_card = Card(heading="What the text asks for", gap="small")
        self._asked = column(self._asked_card.body, gap="small")
        layout = column(self)
        for part in (self.form.summary, card, self._asked_card):
            layout.addWidget(part)
        layout.addStretch(1)
        self.document.picked.connect(self._choose)
        self._person.picked.connect(self._choose)
        for signal in (
            self._audience.picked, self._format.picked, self._addressee.textEdited, self._address.textChanged,
            self._date.edited,
        ):  # fmt: skip
            signal.connect(self._tell)

    def show_page(self, page: CaseLetterPage) -> None:
        """What can be chosen; nothing is chosen yet."""
        self._page = page
        self._quiet = True
        self.document.set_options([((one.template, one.language), _name(one)) for one in page.documents])
        self._person.set_options([(person.hex(), words) for person, words in page.people])
        self._format.set_options(list(page.formats))
        self.form.show_problems({})
        self._write(Typed())
        self._quiet = False
        self._show_document(None)

    def show_suggested(self, found: Suggested) -> None:
        """Fill what the case knows; a letter that was begun keeps what was typed."""
        before = self.typed()
        self._quiet = True
        self._show_document(self._chosen())
        self._make_boxes(found.asked, found.needed)
        self._addressee.setText(before.addressee or found.addressee)
        self._address.setText(before.address or found.address)
        self._format.set_value(found.letter_format)
        for name in found.asked:
            self._set(name, before.values.get(name) or found.values.get(name, ""))
        self._quiet = False
        self.edited.emit()

    def show_typed(self, typed: Typed) -> None:
        """What was kept in a draft."""
        self._quiet = True
        self._write(typed)
        self._show_document(self._chosen())
        self._audience.set_value(typed.audience)
        self._make_boxes(tuple(typed.values), frozenset(typed.needed))
        for name, value in typed.values.items():
            self._set(name, value)
        self._quiet = False

    def typed(self) -> Typed:
        """The page as it stands."""
        chosen = self._chosen()
        day = self._date.day()
        return Typed(
            template=chosen.template if chosen else "", language=chosen.language if chosen else "",
            party=str(self._person.value() or ""), letter_format=str(self._format.value() or ""),
            audience=str(self._audience.value() or ""), addressee=self._addressee.text(), address=self._address.text(),
            letter_date=day.isoformat() if day else self._date.text(),
            values={name: _read(control) for name, control in self._boxes.items()}, needed=self._needed,
        )  # fmt: skip

    def show_problems(self, problems: dict[str, str]) -> None:
        """Say what must be mended, beside the fields."""
        self.form.show_problems(problems)

    # ------------------------------------------------------------------ inside

    def _write(self, typed: Typed) -> None:
        self.document.set_value((typed.template, typed.language) if typed.template else None)
        self._person.set_value(typed.party or None)
        self._format.set_value(typed.letter_format or "standard")
        self._addressee.setText(typed.addressee)
        self._address.setText(typed.address)
        self._date.set_day(_day(typed.letter_date))
        self._make_boxes(())

    def _show_document(self, chosen: Document | None) -> None:
        self._when.setText(chosen.when if chosen else "")
        self._when.setVisible(bool(chosen and chosen.when))
        self._audience.set_options(list(chosen.audiences) if chosen else [])
        if chosen:
            self._audience.set_value(chosen.audiences[0][0])
        self._fields["audience"].setVisible(chosen is not None and len(chosen.audiences) > 1)
        for name in ("addressee", "address", "letter_date"):
            self._fields[name].setVisible(chosen is not None and chosen.needs_address)
        for name in ("party", "letter_format"):
            self._fields[name].setVisible(chosen is not None)

    def _make_boxes(self, names: tuple[str, ...], needed: frozenset[str] = frozenset()) -> None:
        for name in self._boxes:
            self.form.forget(name)
        clear(self._asked)
        self._boxes, self._needed = {}, tuple(sorted(needed & set(names)))
        self._asked_card.setVisible(bool(names))
        for name in names:
            asked = field_of(name)
            control: _Control
            if asked.sort is FieldSort.LINES:
                area = TextArea(lines=2, most_lines=10)
                signal, control = area.textChanged, area
            elif asked.sort is FieldSort.DAY:
                on = DayField(self._now)
                signal, control = on.edited, on
            elif asked.sort is FieldSort.YES:
                group = ChoiceGroup([("yes", "Yes"), ("", "No")], flowing=True)
                signal, control = group.picked, group
            else:
                line = TextBox(wide_em=30)
                signal, control = line.textEdited, line
            signal.connect(self._tell)
            self._boxes[name] = control
            self._asked.addWidget(self.form.add(name, Field(asked.label, control, optional=name not in needed)))

    def _set(self, name: str, value: str) -> None:
        control = self._boxes.get(name)
        if isinstance(control, DayField):
            day = _day(value)
            if day is None:
                control.box.setText(value)
            else:
                control.set_day(day)
        elif isinstance(control, ChoiceGroup):
            control.set_value(value)
        elif control is not None:
            control.setText(value)

    def _chosen(self) -> Document | None:
        wanted = self.document.value()
        documents = self._page.documents if self._page else ()
        return next((one for one in documents if (one.template, one.language) == wanted), None)

    def _choose(self) -> None:
        if not self._quiet:
            self._quiet = True
            self._addressee.clear()
            self._address.setText("")
            self._quiet = False
            self.chosen.emit()

    def _tell(self) -> None:
        if not self._quiet:
            self.edited.emit()


def _name(one: Document) -> str:
    language = f" ({one.language_words})" if one.language_words else ""
    return f"{one.name}{language}{', your own text' if one.own else ''}"


def _read(control: _Control) -> str:
    if isinstance(control, DayField):
        day = control.day()
        return day.isoformat() if day else control.text()
    if isinstance(control, ChoiceGroup):
        return str(control.value() or "")
    return control.text()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


