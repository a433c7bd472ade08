"""A decision that takes two counts once the second person has agreed in their own word (3.3, 4.3).

Whoever decides names the second person; only what that person says themselves counts. Until then what held
before holds.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.second_person import SecondOpinion
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps

NOT_A_READER = "Choose somebody who reads the case: they agree on their own laptop."


def words_of(facts: CaseFacts, decision: RecordId, second: bytes, decided_by: bytes) -> tuple[SecondOpinion, ...]:
    """Policy 3.3 and 4.3: what the second person said of a decision; nobody is a second person to themselves."""
    if second in (b"", decided_by):
        return ()
    return tuple(one for one in facts.of(SecondOpinion) if one.about == decision and one.said_by == second)


@keeps("3.3", "A second person agrees in their own word", on=("Risk", "Case file"))
def has_agreed(facts: CaseFacts, decision: RecordId, second: bytes, decided_by: bytes) -> bool:
    """Policy 3.3 and 4.3: whether the second person agreed; said apart on two laptops, a no goes before a yes."""
    said = words_of(facts, decision, second, decided_by)
    return bool(said) and all(one.agrees is True for one in said)


def said_at(facts: CaseFacts, decision: RecordId, second: bytes, decided_by: bytes) -> datetime | None:
    """Policy 3.3 and 4.3: when the second person first said anything; None while they are waited for."""
    moments = (known(one.said_at) for one in words_of(facts, decision, second, decided_by))
    return min((at for at in moments if at is not None), default=None)
