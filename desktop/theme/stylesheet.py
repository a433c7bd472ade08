"""The one style sheet, made from the tokens. Widgets carry a `kind` property; rules hang on it.

Rules learnt the hard way, each held by a test: an outline that grows on focus takes the difference
from the padding, so nothing moves; placeholder colour is set, or Qt halves it below legibility; no
rule sets a width.
"""

from __future__ import annotations

from desktop.theme.scale import (
    FOCUS_RING_PX,
    HEADING_PT,
    LARGE_PT,
    LEAST_TARGET_PX,
    LINK_SIDE_PX,
    SMALL_PT,
    TITLE_PT,
    Scale,
)
from desktop.theme.tokens import Tokens


def stylesheet(tokens: Tokens, scale: Scale, family: str) -> str:
    """The style sheet of the whole application."""
    return "\n".join(
        (
            _text(tokens, scale),
            _surfaces(tokens, scale),
            _buttons(tokens, scale),
            _boxes(tokens, scale),
            _navigation(tokens, scale),
            _lists(tokens, scale),
            _small_parts(tokens, scale),
            f"QToolTip {{ font-family: '{family}'; }}",
        )
    )


def _text(t: Tokens, s: Scale) -> str:
    return f"""
QWidget {{ color: {t.text}; }}
QLabel {{ background: transparent; selection-background-color: {t.selection}; selection-color: {t.text}; }}
QLabel[kind="title"] {{ font-size: {s.points(TITLE_PT)}pt; font-weight: 700; }}
QLabel[kind="heading"] {{ font-size: {s.points(HEADING_PT)}pt; font-weight: 600; }}
QLabel[kind="strong"] {{ font-weight: 600; }}
QLabel[kind="link"] {{ color: {t.primary}; font-weight: 600; text-decoration: underline; }}
QLabel[kind="large"] {{ font-size: {s.points(LARGE_PT)}pt; }}
QLabel[kind="muted"] {{ color: {t.muted}; }}
QLabel[kind="small"] {{ color: {t.muted}; font-size: {s.points(SMALL_PT)}pt; }}
QLabel[kind="problem"] {{ color: {t.error}; font-weight: 600; }}
QLabel:disabled {{ color: {t.disabled}; }}
"""


def _surfaces(t: Tokens, s: Scale) -> str:
    return f"""
QMainWindow, QDialog, QStackedWidget, *[kind="page"], *[kind="canvas"] {{ background: {t.canvas}; }}
QScrollArea, *[kind="clear"] {{ background: transparent; border: none; }}
QFrame[kind="card"] {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: 10px; }}
QFrame[kind="rule"] {{ background: {t.border}; border: none; max-height: 1px; min-height: 1px; }}
QToolTip {{ background: {t.text}; color: {t.canvas}; border: none; padding: {s.tight}px {s.small}px; }}
"""


def _ring(selector: str, colour: str, vertical_px: int, horizontal_px: int, thin_px: int = 1) -> str:
    grow = FOCUS_RING_PX - thin_px
    return (
        f"{selector} {{ border: {FOCUS_RING_PX}px solid {colour};"
        f" padding: {max(0, vertical_px - grow)}px {max(0, horizontal_px - grow)}px; }}"
    )


