"""What lies in the window of the envelope, computed from finished PDFs: the address and nothing else, ever.

Every letter that is shipped, in both sizes, with the shortest, the usual, a nine-line and the longest address, wherever
the sheet has slid in its envelope, and with the first fold up to three millimetres off; for each envelope there is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.organisation import WINDOW_ENVELOPES
from core.letters.addresses import EnvelopeProfile, Zone, block_lines
from core.letters.batch import BatchLetter, make_chunk
from core.letters.compose import compose
from core.letters.envelopes import PROFILES, profile_of
from core.letters.model import Layout, Letter, LetterFormat
from core.letters.render.pdf_engine import render_letter
from core.letters.salutation import PersonName, household_name
from core.letters.templates import Template, shipped_templates
from tests.support.letter_pages import TEMPLATES, Mark, marks, picture
from tests.support.letter_values import OURS, values_for
from tests.support.script_letters import letter_in

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
    "long": block_lines(LONGEST, name="The Resident"),
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


def offered(envelope: EnvelopeProfile) -> Iterator[EnvelopeProfile]:
    """The envelope letters are laid out for, folded well and folded badly."""
    for off in FOLD_OFF_MM:
        yield dataclasses.replace(envelope, folds_mm=tuple(fold + off for fold in envelope.folds_mm))


def shown_by(page: list[Mark], zone: Zone) -> str:
    """The letters in a zone without spaces; a comma may have come in where short lines were joined."""
    return "".join(mark.text for mark in page if mark.zone.meets(zone)).replace(",", "")


def letter_of(template: Template, address: tuple[str, ...]) -> Letter:
    values = {**values_for(template), "address": "\n".join(address), "reference": REFERENCE}
    return compose(template, values)


def test_there_are_letters_to_look_at() -> None:
    assert len(LETTERS) >= 10
    assert any("harass" in letter_of(one, ADDRESSES["short"]).title.casefold() for one in LETTERS)


@pytest.mark.parametrize("envelope", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize("template", LETTERS, ids=lambda one: f"{one.identity.template_id}-{one.identity.language}")
def test_only_the_address_can_show_in_the_window(
    template: Template, envelope: EnvelopeProfile, tmp_path: Path
) -> None:
    made = [(name, printed) for name in ADDRESSES for printed in BOTH]
    batch = [
        BatchLetter(place, letter_of(template, ADDRESSES[name]), printed) for place, (name, printed) in enumerate(made)
    ]
    chunk = make_chunk(batch, path=tmp_path / "letters.pdf", title="Letters", envelope=envelope)
    too_long: set[int] = set() if envelope is PROFILES["dl"] else {made.index(("longest", printed)) for printed in BOTH}
    assert {one.place for one in chunk.refused} == too_long, "two long names and a long address: refused by name"
    assert [one.place for one in chunk.letters] == [place for place in range(len(made)) if place not in too_long]
    data = chunk.path.read_bytes()
    for one in chunk.letters:
        name, printed = made[one.place]
        page = marks(data, one.page_from - 1)
        address = "".join("".join(ADDRESSES[name]).replace(",", "").split())
        for profile in offered(envelope):
            shown = shown_by(page, profile.keep_clear_zone)
            assert shown == address, f"{name}, {printed.value}, folded at {profile.folds_mm[0]} mm: {shown}"
            assert REFERENCE not in shown and "harass" not in shown.casefold()
        visible, clear = envelope.visible_zone, envelope.keep_clear_zone
        assert shown_by(page, visible) == address, "all of it shows wherever the sheet slides"
        assert all(visible.contains(mark.zone) for mark in page if mark.zone.meets(clear))
        assert min(mark.size_pt for mark in page if mark.zone.meets(visible)) >= 8.5


@pytest.mark.parametrize("envelope", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize("printed", BOTH)
def test_no_rule_or_mark_is_near_the_window_however_it_is_folded(
    printed: LetterFormat, envelope: EnvelopeProfile, tmp_path: Path
) -> None:
    """What is drawn has no letters, so this one looks at the dots around the address."""
    batch = [BatchLetter(1, letter_of(LETTERS[0], ADDRESSES["long"]), printed)]
    made = make_chunk(batch, path=tmp_path / "one.pdf", title="Letters", envelope=envelope)
    page = picture(made.path.read_bytes(), dots_per_mm=4)
    visible = envelope.visible_zone
    for profile in offered(envelope):
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


@pytest.mark.parametrize("language", ["ur", "bn"])
@pytest.mark.parametrize("envelope", PROFILES.values(), ids=list(PROFILES))
def test_the_second_engine_keeps_the_window_clear_too(envelope: EnvelopeProfile, language: str) -> None:
    letter = dataclasses.replace(letter_in(language), address_lines=ADDRESSES["long"])
    for printed in BOTH:
        page = marks(render_letter(letter, printed, envelope=envelope), 0)
        wanted = sorted("".join("".join(ADDRESSES["long"]).replace(",", "").split()))
        for profile in offered(envelope):
            assert sorted(shown_by(page, profile.keep_clear_zone)) == wanted
        assert sorted(shown_by(page, envelope.visible_zone)) == wanted


def test_what_a_landlord_can_choose_has_its_measures() -> None:
    assert set(PROFILES) == set(WINDOW_ENVELOPES)
    assert profile_of("") is profile_of("of a later version") is PROFILES["dl"]
