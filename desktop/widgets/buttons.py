"""Buttons. Every key that does the same is shown beside the words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.theme import icon, look
from desktop.widgets.base import LOOK_EVENTS, restyle, styled


class Button(QPushButton):
    """Kinds: secondary (default), primary (one a page), quiet, link, icon (drawing only), nav.

    `keys` is shown after the words and works anywhere in the window while the button can be seen;
    `window_keys` is only shown, for a key the window itself answers.
    """

    def __init__(
        self,
        words: str,
        kind: str = "secondary",
        *,
        icon_name: str = "",
        keys: str = "",
        window_keys: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        styled(self, kind)
        self._words, self._icon_name, self._keys = words, icon_name, keys or window_keys
        self._drawn: tuple[str, str, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if keys:
            self.setShortcut(QKeySequence(keys))
        if self._keys:
            self.setAccessibleDescription(f"Key: {self._keys}")
        self.set_words(words)
        self._draw_icon()

    @property
    def words(self) -> str:
        """What it says, without the key."""
        return self._words

    def set_words(self, words: str) -> None:
        """Change what it says, on screen and to a screen reader."""
        self._words = words
        kind = self.property("kind")
        apart = " " if self._icon_name and kind != "link" else ""  # a link would have the space underlined
        shown = "" if kind == "icon" else f"{apart}{words}"
        shortcut = self.shortcut()
        self.setText(f"{shown}  ({self._keys})" if self._keys and shown else shown)
        if not shortcut.isEmpty():
            self.setShortcut(shortcut)  # setText would have replaced it
        self.setAccessibleName(words)
        if not shown.strip():
            self.setToolTip(f"{words} ({self._keys})" if self._keys else words)

    def set_icon(self, name: str) -> None:
        """Another drawing from resources/icons; empty for none."""
        self._icon_name = name
        self._draw_icon()

    def set_kind(self, kind: str) -> None:
        restyle(self, kind=kind)
        self._draw_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it too; Qt alone would take only the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS or event.type() is QEvent.Type.EnabledChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        if not getattr(self, "_icon_name", ""):
            return
        tokens, side = look().tokens, look().scale.icon()
        colour = {"primary": tokens.on_primary, "nav": tokens.on_nav, "quiet": tokens.primary, "link": tokens.primary}
        shown = colour.get(str(self.property("kind")), tokens.text) if self.isEnabled() else tokens.disabled
        if self._drawn == (self._icon_name, shown, side):
            return  # asked whenever the style is looked at again, and mostly nothing is another
        self._drawn = (self._icon_name, shown, side)
        self.setIcon(icon(self._icon_name, shown, side))
        self.setIconSize(QSize(side, side))
