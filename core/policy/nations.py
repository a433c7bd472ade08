"""England or Wales: which rights a person is told of follows where they live (policy 4.32)."""

from __future__ import annotations

import re

from core.policy.keeps import keeps
from core.policy.pack import PolicyPack
from core.policy.powers import LegalPack

WALES = "wales"
_AREA = re.compile(r"\s*([A-Za-z]{1,2})\d")


@keeps("4.32", "Rights are told as they are where the person lives, in England or in Wales", on=("Letters",))
def nation_of(postcode: str, pack: PolicyPack) -> str:
    """Policy 4.32: the nation of a home by its postcode, or the organisation's where that does not tell."""
    area = _AREA.match(postcode)
    if area and area[1].upper() in pack.nations.wales_postcodes:
        return WALES
    return pack.nations.organisation_in


@keeps("2.1", "A list of powers made for another nation says so", on=("Organisation",))
def why_not_this_law(legal: LegalPack, pack: PolicyPack) -> str:
    """Policy 2.1: why the list of powers is not the organisation's own; empty if it is.

    The list that comes with the program is for England; nobody has made one for Wales yet.
    """
    if pack.nations.organisation_in != WALES or WALES in legal.title.casefold():
        return ""
    return "This list is for England, and the organisation is in Wales. Have a solicitor make one for Wales."
