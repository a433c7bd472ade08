"""What a letter may say of the person complained about (1.1, 3.3): nothing that was not found.

Before a finding nobody is called a perpetrator, and after one only where it was found.
"""

from __future__ import annotations

import re

from core.policy.closing import FOUND
from core.policy.keeps import keeps

NOT_FOUND = "Nothing was found against anybody. Leave this out: {words}. Write “the person you told us about”."
_ACCUSING = re.compile(
    r"\b(perpetrators?|offenders?|culprits?|harassers?|abusers?|attackers?|guilty|the person responsible)\b",
    re.IGNORECASE,
)
_FINDINGS = {
    "found": "We found that it happened as you told us.",
    "partly": "We found that part of it happened as you told us.",
    "not-shown": "We could not show that it happened. That does not mean that we do not believe you.",
    "malicious": "We did not find that it happened as it was reported.",
}


@keeps("1.1", "After a finding a letter may say more than before", on=("Closing",))
def words_for_other(finding: str) -> str:
    """Policy 1.1: how a letter calls the person complained about: responsible only where that was found."""
    return "the person responsible" if finding in FOUND else "the person you told us about"


def words_of_finding(finding: str) -> str:
    """Policy 4.29: what was found, as a letter says it; empty where no finding was made."""
    return _FINDINGS.get(finding, "")


@keeps("1.1", "No letter calls anybody guilty of what was not found", on=("Closing",))
def accuses(words: str, finding: str) -> tuple[str, ...]:
    """Policy 1.1: words that call somebody guilty where that was not found, as they stand in the text."""
    if finding in FOUND:
        return ()
    return tuple(dict.fromkeys(found.group(0) for found in _ACCUSING.finditer(words)))
