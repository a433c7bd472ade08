"""What a letter may say of the person complained about (1.1, 4.29)."""

from __future__ import annotations

import pytest

from core.domain.case import FINDINGS
from core.policy.outgoing import accuses, words_for_other, words_of_finding


@pytest.mark.parametrize("finding", ["", "none", "not-shown", "malicious"])
def test_nobody_is_called_responsible_before_it_was_found(finding: str) -> None:
    words = "The Perpetrator was warned; he is guilty."
    assert accuses(words, finding) == ("Perpetrator", "guilty")
    assert words_for_other(finding) == "the person you told us about"


@pytest.mark.parametrize("finding", ["found", "partly"])
def test_after_a_finding_it_may_be_said(finding: str) -> None:
    assert accuses("The perpetrator was warned.", finding) == ()
    assert words_for_other(finding) == "the person responsible"


def test_every_finding_has_its_words_and_no_finding_none() -> None:
    assert words_of_finding("none") == ""
    assert all(words_of_finding(code) for code in FINDINGS if code != "none")
    assert accuses("The person complained about was spoken to.", "") == ()
