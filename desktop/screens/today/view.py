"""The Today page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.screens.choosing import ChoiceBanners
from desktop.screens.clauses import clause_link, without_clause
from desktop.screens.context import ScreenContext
from desktop.screens.recovery.banner import ReminderBanner
from desktop.screens.stepping import bring_into_view
from desktop.screens.today.keys import KeysBanner
from desktop.screens.today.on_call import OnCallLine
from desktop.screens.today.organisation import OrganisationBanner
from desktop.screens.today.presenter import DraftCard, DutyCard, Only, TodayPresenter, TodayView
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Chip,
    Columns,
    EmptyState,
    Flow,
    Line,
    Page,
    Tag,
    Text,
    Tone,
    clear,
    column,
    em_px,
    row,
    styled,
)

_TONES = {Only.LATE: Tone.LATE, Only.DAY: Tone.SOON, Only.WEEK: Tone.INFO}
_TAG_EM = 17


class TodayPage(Page):
    """What is due, late first; what was left unfinished; below, what is no duty of a case."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Today", parent=parent)
        self.presenter = TodayPresenter(context, self)
        self._new = Button("New report", "primary", icon_name="plus", window_keys="N")
        self.actions.add(self._new)
        self._chips = Flow()
        self._problem = Banner("", "", Tone.ERROR)
        self._clock = Banner("", "", Tone.SOON, icon_name="clock")
        for part in (self._chips, self._problem, self._clock):
            self.pinned.addWidget(part)
        self._chip_of = {only: _OnlyChip(only) for only in Only}
        for chip in self._chip_of.values():
            self._chips.add(chip)
            chip.chosen.connect(self._filter)
            chip.hide()
        self.to_notices = Button("", "link", icon_name="list")
        self._chips.add(self.to_notices)
        self.to_notices.hide()
        self.on_call = OnCallLine(context)
        self.add(self.on_call)
        self._choices = ChoiceBanners(self.presenter.choose)
        self.add(self._choices)
        self._drafts = column(self.body, gap="small")
        self._list = column(self.body, gap="small")
        self._empty_new = Button("New report")
        self._empty = EmptyState("", "", actions=(self._empty_new,))
        self._more = Button("Show more")
        self.add(self._empty)
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.keys = KeysBanner(context)
        self.notices = (ReminderBanner(context), self.keys, OrganisationBanner(context))
        for notice in self.notices:
            self.add(notice)
            notice.presenter.reminded.connect(self._count_notices)
        self.to_notices.clicked.connect(self._go_to_notices)
        self.body.addStretch(1)
        self._empty.hide()
        self._more.hide()
        self._cards: dict[tuple[bytes, bytes, str], _DutyRow] = {}
        self._order: tuple[object, ...] = ()
        self._draft_order: tuple[DraftCard, ...] = ()
        self.presenter.shown.connect(self._show)
        self.presenter.failed.connect(self._failed)
        self.presenter.loaded.connect(self._problem.clear)
        self._new.clicked.connect(self.presenter.new_report)
        self._empty_new.clicked.connect(self.presenter.new_report)
        self._more.clicked.connect(self.presenter.show_more)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self.presenter.arrive()
        self.on_call.presenter.arrive()
        for notice in self.notices:
            notice.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._new

    def _show(self, view: TodayView) -> None:
        self._clock.say("Check the clock of this laptop." if view.warnings else "", " ".join(view.warnings))
        counted = dict(view.counts)
        for only, chip in self._chip_of.items():
            chip.setVisible(only in counted)
            chip.say(counted.get(only, ""), on=view.only is only)
        self._choices.show_lines(view.choices)
        self._show_drafts(view.drafts)
        order = tuple((heading, tuple(card.key for card in cards)) for heading, cards in view.groups)
        if order != self._order:
            self._rebuild(view)
            self._order = order
        for _, cards in view.groups:
            for card in cards:
                self._cards[card.key].show_card(card)
        self._empty.setVisible(view.empty is not None)
        if view.empty is not None:
            self._empty.say(*view.empty)
        self._more.setVisible(view.more > 0)
        self._more.set_words(f"Show more ({view.more} left)")

    def _count_notices(self) -> None:
        """What is no duty of a case stands below the duties; a link says that it is there."""
        count = sum(not notice.isHidden() for notice in self.notices)
        self.to_notices.set_words(f"{count} notice{'' if count == 1 else 's'} below")
        self.to_notices.setVisible(bool(count))

    def _go_to_notices(self) -> None:
        first = next((notice for notice in self.notices if not notice.isHidden()), None)
        if first is not None:
            bring_into_view(first)

    def _show_drafts(self, drafts: tuple[DraftCard, ...]) -> None:
        if drafts == self._draft_order:
            return
        self._draft_order = drafts
        clear(self._drafts)
        for draft in drafts[:5]:
            button = _DraftButton(draft)
            button.chosen.connect(self.presenter.carry_on)
            self._drafts.addWidget(Banner(draft.words, "", Tone.INFO, icon_name="pencil", actions=(button,)))

    def _rebuild(self, view: TodayView) -> None:
        """Put the rows anew; the row that had the focus keeps it if it is still there."""
        kept = next((key for key, shown in self._cards.items() if shown.has_focus()), None)
        clear(self._list)
        self._cards = {}
        for heading, cards in view.groups:
            if heading:
                self._list.addWidget(Text(heading, "heading"))
            for card in cards:
                shown = _DutyRow(card)
                shown.acted.connect(self.presenter.act)
                shown.opened.connect(self.presenter.open_case)
                shown.clause_asked.connect(self.presenter.show_clause)
                self._cards[card.key] = shown
                self._list.addWidget(shown)
        if kept in self._cards:
            self._cards[kept].take_focus()

    def _filter(self, only: Only | None) -> None:
        self.presenter.filter(only)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _OnlyChip(Chip):
    chosen = Signal(object)

    def __init__(self, only: Only) -> None:
        super().__init__(only.value, _TONES[only])
        self._only = only
        self.clicked.connect(self._pressed)

    def say(self, words: str, *, on: bool) -> None:
        self.setText(words)
        self.setAccessibleName(f"Show only: {words}")
        self.setChecked(on)
        self.updateGeometry()

    def _pressed(self) -> None:
        self.chosen.emit(self._only if self.isChecked() else None)


