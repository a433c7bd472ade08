"""Colours, sizes, typefaces, icons and the one style sheet. Nothing above this room names a colour or a pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.theme.fonts import Letters
from desktop.theme.look import Look, apply_look, dress_alone, look
from desktop.theme.tokens import ThemeName, Tokens, Tone

if TYPE_CHECKING:
    from desktop.theme.icons import icon, pixmap
else:

    def icon(*given, **named):
        """See `icons.icon`. Loaded at the first drawing: the unlock window has none."""
        from desktop.theme.icons import icon as draw

        return draw(*given, **named)

    def pixmap(*given, **named):
        """See `icons.pixmap`."""
        from desktop.theme.icons import pixmap as draw

        return draw(*given, **named)


__all__ = ["Letters", "Look", "ThemeName", "Tokens", "Tone", "apply_look", "dress_alone", "icon", "look", "pixmap"]
