"""The address block, and what an envelope's window shows of the sheet."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.foundation.errors import FormIncomplete
from core.letters.addresses import DL_WINDOW, SHEET_H_MM, SHEET_W_MM, EnvelopeProfile, Zone, block_lines

NAME = "The Resident"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["14 Marsh Lane", "Eastmere", "ZZ1 1AA"], ["14 Marsh Lane", "Eastmere", "ZZ1 1AA"]),
        (["14 Marsh Lane", "Eastmere zz11aa"], ["14 Marsh Lane", "Eastmere", "ZZ1 1AA"]),
        (["14 Marsh Lane, Eastmere, ZZ1-1AA."], ["14 Marsh Lane, Eastmere", "ZZ1 1AA"]),
        (["14 Marsh Lane, Eastmere"], ["14 Marsh Lane", "Eastmere"]),
        (["14 Marsh Lane", "ZZ1 1AA", "Eastmere"], ["14 Marsh Lane", "Eastmere", "ZZ1 1AA"]),
        (["14 Marsh Lane", "ZZ1 1AA", "ZZ1 1AA"], ["14 Marsh Lane", "ZZ1 1AA"]),
        (
            ["", "  ", "14 Marsh Lane,", ",", "EASTMERE", "Eastmere", "ZZ1 1AA"],
            ["14 Marsh Lane", "EASTMERE", "ZZ1 1AA"],
        ),
        (["14 Marsh Lane\nEastmere\r\nZZ1 1AA"], ["14 Marsh Lane", "Eastmere", "ZZ1 1AA"]),
        (["(basement) 12 Quay", "Eastmere"], ["basement 12 Quay", "Eastmere"]),
        (['"Rose Cottage" 3 Quay', "Eastmere"], ["Rose Cottage 3 Quay", "Eastmere"]),
        (["//@ 12 Quay", "=Eastmere"], ["12 Quay", "Eastmere"]),
        (
            ["Flat 6", "Bittern House", "14 Marsh Lane", "Old Harbour", "Eastmere", "Kent", "ZZ1 1AA"],
            ["Flat 6", "Bittern House", "14 Marsh Lane", "Old Harbour", "Eastmere, Kent", "ZZ1 1AA"],
        ),
        (
            ["Room 4", "Flat 6", "Bittern House", "14 Marsh Lane", "Old Harbour", "Eastmere", "Kent", "UK", "ZZ1 1AA"],
            ["Room 4, Flat 6", "Bittern House", "14 Marsh Lane", "Old Harbour", "Eastmere, Kent, UK", "ZZ1 1AA"],
        ),
    ],
)
def test_a_block(lines: list[str], expected: list[str]) -> None:
    assert block_lines(lines, name=NAME) == (NAME, *expected)


def test_the_name_is_kept_on_one_line_and_never_empty() -> None:
    home = ["1 Quay", "Eastmere"]
    assert block_lines(home, name="Ms A\nKhan")[0] == "Ms A Khan"
    assert block_lines(home, name=" ( ")[0] == "The Resident"
    assert block_lines([NAME, *home], name=NAME) == (NAME, *home)


@pytest.mark.parametrize(
    "lines", [[], ["Eastmere"], ["ZZ1 1AA"], [" ", "@"], ["No fixed abode", "Eastmere", "ZZ1 1AA"]]
)
def test_nowhere_to_deliver_to(lines: list[str]) -> None:
    with pytest.raises(FormIncomplete) as caught:
        block_lines(lines, name=NAME)
    assert "address" in caught.value.problems


pieces = st.text(st.sampled_from(list('aZ19 ,@()=[]"\\/<>\n“”.-é')), max_size=9)


@given(st.lists(pieces, max_size=11), pieces, st.sampled_from(["", "ZZ1 1AA", "e1 6an", "Eastmere ZZ9 9ZZ"]))
def test_every_block_keeps_the_rules(lines: list[str], name: str, last: str) -> None:
    try:
        block = block_lines([*lines, "1 Quay", last], name=name)
    except FormIncomplete:
        return
    assert 3 <= len(block) <= 7
    for line in block:
        assert line and line == line.strip() and "\n" not in line
        assert line[0] not in '@()=[]"\\/,<>'
    if last:
        assert block[-1] == {"ZZ1 1AA": "ZZ1 1AA", "e1 6an": "E1 6AN", "Eastmere ZZ9 9ZZ": "ZZ9 9ZZ"}[last]
    letters = [c for line in [*lines, "1 Quay", last] for c in line.upper() if c.isalnum()]
    kept = [c for line in block for c in line.upper() if c.isalnum()]
    assert set(letters) <= set(kept)


# ------------------------------------------------------------------ the window


def test_the_zones_of_the_usual_window_are_those_measured_by_hand() -> None:
    assert DL_WINDOW.visible_zone == Zone(left=20, top=57, right=100, bottom=81)
    assert DL_WINDOW.keep_clear_zone == Zone(left=10, top=46, right=110, bottom=92)


def _profile(**changes: float | tuple[float, ...]) -> EnvelopeProfile:
    return dataclasses.replace(DL_WINDOW, **changes)  # type: ignore[arg-type]


@given(
    st.floats(SHEET_W_MM, 240),
    st.floats(99, 120),
    st.floats(30, 110),
    st.floats(15, 45),
    st.floats(0, 60),
    st.floats(0, 40),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_zones_hold_wherever_the_sheet_slides(
    env_w: float, env_h: float, win_w: float, win_h: float, left: float, bottom: float, slid_x: float, slid_y: float
) -> None:
    try:
        profile = EnvelopeProfile(env_w, env_h, win_w, win_h, left, bottom, (99.0, 198.0))
    except FormIncomplete:
        return
    # Where the window lies on the sheet when the sheet has slid so far to the right and down.
    x, y = slid_x * (env_w - SHEET_W_MM), slid_y * (env_h - 99)
    top = env_h - bottom - win_h
    shown = Zone(max(left - x, 0), max(top - y, 0), min(left + win_w - x, SHEET_W_MM), min(top + win_h - y, 99))
    near = 1e-6
    wider = Zone(shown.left - near, shown.top - near, shown.right + near, shown.bottom + near)
    assert wider.contains(profile.visible_zone)
    clear = profile.keep_clear_zone
    assert Zone(clear.left - near, clear.top - near, clear.right + near, clear.bottom + near).contains(shown)


def test_an_unfolded_sheet_has_one_panel() -> None:
    c4 = EnvelopeProfile(229, 324, 90, 35, 20, 220, ())
    assert c4.slide_y_mm == 324 - SHEET_H_MM
    assert c4.visible_zone == Zone(20, 69, 91, 77)


@pytest.mark.parametrize(
    "changes",
    [
        {"env_w_mm": 200.0},
        {"env_h_mm": 98.0},
        {"win_h_mm": 0.0},
        {"win_left_mm": -1.0},
        {"win_left_mm": 131.0},
        {"win_bottom_mm": 76.0},
        {"folds_mm": (198.0, 99.0)},
        {"folds_mm": (0.0,)},
        {"folds_mm": (99.0, 170.0)},
        {"win_w_mm": 9.0},
        {"win_h_mm": 10.0},
    ],
)
def test_an_impossible_envelope_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(FormIncomplete) as caught:
        _profile(**changes)
    assert "envelope" in caught.value.problems


def test_zones_meet_only_where_they_share_area() -> None:
    zone = Zone(10, 10, 20, 20)
    assert (
        zone.meets(Zone(19, 19, 30, 30))
        and not zone.meets(Zone(20, 10, 30, 20))
        and not zone.meets(Zone(10, 20, 20, 30))
    )
    assert zone.contains(zone) and not zone.contains(Zone(9, 10, 20, 20)) and not zone.contains(Zone(10, 10, 20, 21))
    assert (zone.width, zone.height) == (10, 10)
