"""Messages that stay on the page: banners, the list of problems, the safe-contact strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape

from PySide6.QtCore import QEvent, QMargins, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from core.foundation.errors import AppError, FormIncomplete
from desktop.theme import Tone, look, pixmap
from desktop.theme.scale import FOCUS_RING_PX
from desktop.widgets.base import LOOK_EVENTS, announce, column, em_px, reveal, row, styled
from desktop.widgets.buttons import Button
from desktop.widgets.flow import Flow
from desktop.widgets.page import clear
from desktop.widgets.text import OneLine, Text

_BAR_PX = 5
LEAST_LINK_PX = 26
LAID_OUT_MS = 50
_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.OK: "circle-check",
    Tone.SOON: "clock",
    Tone.LATE: "circle-alert",
    Tone.CONFIDENTIAL: "shield-check",
    Tone.ERROR: "triangle-alert",
}


class IconLabel(QLabel):
    """A drawing in the colour of a tone. It says nothing to a screen reader; the words beside it do."""

    def __init__(self, name: str, tone: Tone = Tone.NEUTRAL, side_px: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tone, self._side_px = name, tone, side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def show_icon(self, name: str, tone: Tone) -> None:
        self._name, self._tone = name, tone
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS and hasattr(self, "_name"):
            self._draw()

    def _draw(self) -> None:
        side = look().scale.icon(self._side_px)
        self.setPixmap(pixmap(self._name, look().front(self._tone), side, self.devicePixelRatioF()))


class Panel(QFrame):
    """A coloured box with a bar at its left; base of the messages below. Draws its own focus ring."""

    def __init__(self, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tone = tone
        self._whole = row(self, gap="medium")
        self._whole.setContentsMargins(look().scale.large, look().scale.small, look().scale.medium, look().scale.small)

    def paintEvent(self, event: QPaintEvent) -> None:
        front, back = QColor(look().front(self.tone)), QColor(look().back(self.tone))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(back)
        painter.drawRoundedRect(self.rect(), 5, 5)
        if look().back(self.tone) == look().tokens.canvas:  # high contrast: the box needs an edge
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(front, 1))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(front)
        painter.drawRoundedRect(QRectF(0, 0, _BAR_PX + 2, self.height()), 3, 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look().tokens.focus), FOCUS_RING_PX))
            half = FOCUS_RING_PX / 2
            painter.drawRoundedRect(self.rect().toRectF().adjusted(half, half, -half, -half), 5, 5)
        painter.end()


class Banner(Panel):
    """One message: bold words, then the rest, perhaps buttons. Tones: info, ok, late, soon, error, confidential."""

    def __init__(
        self,
        strong: str,
        rest: str = "",
        tone: Tone = Tone.INFO,
        *,
        icon_name: str = "",
        actions: Sequence[Button] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tone, parent)
        self._icon = IconLabel(icon_name or _ICONS[tone], tone)
        self._fixed_icon = bool(icon_name)
        self._whole.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._words = Text()
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._whole.addWidget(self._words, 1)
        if actions:
            self._whole.addWidget(Flow(*actions, to_right=True))
        self.say(strong, rest, tone)

    def say(self, strong: str, rest: str = "", tone: Tone | None = None) -> None:
        """Change what it says; empty words hide it."""
        if not self._fixed_icon:
            self.tone = tone or self.tone
            self._icon.show_icon(_ICONS[self.tone], self.tone)
        self._words.setText(f'<span style="font-weight:600">{escape(strong)}</span> {escape(rest)}'.strip())
        self.setAccessibleName(f"{strong} {rest}".strip())
        reveal(self, bool(strong or rest))
        self.update()

    def say_error(self, error: AppError) -> None:
        """What happened, what is safe, what to do next; and have it read aloud."""
        told = error.explain()
        self.say(told.happened, f"{told.safe} {told.next_step}".strip(), Tone.ERROR)
        announce(self, str(told), urgent=True)

    def clear(self) -> None:
        self.say("")


class ErrorSummary(Panel):
    """ "There is a problem": a list of what to mend; each line moves to its field. Takes the focus when shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Tone.ERROR, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._whole.addWidget(IconLabel("triangle-alert", Tone.ERROR), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap="tight")
        self._heading = Text("There is a problem", "strong")
        words.addWidget(self._heading)
        self._lines = column(words, gap="none")
        self._soon = QTimer(self)  # it has its place only after the page was laid out with it
        self._soon.setSingleShot(True)
        self._soon.setInterval(LAID_OUT_MS)
        self._soon.timeout.connect(self._into_view)
        self._whole.addLayout(words, 1)
        self.hide()

    def show_problems(self, problems: Mapping[str, str], targets: Mapping[str, QWidget]) -> None:
        """Field name -> sentence; empty hides it. `targets` are the controls to move to."""
        clear(self._lines)
        reveal(self, bool(problems))
        self.setAccessibleName(" ".join(("There is a problem.", *problems.values())))
        for name, sentence in problems.items():
            if (target := targets.get(name)) is None:
                self._lines.addWidget(Text(sentence))
                continue
            line = _ProblemLink(sentence, target)
            self._lines.addWidget(line)
        if problems:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._soon.start()

    def _into_view(self) -> None:
        """Whoever pressed the button at the foot of a long page would see nothing happen."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self.hasFocus():
            above.ensureWidgetVisible(self)


class _ProblemLink(Button):
    """A line of the summary; wraps. Holds its target, so no lambda keeps a dead page alive."""

    def __init__(self, sentence: str, target: QWidget) -> None:
        super().__init__("", "link")
        self._target = target
        self._sentence = Text(sentence, "link")
        self._sentence.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = column(self, gap="none")
        edge = look().scale.tight + 1
        inside.setContentsMargins(edge, edge, edge, edge)
        inside.addWidget(self._sentence)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(sentence)
        self.clicked.connect(self._go)

    def sizeHint(self) -> QSize:
        words = self._sentence.fontMetrics().horizontalAdvance(self._sentence.text())
        inside = self.layout()
        edge = inside.contentsMargins() if inside is not None else QMargins()
        wide = words + edge.left() + edge.right() + 2
        return QSize(wide, max(LEAST_LINK_PX, self.heightForWidth(wide)))

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 12), LEAST_LINK_PX)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = self.layout()
        return max(LEAST_LINK_PX, inside.heightForWidth(width)) if inside else LEAST_LINK_PX

    def _go(self) -> None:
        self._target.setFocus(Qt.FocusReason.OtherFocusReason)


class Safety(Enum):
    """Whether a way of making contact may be used. Not asked counts as never."""

    SAFE = "safe"
    NEVER = "never"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """What an officer must know before making contact. `ways` is (name, safety) in a fixed order."""

    ways: tuple[tuple[str, Safety], ...]
    times: str = ""
    if_someone_else_answers: str = ""
    checked: str = ""
    out_of_date: bool = False
    people: tuple[tuple[str, tuple[tuple[str, Safety], ...], str], ...] = ()
    """(name, ways, times) of each person, where what is safe for one is not for another."""


class SafeContactStrip(Panel):
    """ "Before you contact": stands wherever a way to make contact is shown, and never scrolls away."""

    check_asked = Signal()
    """The person using the program wants to check that this is still right."""

    def __init__(self, contact: SafeContact | None = None, parent: QWidget | None = None) -> None:
        super().__init__(Tone.LATE, parent)
        self._whole.addWidget(IconLabel("phone-off", Tone.LATE), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap="tight")
        self._ways = Flow(gap="medium")
        self._more = Text()
        self._check = Button("Check this is still right", "link")
        self._check.clicked.connect(self.check_asked)
        words.addWidget(self._ways)
        words.addWidget(self._more)
        words.addWidget(self._check, 0, Qt.AlignmentFlag.AlignLeft)
        self._whole.addLayout(words, 1)
        self.hide()
        if contact is not None:
            self.show_contact(contact)

    def show_contact(self, contact: SafeContact) -> None:
        """Show what is safe. Ways nobody asked about are shown as not to be used."""
        self._ways.clear()
        self._ways.add(OneLine("Before you contact:", "strong"))
        spoken = []
        whose = contact.people or (("", contact.ways, contact.times),)
        for person, ways, times in whose:
            if person:
                self._ways.add(OneLine(f"{person}:", "strong"))
                spoken.append(person)
            for name, safety in ways:
                words = {
                    Safety.SAFE: name,
                    Safety.NEVER: f"NO {name.upper()}",
                    Safety.NOT_ASKED: f"{name}: not asked, do not use",
                }[safety]
                self._ways.add(_way(words, safety))
                spoken.append(words)
            if times:
                self._ways.add(_way(times, Safety.SAFE))
                spoken.append(times)
        answers = contact.if_someone_else_answers
        more = " ".join(
            part for part in (f"If someone else answers: {answers}" if answers else "", contact.checked) if part
        )
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self._check.setVisible(contact.out_of_date)
        self.setAccessibleName("Before you contact: " + ". ".join(spoken) + (f". {more}" if more else ""))
        reveal(self, True)

    def clear(self) -> None:
        """Forget what it said: another person's page comes."""
        self.hide()
        self._ways.clear()
        self._more.setText("")
        self.setAccessibleName("")


def _way(words: str, safety: Safety) -> QWidget:
    holder = styled(QWidget(), "clear")
    line = row(holder, gap="tight")
    name, tone = {
        Safety.SAFE: ("check", Tone.OK),
        Safety.NEVER: ("x", Tone.LATE),
        Safety.NOT_ASKED: ("circle-help", Tone.LATE),
    }[safety]
    line.addWidget(IconLabel(name, tone, 16))
    line.addWidget(OneLine(words, "body" if safety is Safety.SAFE else "strong"))
    return holder


def problems_of(error: AppError) -> dict[str, str]:
    """Field name -> sentence for a form; an error that names no field is one sentence under "" ."""
    if isinstance(error, FormIncomplete):
        return error.problems
    return {"": str(error.explain())}
