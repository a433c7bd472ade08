"""What the person wants, and what it means for what we do (1.1, 3.3, 4.7).

1. The latest word of each person holds. What they said before stays on the file.
2. Nobody approaches the person complained about before somebody asked what the person harmed wants.
3. Wanting no action ends no duty: it is asked again, and risk is still assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from core.domain.plan import Wish
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps

NOT_ASKED = "Nobody has recorded what the person wants. Ask before the person complained about is approached."
ASKED_NOT_TO = "The person does not want the person complained about to be approached"
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("1.1", "What each person wants, by their latest word", on=("Plan",))
def wishes_now(facts: CaseFacts) -> Mapping[RecordId | None, Wish]:
    """Policy 1.1: what each person wants, by their latest word; under None where no person was named."""
    latest: dict[RecordId | None, Wish] = {}
    for wish in sorted(facts.of(Wish), key=lambda one: (known(one.said_at) or _BEGINNING, one.id)):
        latest[wish.party] = wish
    return latest


@keeps("1.1", "Two people may want different things", on=("Plan",))
def wishes_differ(facts: CaseFacts) -> bool:
    """Policy 1.1: whether people harmed in one case want different things of us."""
    said = {(bool(wish.not_approached), bool(wish.no_action)) for wish in wishes_now(facts).values()}
    return len(said) > 1


@keeps("1.1", "Nobody is approached before the person was asked", on=("Plan",))
def why_not_approach(facts: CaseFacts) -> str:
    """Policy 1.1: why the person complained about is not to be approached yet; empty if they may be.

    It is a warning and not a bar: a risk to life or to a child goes before a wish, with the reason recorded.
    """
    now = wishes_now(facts)
    if not now:
        return NOT_ASKED
    against = [wish for wish in now.values() if wish.not_approached or wish.no_action]
    if not against:
        return ""
    said_at = max((at for wish in against if (at := known(wish.said_at)) is not None), default=None)
    when = f" (said {said_at:%d %b})".replace(" 0", " ") if said_at is not None else ""
    return f"{ASKED_NOT_TO}{when}."
