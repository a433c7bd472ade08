"""Support and practical help (1.2, 3.3): what was offered, also what was declined."""

from __future__ import annotations

from datetime import UTC, datetime

from core.domain.case import Party
from core.domain.letters import LEFT_US, CaseLetter
from core.domain.plan import SupportOffer
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps
from core.policy.people import people_harmed

OPTIONS_SHEET, HOURS_CARD, RIGHTS_SHEET = "options-sheet", "out-of-hours-card", "rights-sheet"
SHEETS = (OPTIONS_SHEET, HOURS_CARD, RIGHTS_SHEET)
"""Documents somebody harmed keeps: what they can choose from, whom to call at night, what their rights are."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("1.2", "What was offered, also what was declined", on=("Plan",))
def support_offered(facts: CaseFacts) -> tuple[SupportOffer, ...]:
    """Policy 1.2: every offer in the order it was made; a declined one counts as made."""
    return tuple(sorted(facts.of(SupportOffer), key=lambda offer: (known(offer.offered_at) or _BEGINNING, offer.id)))


@keeps("3.3", "The options the person was told of", on=("Plan",))
def options_given(facts: CaseFacts) -> frozenset[str]:
    """Policy 3.3: the kinds of support the person was told of."""
    return frozenset(offer.what for offer in support_offered(facts))


@keeps("3.3", "The sheet of what they can choose from was given, to whom and when", on=("Support",))
@keeps("4.23", "The card with the out-of-hours number was given, to whom and when", on=("Support",))
def sheets_given(facts: CaseFacts, party: RecordId) -> dict[str, CaseLetter]:
    """Policy 3.3 and 4.23: each sheet somebody was given, by its document; the one given last. One that is being made,
    or came back, was not given."""
    given = [
        one
        for one in facts.of(CaseLetter)
        if one.template in SHEETS and one.party == party and one.delivery in LEFT_US and known(one.delivered_at)
    ]
    return {one.template: one for one in sorted(given, key=lambda one: (known(one.delivered_at) or _BEGINNING, one.id))}


@keeps("3.3", "Who has no sheet of what they can choose from yet", on=("Support",))
def people_without_options(facts: CaseFacts) -> tuple[Party, ...]:
    """Policy 3.3: everybody harmed who was not given the sheet of options in writing."""
    return tuple(one for one in people_harmed(facts) if OPTIONS_SHEET not in sheets_given(facts, one.id))
