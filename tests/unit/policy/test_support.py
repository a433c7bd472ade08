"""Support offered (1.2, 3.3)."""

from __future__ import annotations

from core.domain.plan import SupportOffer
from core.policy.support import options_given, support_offered
from tests.support.policy import facts, make


def test_a_declined_offer_can_still_be_shown() -> None:
    declined = make(SupportOffer, "a", what="counselling", offered_at="2026-03-02 10:00", answer="declined")
    earlier = make(SupportOffer, "b", what="security", offered_at="2026-03-01 10:00", answer="accepted")
    found = facts(declined, earlier)
    assert support_offered(found) == (earlier, declined)
    assert options_given(found) == {"counselling", "security"}
