"""Colours, sizes, typefaces, icons and the one style sheet. Nothing above this room names a colour or a pixel."""

from __future__ import annotations

from desktop.theme.fonts import Letters
from desktop.theme.icons import icon, pixmap
from desktop.theme.look import Look, apply_look, look
from desktop.theme.tokens import ThemeName, Tokens, Tone

__all__ = ["Letters", "Look", "ThemeName", "Tokens", "Tone", "apply_look", "icon", "look", "pixmap"]