def _buttons(t: Tokens, s: Scale) -> str:
    tall, wide, slim = s.space(9), s.space(16), s.space(6)
    least = LEAST_TARGET_PX - 2 * tall
    base = f"border-radius: 6px; padding: {tall}px {wide}px; min-height: {max(least, 0)}px; font-weight: 600;"
    return f"""
QPushButton {{ {base} background: {t.surface}; color: {t.text}; border: 1px solid {t.control}; }}
QPushButton:hover {{ background: {t.primary_soft}; }}
QPushButton:pressed {{ background: {t.sunken}; }}
{_ring("QPushButton:focus", t.focus, tall, wide)}
QPushButton:disabled {{ color: {t.disabled}; background: {t.sunken}; border-color: {t.border}; }}
QPushButton[kind="primary"] {{ background: {t.primary}; color: {t.on_primary}; border-color: {t.primary}; }}
QPushButton[kind="primary"]:hover {{ background: {t.primary_hover}; }}
QPushButton[kind="primary"]:focus {{ border-color: {t.primary_focus}; }}
QPushButton[kind="primary"]:disabled {{ color: {t.disabled}; background: {t.sunken}; border-color: {t.border}; }}
QPushButton[kind="quiet"] {{ background: transparent; color: {t.primary}; border-color: transparent;
  padding: {tall}px {slim}px; }}
QPushButton[kind="quiet"]:hover {{ background: {t.primary_soft}; }}
{_ring('QPushButton[kind="quiet"]:focus', t.focus, tall, slim)}
QPushButton[kind="quiet"]:disabled {{ color: {t.disabled}; background: transparent; border-color: transparent; }}
QPushButton[kind="link"] {{ background: transparent; color: {t.primary}; border-color: transparent; text-align: left;
  text-decoration: underline; padding: {s.tight}px {LINK_SIDE_PX}px; }}
QPushButton[kind="link"]:hover {{ background: {t.primary_soft}; }}
{_ring('QPushButton[kind="link"]:focus', t.focus, s.tight, LINK_SIDE_PX)}
QPushButton[kind="icon"] {{ background: transparent; border-color: transparent; padding: {s.small}px; }}
QPushButton[kind="icon"]:hover {{ background: {t.primary_soft}; }}
{_ring('QPushButton[kind="icon"]:focus', t.focus, s.small, s.small)}
QToolButton {{ border: 1px solid transparent; border-radius: 6px; background: transparent; padding: {s.tight}px; }}
QToolButton:hover {{ background: {t.primary_soft}; }}
"""


def _boxes(t: Tokens, s: Scale) -> str:
    tall, wide = s.space(8), s.space(11)
    boxes = ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QComboBox", "QAbstractSpinBox")
    every = ", ".join(boxes)
    focused = ", ".join(f"{box}:focus" for box in boxes)
    wrong = ", ".join(f'{box}[wrong="true"]' for box in boxes)
    wrong_focused = ", ".join(f'{box}[wrong="true"]:focus' for box in boxes)
    return f"""
{every} {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.control}; border-radius: 6px;
  padding: {tall}px {wide}px; selection-background-color: {t.selection}; selection-color: {t.text};
  placeholder-text-color: {t.placeholder}; min-height: {max(0, LEAST_TARGET_PX - 2 * tall - 2)}px; }}
{wrong} {{ border-color: {t.error}; background: {t.error_back}; }}
{_ring(focused, t.focus, tall, wide)}
{wrong_focused} {{ background: {t.surface}; }}
QPlainTextEdit[kind="notes"] {{ font-size: {s.points(LARGE_PT)}pt; }}
{every.replace(",", ":disabled,")}:disabled {{ color: {t.disabled}; background: {t.sunken}; border-color: {t.border}; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {t.sunken}; }}
QComboBox::drop-down {{ border: none; width: {s.icon(30)}px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.control};
  selection-background-color: {t.selection}; selection-color: {t.text}; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: {LEAST_TARGET_PX}px; padding: 0 {s.small}px; }}
"""


