"""Support and practical help (1.2, 3.3): what was offered, also what was declined."""

from __future__ import annotations

from datetime import UTC, datetime

from core.domain.plan import SupportOffer
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("1.2", "What was offered, also what was declined", on=("Plan",))
def support_offered(facts: CaseFacts) -> tuple[SupportOffer, ...]:
    """Policy 1.2: every offer in the order it was made; a declined one counts as made."""
    return tuple(sorted(facts.of(SupportOffer), key=lambda offer: (known(offer.offered_at) or _BEGINNING, offer.id)))


@keeps("3.3", "The options the person was told of", on=("Plan",))
def options_given(facts: CaseFacts) -> frozenset[str]:
    """Policy 3.3: the kinds of support the person was told of."""
    return frozenset(offer.what for offer in support_offered(facts))
