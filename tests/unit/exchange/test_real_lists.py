"""The two whole lists: the demo estate that is shipped, and a real one that is not."""
# ruff: noqa: E501 -- a list of cases is read one case a line

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from core.exchange.columns import guess_columns
from core.exchange.homes import HomesPlan, KnownHome, plan_import
from core.exchange.tables import read_table
from installer.tools.make_demo_estate import make_estate

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "resources" / "demo" / "marsh-lane-homes.csv"
REAL = ROOT.parent / "shared" / "data" / "oxford-hmo-addresses.csv"


def planned(path: Path, known: dict[str, KnownHome] | None = None) -> HomesPlan:
    table = read_table(path)
    return plan_import(table, guess_columns(table), known=known or {})


def known_after(plan: HomesPlan) -> dict[str, KnownHome]:
    return {home.key: KnownHome.from_row(f"home-{at}", home) for at, home in enumerate(plan.new)}


# ------------------------------------------------------------------ the demo estate


def test_the_demo_list_is_what_its_maker_makes() -> None:
    assert DEMO.read_bytes() == make_estate()


def test_the_demo_estate_has_the_homes_its_readme_promises() -> None:
    plan = planned(DEMO)
    counts = plan.counts
    assert (counts.total, counts.new, counts.repeated, counts.refused, counts.blank) == (706, 640, 57, 6, 3)
    assert Counter(warning.code for warning in plan.warnings) == {"no-postcode": 19, "unknown-language": 1}
    assert sum(1 for home in plan.new if not home.residents) == 14
    places = Counter((home.building, home.street) for home in plan.new)
    assert places == {
        ("", "Marsh Lane"): 60, ("", "Samphire Street"): 48, ("", "Sedge Row"): 40, ("Bittern House", "Marsh Lane"): 84,
        ("Lapwing House", "Marsh Lane"): 72, ("Reedmace Court", "Samphire Street"): 96, ("Curlew Point", "Eelmarket Road"): 120,
        ("", "Eelmarket Road"): 60, ("", "Withy Gardens"): 36, ("Tidemill Cottages", "Sluice Walk"): 24,
    }  # fmt: skip
    assert {home.town for home in plan.new} == {"Eastmere"}
    assert {home.postcode[:2] for home in plan.new} == {"", "ZZ"}
    readme = (DEMO.parent / "README.md").read_text(encoding="utf-8")
    for number in ("706", "640", "57", "19", "14"):
        assert re.search(rf"\b{number}\b", readme)


def test_importing_the_demo_estate_twice_changes_nothing() -> None:
    again = planned(DEMO, known_after(planned(DEMO)))
    assert (again.counts.new, again.counts.updated, again.counts.unchanged) == (0, 0, 640)


# ------------------------------------------------------------------ a real list of one unseparated column


@pytest.fixture
def real() -> Path:
    if not REAL.exists():
        reason = "the real address list is not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return REAL


def test_every_row_of_a_real_list_is_accounted_for(real: Path) -> None:
    plan = planned(real)
    counts = plan.counts
    assert (counts.total, counts.new, counts.repeated, counts.refused, counts.blank) == (3211, 3203, 8, 0, 0)
    assert Counter(warning.code for warning in plan.warnings) == {"no-postcode": 27}
    again = planned(real, known_after(plan)).counts
    assert (again.new, again.updated, again.unchanged) == (0, 0, 3203)


def test_a_real_list_is_cut_into_streets_and_towns(real: Path) -> None:
    homes = planned(real).new
    assert {home.town for home in homes} == {"Oxford"}
    assert {home.county for home in homes} == {"", "Oxfordshire"}
    assert {home.locality for home in homes} == {"", "Headington", "Cowley", "Marston", "Old Marston", "Littlemore"}
    # No street carries a number, a place or a building with it.
    odd = [home.street for home in homes if re.search(r"\d|Oxford$|Headington$|House$|House \w+ \w+|Flat", home.street)]
    assert odd == []
    assert all(home.street for home in homes)
    without_number = [home for home in homes if not home.number and not home.flat]
    assert {home.building for home in without_number} == {"Mansion Mews", "The Old School"}
    streets = Counter(home.street for home in homes)
    assert streets["Cowley Road"] > 150
    assert len(streets) < 570


def test_the_hard_rows_of_a_real_list(real: Path) -> None:
    homes = {home.source_line: home for home in planned(real).new}
    text = real.read_text(encoding="utf-8").splitlines()
    cut = {text[line - 1]: (h.flat, h.building, h.number, h.street, h.locality) for line, h in homes.items()}

    def found(start: str) -> tuple[str, ...]:
        (answer,) = [parts for whole, parts in cut.items() if whole.startswith(start)]
        return answer

    assert found("Flat 1 Oakthorpe Mansions") == ("Flat 1", "Oakthorpe Mansions", "205", "Banbury Road", "")
    assert found("Flat 1 Fettler's House") == ("Flat 1", "Fettler's House Eagle Works", "", "Walton Well Road", "")
    assert found("Flat 207 Cowley Road") == ("Flat", "", "207", "Cowley Road", "")
    assert found("16 Balliol Court") == ("16", "Balliol Court", "", "Rutherway", "")
    assert found("46 Oxford Road Old") == ("", "", "46", "Oxford Road", "Old Marston")
    assert found("101 Oxford Road") == ("", "", "101", "Oxford Road", "Cowley")
    assert found("8 Temple Mews") == ("8", "Temple Mews", "6", "Temple Road", "")
    assert found("51 The Chilterns") == ("51", "The Chilterns", "", "Gloucester Green", "")
    assert found("Flat 7 The Firs") == ("Flat 7", "The Firs", "", "Hernes Road", "")
    assert found("2 Cranston Court") == ("2", "Cranston Court", "", "Rose Hill", "")
    assert found("42 Rose Hill") == ("", "", "42", "Rose Hill", "")
