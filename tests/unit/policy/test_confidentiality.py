"""Who sees that a case was opened (policy 4.31)."""

from __future__ import annotations

from core.policy.confidentiality import who_sees_openings


def test_the_lead_and_the_one_who_watches_see_it_and_no_other_reader() -> None:
    assert who_sees_openings(leads={b"ana"}, watches=b"eve") == {b"ana", b"eve"}
    assert who_sees_openings(leads={b"ana"}, watches=None) == {b"ana"}


def test_whoever_is_kept_out_never_sees_it() -> None:
    assert who_sees_openings(leads={b"ana"}, watches=b"eve", told={b"dan"}, kept_out={b"eve", b"dan"}) == {b"ana"}
