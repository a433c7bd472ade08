"""Sizes: one type scale and one spacing scale. Screens use these names and never a number of pixels.

Type is in points and follows the person's text size (100 to 200 %). Spacing grows half as fast, so
that large text keeps its room on a small screen.
"""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST_TEXT_PERCENT = 100
LARGEST_TEXT_PERCENT = 200
TEXT_STEP_PERCENT = 10

BODY_PT = 10.5
SMALL_PT = 9.5
LARGE_PT = 14.0
TITLE_PT = 18.0
HEADING_PT = 13.0

FOCUS_RING_PX = 3
LEAST_TARGET_PX = 34
"""No button, box or row is lower than this (WCAG 2.5.8 asks for 24)."""
TOUCH_TARGET_PX = 44
LINK_SIDE_PX = 2
"""Beside the words of a link: with its thin line as wide as the focus ring, so that it begins where words begin."""

RAIL_BELOW_EM = 84
"""Windows narrower than this many letter heights (1180 px at 100 %) get the icon rail."""
MENU_BELOW_EM = 50
"""Windows narrower than this (700 px at 100 %) get the menu button."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes at one text size. Lengths are device-independent pixels."""

    text_percent: int = 100

    @property
    def factor(self) -> float:
        return self.text_percent / 100

    def points(self, at_100: float) -> float:
        """A type size in points."""
        return round(at_100 * self.factor, 2)

    def space(self, at_100_px: int) -> int:
        """A gap or padding; grows at half the rate of the text."""
        return round(at_100_px * (1 + (self.factor - 1) / 2))

    @property
    def tight(self) -> int:
        return self.space(4)

    @property
    def small(self) -> int:
        return self.space(8)

    @property
    def medium(self) -> int:
        return self.space(12)

    @property
    def large(self) -> int:
        return self.space(16)

    @property
    def huge(self) -> int:
        return self.space(24)

    def icon(self, at_100_px: int = 18) -> int:
        """Side of an icon; grows with the text it stands beside."""
        return round(at_100_px * self.factor)


def clamped_percent(percent: int) -> int:
    """The nearest text size that can be chosen."""
    return max(SMALLEST_TEXT_PERCENT, min(LARGEST_TEXT_PERCENT, percent))
