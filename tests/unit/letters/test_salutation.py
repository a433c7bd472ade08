"""One sensible name for one letter per household."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters.addresses import DL_WINDOW, block_lines
from core.letters.render.flow import LARGE_PRINT, STANDARD, PageStyle
from core.letters.render.fonts import check_drawable
from core.letters.render.layout import fitted_address
from core.letters.render.tagging import PT_PER_MM
from core.letters.salutation import SHARED, UNNAMED, PersonName, household_name, salutation_for

AMINA = PersonName("Ms", "Amina", "Khan")
TUNDE = PersonName("Mr", "Tunde", "Okoro")
UNKNOWN = PersonName()


@pytest.mark.parametrize(
    ("people", "on_envelope", "after_dear"),
    [
        ([], "The Occupier", "Resident"),
        ([UNKNOWN, PersonName(title="Mr")], "The Occupier", "Resident"),
        ([PersonName(title="Mrs", full="Mrs")], "The Occupier", "Resident"),
        ([AMINA], "Ms Amina Khan", "Ms Khan"),
        ([AMINA, UNKNOWN], "Ms Amina Khan", "Ms Khan"),
        ([PersonName("", "Amina", "Khan")], "Amina Khan", "Amina Khan"),
        ([PersonName("Ms", "", "Khan")], "Ms Khan", "Ms Khan"),
        ([PersonName("", "", "Khan")], "Khan", "Khan"),
        ([PersonName("", "Amina", "")], "Amina", "Amina"),
        ([PersonName("Mrs", full="Samira Shamoun")], "Mrs Samira Shamoun", "Mrs Samira Shamoun"),
        ([PersonName("Mrs", full="Mrs. S Shamoun")], "Mrs. S Shamoun", "Mrs. S Shamoun"),
        ([AMINA, TUNDE], "Ms Amina Khan and Mr Tunde Okoro", "Ms Khan and Mr Okoro"),
        ([AMINA, AMINA], "Ms Amina Khan", "Ms Khan"),
        ([AMINA, PersonName("", "amina", "KHAN")], "Ms Amina Khan", "Ms Khan"),
        ([PersonName("Mr", "Bo", "Green"), PersonName("Mrs", "Di", "Green")], "Mr and Mrs Green", "Mr and Mrs Green"),
        ([PersonName("MRS.", "Di", "Green"), PersonName("mr", "Bo", "GREEN")], "Mr and Mrs Green", "Mr and Mrs Green"),
        (
            [PersonName("Ms", "Ana", "Green"), PersonName("Mr", "Bo", "Green")],
            "Ms Ana and Mr Bo Green",
            "Ms and Mr Green",
        ),
        (
            [PersonName("Ms", "Ana", "Green"), PersonName("Ms", "Bo", "Green")],
            "Ms Ana and Ms Bo Green",
            "Ms A and Ms B Green",
        ),
        ([PersonName("", "Ana", "Green"), PersonName("", "Bo", "Green")], "Ana and Bo Green", "Ana and Bo Green"),
        (
            [PersonName("Ms", "Ana", "Green"), PersonName("", "Bo", "Green")],
            "Ms Ana Green and Bo Green",
            "Ms Green and Bo Green",
        ),
        ([PersonName("", "", "Green"), PersonName("", "Bo", "Green")], "Green and Bo Green", "Green and Bo Green"),
        ([AMINA, TUNDE, PersonName("Mx", "Jo", "Dunne")], "The household", "Residents"),
        ([PersonName("Mr", "أمين", "خان")], "Mr أمين خان", "Mr خان"),
        ([PersonName(" Ms\n", " Éva  Maria ", " van  Berg, ")], "Ms Éva Maria van Berg", "Ms van Berg"),
    ],
)
def test_names(people: list[PersonName], on_envelope: str, after_dear: str) -> None:
    assert household_name(people) == on_envelope
    assert salutation_for(people, by_name=True) == after_dear


ASH = "Ash"
LONG = "Featherstonehaugh-Cholmondeley"


@pytest.mark.parametrize(
    ("people", "on_envelope"),
    [
        ([PersonName("Ms", "Joy", ASH), PersonName("Mr", "Otto", "Lark")], "Ms Joy Ash and Mr Otto Lark"),
        ([PersonName("", "Joy", ASH), PersonName("", "Otto", ASH)], "Joy and Otto Ash"),
        ([PersonName("Ms", "Joy", ASH), PersonName("Mr", "Otto", ASH)], "Ms Joy and Mr Otto Ash"),
        ([PersonName("Ms", "Joy", ASH), PersonName("Ms", "Joy", ASH)], "Ms Joy Ash"),
        ([PersonName("Mr", "Otto", ASH), PersonName("Mr", "", ASH)], "Mr Otto and Mr Ash"),
        ([PersonName("Mr", "", ASH), PersonName("Mr", "", "ASH")], "Mr Ash"),
        ([PersonName("", "J", ASH), PersonName("", "O", "Lark")], "J Ash and O Lark"),
        ([PersonName("", "J.", ASH), PersonName("", "O.", ASH)], "J. and O. Ash"),
        ([PersonName(full="Joy Ash"), PersonName("Ms", "Joy", ASH)], "Joy Ash"),
        ([PersonName(full="Ms Joy Ash"), PersonName("", "joy", "ASH")], "Ms Joy Ash"),
        ([PersonName(full="Joy Ash"), PersonName(full="Otto Lark")], "Joy Ash and Otto Lark"),
        ([PersonName("Dr", "Ana", "de la Cruz"), PersonName("Mx", "Kit", "O'Hare")],
         "Dr Ana de la Cruz and Mx Kit O'Hare"),
        ([PersonName("Ms", "Anneke", "van den Berg"), PersonName("", "Jan", "van den Berg")],
         "Ms A van den Berg and J van den Berg"),
        ([PersonName("Mrs", "Mary Jane", LONG), PersonName("Mr", "Bo", "Li")], f"Mrs M J {LONG} and Mr B Li"),
        ([PersonName("", "Joy", ASH), PersonName("", "Otto", ASH), PersonName("", "Ada", ASH)], "The Ash household"),
        ([PersonName("", "Joy", ASH), PersonName("", "Otto", "Lark"), PersonName("", "Ada", ASH)], "The household"),
        ([PersonName("", "美玲", "陈"), PersonName("Mr", "Otto", "Lark")], "美玲 陈 and Mr Otto Lark"),
        ([PersonName("", "أمينة", "خان"), PersonName("", "طارق", "خان")], "أمينة and طارق خان"),
        ([PersonName("Miss", "Amrit", "Kaur"), PersonName("Mr", "Jaswinder", "Singh")], "Miss A Kaur and Mr J Singh"),
        ([PersonName("Imam", "", "Hassan"), PersonName("Prof.", "Ífe", "Ọlá")], "Imam Hassan and Prof Ífe Ọlá"),
        ([PersonName("Ms", "Joy", ""), PersonName("Mr", "Otto", "")], "Ms Joy and Mr Otto"),
        ([PersonName(), PersonName("Ms", "Joy", ASH), PersonName(title="Mr")], "Ms Joy Ash"),
        ([PersonName(), PersonName()], "The Occupier"),
    ],
)  # fmt: skip
def test_real_households_have_one_sensible_line(people: list[PersonName], on_envelope: str) -> None:
    assert household_name(people) == on_envelope


@pytest.mark.parametrize("printed", [STANDARD, LARGE_PRINT])
@pytest.mark.parametrize(
    "people",
    [
        [PersonName("Mrs", "Wilhelmina Bartholomea", LONG), PersonName("Professor", "Maximilian", f"{LONG}-Smythe")],
        [PersonName("Ms", "Nguyễn Thị Kim", "Ánh Tuyết"), PersonName("Mr", "Łukasz", "Wąsęść-Źrebięć")],
        [PersonName(full="Mrs Maria del Carmen Fernandez de la Torre y Gonzalez and her sister Ana")],
        [PersonName("", "A" * 30, "B" * 30)],
        [PersonName("", given, f"{LONG}-{LONG}") for given in ("Ada", "Bo", "Cy")],
    ],
)
def test_very_long_names_still_lie_in_the_window(people: list[PersonName], printed: PageStyle) -> None:
    home = ("Flat 127, The Old Corn Exchange Buildings", "1234 North Marston Road", "Chipping Wychwood", "OX29 9ZZ")
    lines = block_lines(home, name=household_name(people))
    check_drawable(lines)
    block = fitted_address(lines, printed)
    room = DL_WINDOW.visible_zone
    assert block.size_pt >= 8.5
    assert block.width_pt <= room.width * PT_PER_MM and block.height_pt <= room.height * PT_PER_MM * 1.2


def test_a_general_letter_greets_everybody_alike() -> None:
    assert {salutation_for(people) for people in ([], [AMINA], [AMINA, TUNDE], [AMINA, TUNDE, UNKNOWN] * 2)} == {
        "Resident"
    }


parts = st.text(st.sampled_from(list("aBé ,.\n'")), max_size=6)
people_of_any_kind = st.lists(
    st.builds(PersonName, st.sampled_from(["", "Mr", "mrs.", "Ms"]), parts, parts, parts), max_size=4
)


@given(people_of_any_kind)
def test_there_is_always_one_tidy_line(people: list[PersonName]) -> None:
    for line in (household_name(people), salutation_for(people, by_name=True)):
        assert line
        assert line == " ".join(line.split())
    assert household_name(people).endswith("household") or household_name(people) in (UNNAMED, SHARED) or any(
        part.strip(" ,;") for person in people for part in (person.given, person.family, person.full)
    )
