"""One sensible name for one letter per household."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters.salutation import SHARED, UNNAMED, PersonName, household_name, salutation_for

AMINA = PersonName("Ms", "Amina", "Khan")
TUNDE = PersonName("Mr", "Tunde", "Okoro")
UNKNOWN = PersonName()


@pytest.mark.parametrize(
    ("people", "on_envelope", "after_dear"),
    [
        ([], "The Resident", "Resident"),
        ([UNKNOWN, PersonName(title="Mr")], "The Resident", "Resident"),
        ([PersonName(title="Mrs", full="Mrs")], "The Resident", "Resident"),
        ([AMINA], "Ms A Khan", "Ms Khan"),
        ([AMINA, UNKNOWN], "Ms A Khan", "Ms Khan"),
        ([PersonName("", "Amina", "Khan")], "Amina Khan", "Amina Khan"),
        ([PersonName("Ms", "", "Khan")], "Ms Khan", "Ms Khan"),
        ([PersonName("", "", "Khan")], "Khan", "Khan"),
        ([PersonName("", "Amina", "")], "Amina", "Amina"),
        ([PersonName("Mrs", full="Samira Shamoun")], "Mrs Samira Shamoun", "Mrs Samira Shamoun"),
        ([PersonName("Mrs", full="Mrs. S Shamoun")], "Mrs. S Shamoun", "Mrs. S Shamoun"),
        ([AMINA, TUNDE], "Ms A Khan and Mr T Okoro", "Ms Khan and Mr Okoro"),
        ([AMINA, AMINA], "Ms A Khan", "Ms Khan"),
        ([AMINA, PersonName("", "amina", "KHAN")], "Ms A Khan", "Ms Khan"),
        ([PersonName("Mr", "Bo", "Green"), PersonName("Mrs", "Di", "Green")], "Mr and Mrs Green", "Mr and Mrs Green"),
        ([PersonName("MRS.", "Di", "Green"), PersonName("mr", "Bo", "GREEN")], "Mr and Mrs Green", "Mr and Mrs Green"),
        ([PersonName("Ms", "Ana", "Green"), PersonName("Mr", "Bo", "Green")], "Ms A and Mr B Green", "Ms and Mr Green"),
        (
            [PersonName("Ms", "Ana", "Green"), PersonName("Ms", "Bo", "Green")],
            "Ms A and Ms B Green",
            "Ms A and Ms B Green",
        ),
        ([PersonName("", "Ana", "Green"), PersonName("", "Bo", "Green")], "Ana and Bo Green", "Ana and Bo Green"),
        (
            [PersonName("Ms", "Ana", "Green"), PersonName("", "Bo", "Green")],
            "Ms A Green and Bo Green",
            "Ms Green and Bo Green",
        ),
        ([PersonName("", "", "Green"), PersonName("", "Bo", "Green")], "Green and Bo Green", "Green and Bo Green"),
        ([AMINA, TUNDE, PersonName("Mx", "Jo", "Dunne")], "The household", "Residents"),
        ([PersonName("Mr", "أمين", "خان")], "Mr أمين خان", "Mr خان"),
        ([PersonName(" Ms\n", " Éva  Maria ", " van  Berg, ")], "Ms É van Berg", "Ms van Berg"),
    ],
)
def test_names(people: list[PersonName], on_envelope: str, after_dear: str) -> None:
    assert household_name(people) == on_envelope
    assert salutation_for(people, by_name=True) == after_dear


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
    assert household_name(people) in (UNNAMED, SHARED) or any(
        part.strip(" ,;") for person in people for part in (person.given, person.family, person.full)
    )
