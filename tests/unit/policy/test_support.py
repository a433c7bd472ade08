"""Support offered (1.2, 3.3), and what was given in writing to keep (3.3, 4.23)."""

from __future__ import annotations

from core.domain.case import Party
from core.domain.letters import CaseLetter
from core.domain.plan import SupportOffer
from core.policy.support import options_given, people_without_options, sheets_given, support_offered
from tests.support.policy import facts, make


def test_a_declined_offer_can_still_be_shown() -> None:
    declined = make(SupportOffer, "a", what="counselling", offered_at="2026-03-02 10:00", answer="declined")
    earlier = make(SupportOffer, "b", what="security", offered_at="2026-03-01 10:00", answer="accepted")
    found = facts(declined, earlier)
    assert support_offered(found) == (earlier, declined)
    assert options_given(found) == {"counselling", "security"}


def test_a_sheet_counts_once_it_reached_the_person_and_the_last_one_is_told() -> None:
    ada, bob = make(Party, "ada", name="Ada", roles={"harmed"}), make(Party, "bob", name="Bob", roles={"harmed"})

    def sheet(name: str, template: str, at: str, **fields: object) -> CaseLetter:
        fields = {"delivery": "delivered", **fields}
        return make(CaseLetter, name, template=template, party=ada.id, delivered_at=at, **fields)

    first = sheet("1", "options-sheet", "2026-03-01 10:00")
    again = sheet("2", "options-sheet", "2026-03-05 10:00", delivery="posted")
    card = sheet("3", "out-of-hours-card", "2026-03-02 10:00")
    back = sheet("4", "rights-sheet", "2026-03-03 10:00", delivery="returned")
    letter = sheet("5", "closure", "2026-03-03 10:00")
    found = facts(ada, bob, again, first, card, back, letter)
    assert sheets_given(found, ada.id) == {"options-sheet": again, "out-of-hours-card": card}
    assert sheets_given(found, bob.id) == {}
    assert people_without_options(found) == (bob,)