class _DraftButton(Button):
    chosen = Signal(object)

    def __init__(self, draft: DraftCard) -> None:
        super().__init__("Carry on")
        self._draft = draft
        self.setAccessibleDescription(draft.words)
        self.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        self.chosen.emit(self._draft)


class _Standing(Tag):
    """As wide as the widest there is, so that the titles stand under one another."""

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(em_px(self, _TAG_EM), 0))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _DutyRow(Card):
    """One duty: how it stands, what it is, why, and the button that does it."""

    acted = Signal(object)
    opened = Signal(object)
    clause_asked = Signal(str)

    def __init__(self, card: DutyCard) -> None:
        super().__init__(gap="tight")
        self._card = card
        self._tag = _Standing(card.standing, card.tone)
        self._title = Line(card.title, "strong")
        self._reference = Button(card.reference, "link")
        self._reference.setAccessibleName(f"Open {card.reference}")
        self._hint = Text("")
        self._why = Text(without_clause(card.why, card.row.duty.clause), "small")
        self._do = Button(card.action)
        words = styled(QWidget(), "clear")
        lines = column(words, gap="none")
        self._clause = clause_link(card.row.duty.clause, self.clause_asked.emit)
        lines.addWidget(Flow(self._title, self._reference, self._clause))
        lines.addWidget(self._hint)
        lines.addWidget(self._why)
        holder = styled(QWidget(), "clear")
        left = row(holder, gap="large")
        left.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        left.addWidget(words, 1)
        self.body.addWidget(Columns(holder, Flow(self._do, to_right=True), stretches=(1, 0), stack_below_em=56))
        self._do.clicked.connect(self._act)
        self._reference.clicked.connect(self._open)
        self.show_card(card)

    def show_card(self, card: DutyCard) -> None:
        """The same duty, told again."""
        self._card = card
        self._tag.say(card.standing, card.tone)
        self._tag.setToolTip(card.when)
        self._hint.setText(card.hint)
        self._hint.setVisible(bool(card.hint))
        said = ". ".join(part for part in (card.standing, card.hint, card.why) if part)
        self._do.setAccessibleName(f"{card.action}: {card.title}, {card.reference}")
        self._do.setAccessibleDescription(said)

    def take_focus(self) -> None:
        """Move the keyboard to the button. (A focus proxy would keep Tab from the other one.)"""
        self._do.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_focus(self) -> bool:
        """Whether the keyboard is in this row."""
        return self._do.hasFocus() or self._reference.hasFocus() or self._clause.hasFocus()

    def _act(self) -> None:
        self.acted.emit(self._card)

    def _open(self) -> None:
        self.opened.emit(self._card)
