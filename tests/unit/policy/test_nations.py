"""England or Wales: which rights somebody is told of (policy 4.32), and for which the list of powers is (2.1)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.foundation.errors import PolicyPackInvalid
from core.policy.nations import nation_of, why_not_this_law
from core.policy.pack import PolicyPack, parse_pack
from core.policy.pack_later import USUAL_NATIONS
from core.policy.powers import parse_legal_pack
from tests.support.policy import PACK_FILE, POLICY_FOLDER, pack

LEGAL = parse_legal_pack((POLICY_FOLDER.parent / "legal" / "england-2026-11.json").read_text(encoding="utf-8"))


def with_nations(**changes: object) -> PolicyPack:
    content = json.loads(PACK_FILE.read_text(encoding="utf-8"))
    content["nations"] |= changes
    return parse_pack(json.dumps(content))


@pytest.mark.parametrize(("postcode", "there", "elsewhere"), [
    ("CF10 1AA", "wales", "wales"), (" sa1 2bb", "wales", "wales"), ("OX3 0AB", "england", "wales"),
    ("SY10 8XX", "england", "wales"), ("C1", "england", "wales"), ("", "england", "wales"),
    ("CFX", "england", "wales"),
])  # fmt: skip
def test_a_home_is_where_its_postcode_says_or_else_where_the_organisation_is(
    postcode: str, there: str, elsewhere: str
) -> None:
    assert nation_of(postcode, pack()) == there
    assert nation_of(postcode, with_nations(organisation_in="wales")) == elsewhere


def test_the_list_of_powers_for_england_says_so_to_an_organisation_in_wales() -> None:
    welsh = with_nations(organisation_in="wales")
    assert why_not_this_law(LEGAL, pack()) == ""
    assert "England" in why_not_this_law(LEGAL, welsh)
    assert why_not_this_law(replace(LEGAL, title="Powers of a social landlord in Wales"), welsh) == ""


def test_nations_are_data_and_an_older_pack_has_ours() -> None:
    with pytest.raises(PolicyPackInvalid, match="'C1', which is no postcode area"):
        with_nations(wales_postcodes=["C1"])
    with pytest.raises(PolicyPackInvalid, match="organisation_in in nations is 'france'"):
        with_nations(organisation_in="france")
    assert with_nations(wales_postcodes=[]).nations.wales_postcodes == frozenset()
    content = json.loads(PACK_FILE.read_text(encoding="utf-8"))
    del content["nations"]
    assert parse_pack(json.dumps(content)).nations == USUAL_NATIONS
