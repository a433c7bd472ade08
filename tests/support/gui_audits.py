"""What every screen must pass: names, keyboard, visible focus, whole words, targets. One function each, and `audit`.

Each function returns sentences, one for each fault, so a test reads `assert audit(page) == []`.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from desktop.screens.case.parts import DoLine
from desktop.theme import Look, ThemeName, apply_look
from desktop.theme.tokens import luminance
from desktop.widgets import Button
from tests.support.searching import SEARCHING

LEAST_TARGET_PX = 34
LEAST_RATIO = 3.0
RING_PX = 2


def settle(milliseconds: int = 0) -> None:
    """Let layouts and queued events happen."""
    for _ in range(3):
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def show_at(
    widget: QWidget, width: int, height: int, *, percent: int = 100, theme: ThemeName = ThemeName.LIGHT
) -> None:
    """Show a widget as its own window at a size, text size and theme."""
    apply_look(replace(Look(), theme=theme, text_percent=percent))
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    settle()
    if cut_words(widget):
        settle(50)  # words that wrap say how high they are only once they know how wide: the page is laid out twice


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def stops(root: QWidget) -> list[QWidget]:
    """Everything Tab may stop at, that can be seen and used."""
    return [
        child
        for child in root.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and child.isVisibleTo(root)
        and child.isEnabled()
        and child.focusProxy() is None
    ]


def without_names(root: QWidget) -> list[str]:
    """Controls a screen reader could not name, or would name by words that are not on them any more."""
    unnamed = [f"{_which(child)} has no name" for child in stops(root) if not name_of(child)]
    buttons = [child for child in stops(root) if isinstance(child, Button) and child.text()]
    return unnamed + [f"{_which(one)} shows {one.text()}" for one in buttons if one.words not in one.text()]


NO_ROLES = (QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane, QAccessible.Role.Window)


def without_roles(root: QWidget) -> list[str]:
    """Controls of which a screen reader could not say what they are."""
    found = []
    for child in stops(root):
        interface = QAccessible.queryAccessibleInterface(child)
        if isinstance(child, QAbstractScrollArea) and name_of(child):
            continue  # a pane that the arrows scroll: Qt knows no better word for it
        if interface is None or interface.role() in NO_ROLES:
            found.append(f"{_which(child)} has no role")
    return found


def same_names(root: QWidget) -> list[str]:
    """Buttons of one page that somebody who hears them could not tell apart.

    The same clause, the same case, and the same duty in the list of all and beside it, are the same place. What is
    picked and ticked is heard with the name of its group.
    """
    heard = Counter(
        (name_of(child), child.accessibleDescription())
        for child in stops(root)
        if isinstance(child, Button)
        and not name_of(child).startswith(("Policy ", "Open "))
        and not any(isinstance(above, DoLine) for above in _above(child))
    )
    return [f"{count} buttons are called {name!r}" for (name, _), count in heard.items() if count > 1]


def _above(widget: QWidget) -> Iterator[QWidget]:
    above = widget.parentWidget()
    while above is not None:
        yield above
        above = above.parentWidget()


def plain_clauses(root: QWidget) -> list[str]:
    """Sentences that name a clause and are no link to it."""
    words = [child.text() for child in root.findChildren(QLabel) if child.isVisibleTo(root)]
    return [f"no link: {one!r}" for one in words if re.search(r"\bPolicy \d+\.\d", one)]


def by_mouse_only(root: QWidget) -> list[str]:
    """Buttons that can be pressed, but never get the focus."""
    return [
        f"{_which(child)} is for the mouse only"
        for child in root.findChildren(QAbstractButton)
        if child.isVisibleTo(root)
        and child.isEnabled()
        and not child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(child.parent(), QLineEdit | QAbstractItemView)
        and not _of_a_row(child)
    ]


def _of_a_row(button: QAbstractButton) -> bool:
    """One of several of which Tab reaches the chosen one, and the arrows the others."""
    group = button.group()
    return group is not None and any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in group.buttons())


def tab_faults(root: QWidget) -> list[str]:
    """Where Tab, pressed until it comes round, misses a control, stays in a ring of its own, or jumps backwards."""
    wanted = stops(root)
    start = next(iter(wanted), None)
    if start is None:
        return []
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen = [QApplication.focusWidget()]
    while len(seen) <= 2 * len(wanted) + 10:
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now is seen[0]:
            break
        if now in seen:
            return [f"Tab goes in a ring that begins at {_which(now)}"]
        seen.append(now)
    reached = set(map(id, seen))
    groups = {child.group() for child in seen if isinstance(child, QAbstractButton) and child.group()}
    missed = [
        f"{_which(child)} is not reached by Tab"
        for child in wanted
        if id(child) not in reached and not (isinstance(child, QAbstractButton) and child.group() in groups)
    ]
    return missed + [
        f"Tab jumps back from {_which(one)} to {_which(other)}"
        for one, other in pairwise(seen)
        if _lies_before(other, one)
    ]


def _lies_before(other: QWidget, one: QWidget) -> bool:
    """Wholly above it and no further to the right, where both scroll together."""
    if next(_scrollers(other), None) is not next(_scrollers(one), None):
        return False
    corner, ours = other.mapTo(other.window(), QPoint(0, 0)), one.mapTo(one.window(), QPoint(0, 0))
    return corner.y() + other.height() <= ours.y() and corner.x() <= ours.x()


def unreached(root: QWidget) -> list[str]:
    """Controls that Tab, pressed until it comes round, never reaches."""
    start = next(iter(stops(root)), None)
    if start is None:
        return []
    start.setFocus()
    seen: list[QWidget] = []
    for _ in range(4 * len(stops(root)) + 10):
        now = QApplication.focusWidget()
        if now is None or (seen and now is seen[0]):
            break
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    groups = {child.group() for child in seen if isinstance(child, QAbstractButton) and child.group()}
    return [
        f"{_which(child)} is not reached by Tab"
        for child in stops(root)
        if child not in seen and not (isinstance(child, QAbstractButton) and child.group() in groups)
    ]


def cut_words(root: QWidget) -> list[str]:
    """Labels, buttons and boxes whose words do not fit, and anything that sticks out sideways."""
    found = []
    for child in root.findChildren(QWidget):
        if not child.isVisibleTo(root) or child.size().isEmpty() or _inside_view(child):
            continue
        if isinstance(child, QLabel) and child.text():
            wide = child.width() + 1
            if child.wordWrap():
                least = child.minimumSizeHint().width()
                if child.heightForWidth(child.width()) > child.height() + 1 or (
                    least > wide and " " not in child.text()
                ):
                    found.append(f"{_which(child)} is cut: {child.size().toTuple()}")
            elif child.sizeHint().width() > wide or child.sizeHint().height() > child.height() + 1:
                found.append(f"{_which(child)} is cut: {child.size().toTuple()} of {child.sizeHint().toTuple()}")
        elif isinstance(child, QAbstractButton) and child.text():
            high = child.heightForWidth(child.width()) if child.hasHeightForWidth() else child.sizeHint().height()
            least_wide = child.minimumSizeHint().width() if child.hasHeightForWidth() else child.sizeHint().width()
            if least_wide > child.width() + 1 or high > child.height() + 1:
                found.append(f"{_which(child)} is cut: {child.size().toTuple()} of {least_wide}, {high}")
        elif isinstance(child, QLineEdit) and child.height() < child.fontMetrics().height():
            found.append(f"{_which(child)} is too low")
        found += _sticking_out(child)
    return found


def small_targets(root: QWidget) -> list[str]:
    """Controls too small for an unsteady hand."""
    return [
        f"{_which(child)} is {child.width()} x {child.height()}"
        for child in stops(root)
        if isinstance(child, QAbstractButton | QLineEdit)
        and min(child.width(), child.height()) < (24 if child.property("kind") == "link" else LEAST_TARGET_PX)
    ]


def hidden_focus(root: QWidget, known: set[object] | None = None) -> list[str]:
    """Controls whose focus cannot be seen: pixels that change by 3:1 must cover a 2 px outline (WCAG 2.4.13).

    `known`: the sorts of control that need not be looked at again; those looked at are added.
    """
    found = []
    for child in stops(root):
        sort = (type(child), child.property("kind"), child.property("rail"))
        if known is not None and sort in known:
            continue
        if known is not None:
            known.add(sort)
        if isinstance(child, QAbstractScrollArea) and child.height() > root.height() // 2:
            continue
        for _ in range(2):  # losing the focus may still move what lies above, a box that grows for one
            for area in _scrollers(child):
                area.ensureWidgetVisible(child)
            _nowhere(root)
        # Another test may have left the pointer here; what it lights up is not the focus.
        child.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        before = _picture(root, child)
        child.setFocus(Qt.FocusReason.TabFocusReason)
        settle()
        after = _picture(root, child)
        changed = _changed_pixels(before, after)
        ratio = root.devicePixelRatioF()
        seen = child.visibleRegion().boundingRect()  # of a box higher than the window only a part can show
        whole = seen.size() == child.size()
        needed = 2 * RING_PX * (seen.width() + seen.height()) * ratio * ratio * (0.8 if whole else 0.4)
        if changed < needed:
            found.append(f"{_which(child)} shows its focus with {changed} pixels of {round(needed)}")
    return found


def audit(root: QWidget, *, tab: bool = True) -> list[str]:
    """All that is quick, on a widget that is shown. `tab`: also press Tab until it comes round."""
    return without_names(root) + (unreached(root) if tab else []) + cut_words(root) + small_targets(root)


AUDIT_SIZES = ((1366, 768, 100), (1024, 640, 100), (1366, 768, 200), (1024, 640, 200))
"""(width, height, text per cent) that every screen must pass."""


def audit_everywhere(root: QWidget) -> list[str]:
    """`audit` where there is most room and least, or at every size while searching, and nothing needs sideways
    scrolling. The page is left as large as it was audited last. The walk sees every page.
    """
    found = []
    for width, height, percent in AUDIT_SIZES if SEARCHING else (AUDIT_SIZES[0], AUDIT_SIZES[-1]):
        show_at(root, width, height, percent=percent)
        ends = (width, height, percent) in (AUDIT_SIZES[0], AUDIT_SIZES[-1])
        found += [f"{width}x{height} at {percent} %: {fault}" for fault in audit(root, tab=ends)]
        if root.width() > width:
            found.append(f"{width}x{height} at {percent} %: the page needs {root.width()} pixels")
    return found


def words_in(root: QWidget) -> str:
    """Every word a screen reader could still find under `root`, hidden or not."""
    return "\n".join(_spoken(child) for child in (root, *root.findChildren(QWidget)))


def _spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is None:
        return ""
    kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
    return " ".join(interface.text(kind) for kind in kinds)


def _which(widget: QWidget) -> str:
    words = getattr(widget, "text", None)
    said = name_of(widget) or (words() if callable(words) else "") or ""
    return f"{type(widget).__name__} '{str(said)[:60]}'"


def _inside_view(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


def _scrollers(widget: QWidget) -> Iterator[QScrollArea]:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            yield parent
        parent = parent.parentWidget()


def _sticking_out(widget: QWidget) -> list[str]:
    for area in _scrollers(widget):
        if area.horizontalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            return []
        if area.widget() is None or not area.widget().isAncestorOf(widget):
            continue
        left = widget.mapTo(area.viewport(), QPoint(0, 0)).x()
        if left + widget.width() > area.viewport().width() + 1:
            return [f"{_which(widget)} sticks out by {left + widget.width() - area.viewport().width()} pixels"]
    return []


def _nowhere(root: QWidget) -> None:
    now = QApplication.focusWidget()
    if now is not None:
        now.clearFocus()
    settle()


def _picture(root: QWidget, child: QWidget) -> QImage:
    """A part of the whole window: a child grabbed alone would be painted on the wrong background."""
    corner = child.mapTo(root, QPoint(0, 0))
    box = QRect(corner, child.size())
    return root.grab(box).toImage().convertToFormat(QImage.Format.Format_RGB32)


def _changed_pixels(before: QImage, after: QImage) -> int:
    one, other = array("I", bytes(before.constBits())), array("I", bytes(after.constBits()))
    kinds: dict[tuple[int, int], bool] = {}
    changed = 0
    for old, new in zip(one, other, strict=True):
        if old == new:
            continue
        pair = (old, new)
        if pair not in kinds:
            kinds[pair] = _ratio(old, new) >= LEAST_RATIO
        changed += kinds[pair]
    return changed


def _ratio(one: int, other: int) -> float:
    low, high = sorted(luminance(f"#{pixel & 0xFFFFFF:06x}") for pixel in (one, other))
    return (high + 0.05) / (low + 0.05)
