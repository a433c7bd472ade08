"""What lies in the window of the envelope, computed from finished PDFs: the address and nothing else, ever.

Every letter that is shipped, in both sizes, with the shortest, the usual, a nine-line and the longest address, wherever
the sheet has slid in its envelope, and with the first fold up to three millimetres off.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.letters.addresses import DL_WINDOW, EnvelopeProfile, Zone, block_lines
from core.letters.batch import BatchLetter, make_chunk
from core.letters.compose import compose
from core.letters.model import Layout, Letter, LetterFormat
from core.letters.salutation import PersonName, household_name
from core.letters.templates import Template, shipped_templates
from tests.support.letter_pages import TEMPLATES, Mark, marks, picture
from tests.support.letter_values import OURS, values_for

FOLD_OFF_MM = (-3.0, -1.5, 0.0, 1.5, 3.0)
BOTH = (LetterFormat.STANDARD, LetterFormat.LARGE_PRINT)
REFERENCE = "L-3FA29C"
LONGEST = (
    "Flat 127, The Old Corn Exchange Buildings", "1234 North Marston Magna Road", "Upper Heyford-on-the-Water",
    "Chipping Wychwood", "Oxfordshire", "OX29 9ZZ",
)  # fmt: skip
NINE = ("Room 4", "Flat 1", "Level 2", "Block C", "Elm House", "Elm Row", "Cowley", "Oxford", "OX4 1AA")
ADDRESSES = {
    "short": block_lines(("1 Elm Row", "OX1 1AA"), name="Bo Li"),
    "usual": tuple(OURS["address"].split("\n")),
    "nine lines": block_lines(NINE, name="The Resident"),
    "longest": block_lines(LONGEST, name=household_name([
        PersonName("Professor", "Wilhelmina", "Featherstonehaugh-Cholmondeley"),
        PersonName("Mr", "Jan", "van den Berg"),
    ])),
}  # fmt: skip
WELSH = frozenset({"area-warning", "appointment", "closure"})
"""A sample: the place of the address does not depend on the words under it."""
LETTERS = [
    one for one in shipped_templates(TEMPLATES)
    if one.use.layout is Layout.LETTER
    and (one.identity.language == "en-GB" or (one.identity.language == "cy" and one.identity.template_id in WELSH))
]  # fmt: skip


def offered() -> Iterator[EnvelopeProfile]:
    """The envelope letters are laid out for, folded well and folded badly."""
    for off in FOLD_OFF_MM:
        first, second = DL_WINDOW.folds_mm
        yield dataclasses.replace(DL_WINDOW, folds_mm=(first + off, second + off))


def shown_by(page: list[Mark], zone: Zone) -> str:
    """The letters in a zone without spaces; a comma may have come in where short lines were joined."""
    return "".join(mark.text for mark in page if mark.zone.meets(zone)).replace(",", "")


def letter_of(template: Template, address: tuple[str, ...]) -> Letter:
    values = {**values_for(template), "address": "\n".join(address), "reference": REFERENCE}
    return compose(template, values)


def test_there_are_letters_to_look_at() -> None:
    assert len(LETTERS) >= 10
    assert any("harass" in letter_of(one, ADDRESSES["short"]).title.casefold() for one in LETTERS)


@pytest.mark.parametrize("template", LETTERS, ids=lambda one: f"{one.identity.template_id}-{one.identity.language}")
def test_only_the_address_can_show_in_the_window(template: Template, tmp_path: Path) -> None:
    made = [(name, printed) for name in ADDRESSES for printed in BOTH]
    batch = [
        BatchLetter(place, letter_of(template, ADDRESSES[name]), printed) for place, (name, printed) in enumerate(made)
    ]
    chunk = make_chunk(batch, path=tmp_path / "letters.pdf", title="Letters")
    assert [one.place for one in chunk.letters] == list(range(len(made))), chunk.refused
    data = chunk.path.read_bytes()
    for one, (name, printed) in zip(chunk.letters, made, strict=True):
        page = marks(data, one.page_from - 1)
        address = "".join("".join(ADDRESSES[name]).replace(",", "").split())
        for profile in offered():
            shown = shown_by(page, profile.keep_clear_zone)
            assert shown == address, f"{name}, {printed.value}, folded at {profile.folds_mm[0]} mm: {shown}"
            assert REFERENCE not in shown and "harass" not in shown.casefold()
        assert shown_by(page, DL_WINDOW.visible_zone) == address, "all of it shows wherever the sheet slides"
        assert all(
            DL_WINDOW.visible_zone.contains(mark.zone) for mark in page if mark.zone.meets(DL_WINDOW.keep_clear_zone)
        )
        assert min(mark.size_pt for mark in page if mark.zone.meets(DL_WINDOW.visible_zone)) >= 8.5


@pytest.mark.parametrize("printed", BOTH)
def test_no_rule_or_mark_is_near_the_window_however_it_is_folded(printed: LetterFormat, tmp_path: Path) -> None:
    """What is drawn has no letters, so this one looks at the dots around the address."""
    batch = [BatchLetter(1, letter_of(LETTERS[0], ADDRESSES["longest"]), printed)]
    page = picture(make_chunk(batch, path=tmp_path / "one.pdf", title="Letters").path.read_bytes(), dots_per_mm=4)
    visible = DL_WINDOW.visible_zone
    for profile in offered():
        clear = profile.keep_clear_zone
        around = (
            Zone(clear.left, clear.top, clear.right, visible.top),
            Zone(clear.left, visible.bottom, clear.right, clear.bottom),
            Zone(clear.left, clear.top, visible.left, clear.bottom),
            Zone(visible.right, clear.top, clear.right, clear.bottom),
        )  # fmt: skip
        for zone in around:
            box = tuple(round(side * 4) for side in (zone.left, zone.top, zone.right, zone.bottom))
            assert page.crop(box).getextrema()[0] == 255  # type: ignore[arg-type]