def _navigation(t: Tokens, s: Scale) -> str:
    tall, rail_tall, wide = s.space(10), s.space(8), s.space(12)  # the rail holds every page on a screen 640 high
    edge = t.border if t.nav == t.canvas else t.nav
    return f"""
QFrame[kind="nav"] {{ background: {t.nav}; border: none; border-right: 1px solid {edge}; }}
QFrame[kind="nav"] QLabel {{ color: {t.on_nav}; }}
QFrame[kind="nav"] QScrollArea, QWidget[kind="nav-list"] {{ background: {t.nav}; border: none; }}
QPushButton[kind="nav"] {{ background: transparent; color: {t.on_nav}; border: 1px solid transparent; text-align: left;
  font-weight: 400; padding: {tall}px {wide}px; }}
QPushButton[kind="nav"]:hover {{ background: {t.nav_selected}; }}
QPushButton[kind="nav"][current="true"] {{ background: {t.nav_selected}; font-weight: 600; }}
{_ring('QPushButton[kind="nav"]:focus', t.nav_focus, tall, wide)}
QPushButton[kind="nav"][rail="true"] {{ padding: {tall}px 0; text-align: center; }}
{_ring('QPushButton[kind="nav"][rail="true"]:focus', t.nav_focus, tall, 2)}
QFrame[kind="nav"] QPushButton[kind="nav"][rail="true"] {{ padding: {rail_tall}px 0; }}
{_ring('QFrame[kind="nav"] QPushButton[kind="nav"][rail="true"]:focus', t.nav_focus, rail_tall, 2)}
QFrame[kind="topbar"] {{ background: {t.nav}; border: none; }}
QFrame[kind="topbar"] QLabel {{ color: {t.on_nav}; font-weight: 600; }}
"""


def _lists(t: Tokens, s: Scale) -> str:
    return f"""
QAbstractItemView {{ background: {t.surface}; alternate-background-color: {t.surface}; color: {t.text};
  border: 1px solid {t.border}; border-radius: 8px; outline: none; gridline-color: {t.border};
  selection-background-color: {t.selection}; selection-color: {t.text}; }}
QTableView, QListView, QTreeView {{ padding: {FOCUS_RING_PX - 1}px; }}
QScrollArea[kind="picture"] {{ padding: {FOCUS_RING_PX}px; }}
QScrollArea[kind="picture"]:focus {{ border: {FOCUS_RING_PX}px solid {t.focus}; padding: 0; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: {FOCUS_RING_PX}px solid {t.focus}; padding: 0; }}
QTableView::item {{ padding: 0 {s.small}px; border: none; border-bottom: 1px solid {t.border}; }}
QTableView::item:selected, QListView::item:selected {{ background: {t.selection}; color: {t.text}; }}
QListView::item {{ min-height: {LEAST_TARGET_PX}px; padding: 0 {s.small}px; }}
QListView::item:hover, QTableView::item:hover {{ background: {t.primary_soft}; }}
QHeaderView {{ background: {t.sunken}; border: none; border-top-left-radius: 7px; border-top-right-radius: 7px; }}
QHeaderView::section {{ background: {t.sunken}; color: {t.text}; border: none; border-bottom: 1px solid {t.border};
  padding: {s.space(9)}px {s.small}px; font-weight: 600; }}
QTableCornerButton::section {{ background: {t.sunken}; border: none; }}
QMenu {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.control}; border-radius: 8px;
  padding: {s.tight}px; }}
QMenu::item {{ padding: {s.small}px {s.large}px; border-radius: 5px; border: 2px solid transparent; }}
QMenu::item:selected {{ background: {t.selection}; border-color: {t.focus}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
"""


def _small_parts(t: Tokens, s: Scale) -> str:
    bar = s.space(12)
    return f"""
QScrollBar:vertical {{ background: transparent; width: {bar}px; margin: 0; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: {bar}px; margin: 0; border: none; }}
QScrollBar::handle {{ background: {t.control}; border-radius: {bar // 2 - 2}px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 40px; }}
QScrollBar::handle:horizontal {{ min-width: 40px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {t.sunken}; border: 1px solid {t.control}; border-radius: 6px; min-height: {s.space(12)}px;
  max-height: {s.space(12)}px; }}
QProgressBar::chunk {{ background: {t.primary}; border-radius: 5px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {t.border}; }}
QCalendarWidget QWidget {{ background: {t.surface}; }}
QCalendarWidget QAbstractItemView {{ selection-background-color: {t.primary}; selection-color: {t.on_primary}; }}
QCalendarWidget QToolButton {{ color: {t.text}; font-weight: 600; padding: {s.small}px; }}
QSplitter::handle {{ background: {t.border}; }}
"""
