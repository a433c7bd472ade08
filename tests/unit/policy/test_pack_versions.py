"""Which version of a pack is in force: shipped, and over it the changes that count, on every laptop alike."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.foundation.errors import PolicyPackInvalid
from core.policy.pack import parse_pack
from core.policy.pack_versions import (
    PackEdit,
    as_value,
    changeable,
    decided_on,
    differences,
    fingerprint,
    needs_second_person,
    version_on,
    with_edit,
)
from tests.support.policy import PACK_FILE

SHIPPED = PACK_FILE.read_text(encoding="utf-8")
APPEAL = "clocks/appeal/value"
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def edit(number: int, **values: Any) -> PackEdit:
    return PackEdit(**{
        "id": bytes([number]) * 16, "pack": "policy", "path": APPEAL, "value": "15", "from_on": DAY, "decided_on": DAY,
        **values,
    })  # fmt: skip


def appeal(edits: tuple[PackEdit, ...], on: date) -> int:
    return parse_pack(version_on("policy", SHIPPED, edits, on, parse_pack).text).clocks.appeal.term.value


def test_without_changes_it_is_the_shipped_text() -> None:
    version = version_on("policy", SHIPPED, (), DAY, parse_pack)
    assert version.text == SHIPPED and version.words.startswith("imani-2013 version 1 (")


def test_a_change_counts_from_its_day_and_never_before_it_was_agreed() -> None:
    later = (edit(1, from_on=date(2026, 4, 1)),)
    assert (appeal(later, date(2026, 3, 31)), appeal(later, date(2026, 4, 1))) == (10, 15)
    back = (edit(1, from_on=date(2020, 1, 1), decided_on=date(2026, 3, 10)),)
    assert (appeal(back, date(2026, 3, 9)), appeal(back, date(2026, 3, 10))) == (10, 15)
    assert appeal((edit(1, decided_on=None),), date(2099, 1, 1)) == 10


@given(st.permutations([
    edit(1), edit(2, value="20", from_on=date(2026, 5, 1)), edit(3, value='"many"'),
    edit(4, path="clocks/survey/value"),
]))  # fmt: skip
def test_the_order_in_which_changes_arrive_does_not_matter(edits: list[PackEdit]) -> None:
    assert appeal(tuple(edits), date(2026, 6, 1)) == 20
    version = version_on("policy", SHIPPED, edits, date(2026, 6, 1), parse_pack)
    assert [one.edit.id for one in version.set_aside] == [bytes([3]) * 16]
    assert "not a whole number" in version.set_aside[0].why[0]
    assert len(version.changes) == 3


def test_a_whole_pack_takes_the_place_and_later_changes_lie_over_it() -> None:
    content = json.loads(SHIPPED)
    content["version"], content["clocks"]["appeal"]["value"] = 2, 12
    whole = edit(1, path="", value="", body=json.dumps(content))
    assert appeal((whole,), DAY) == 12
    assert appeal((whole, edit(2, decided_on=date(2026, 3, 3))), date(2026, 3, 4)) == 15


@pytest.mark.parametrize("name", ["id", "zone"])
def test_another_pack_is_not_another_version(name: str) -> None:
    content = json.loads(SHIPPED)
    content[name] = "Europe/Paris"
    version = version_on("policy", SHIPPED, (edit(1, path="", body=json.dumps(content)),), DAY, parse_pack)
    assert version.text == SHIPPED and "another pack" in version.set_aside[0].why[0]


@pytest.mark.parametrize("path", ["", "clocks", "clocks/appeal", "clocks/appeal/surprise", "acts/nothing/severity"])
def test_what_is_no_value_cannot_be_changed(path: str) -> None:
    with pytest.raises(PolicyPackInvalid):
        with_edit(SHIPPED, edit(1, path=path))


def test_a_row_of_a_list_is_named_by_its_code() -> None:
    changed = with_edit(SHIPPED, edit(1, path="strands/gender/monitored_as", value='"sex"'))
    assert next(one for one in parse_pack(changed).strands if one.code == "gender").monitored_as == "sex"


def test_every_value_offered_can_be_found_again_by_its_path() -> None:
    for one in changeable(SHIPPED):
        same = with_edit(SHIPPED, edit(1, path=one.path, value=json.dumps(one.now)))
        assert json.loads(same) == json.loads(SHIPPED)


@pytest.mark.parametrize(
    ("before", "typed", "made"),
    [(10, " 15 ", "15"), (True, "no", "false"), ("race", "faith", '"faith"'), (None, "18", "18"), (None, "", "null"),
     (None, "2026-12-25", '"2026-12-25"')],
)  # fmt: skip
def test_what_is_typed_becomes_a_value_of_the_same_kind(before: object, typed: str, made: str) -> None:
    assert as_value(before, typed) == made


@pytest.mark.parametrize(("before", "typed"), [(10, "ten"), (10, ""), (10, "-3"), (True, "maybe")])
def test_what_cannot_be_such_a_value_is_refused(before: object, typed: str) -> None:
    with pytest.raises(PolicyPackInvalid):
        as_value(before, typed)


def test_differences_are_named_one_by_one() -> None:
    changed = with_edit(SHIPPED, edit(1))
    assert differences(SHIPPED, changed) == ("Clocks, appeal, value: 15 instead of 10.",)
    assert differences(SHIPPED, SHIPPED) == ()


def test_agreed_is_exactly_this_change() -> None:
    one = edit(1)
    assert fingerprint(one) == fingerprint(replace(one, decided_on=None, reason="another reason"))
    others: tuple[dict[str, Any], ...] = ({"value": "16"}, {"path": "x"}, {"from_on": None}, {"body": "{}"})
    assert all(fingerprint(one) != fingerprint(replace(one, **other)) for other in others)


def test_a_second_person_is_needed_as_long_as_there_is_one() -> None:
    assert needs_second_person(True, 2) and not needs_second_person(True, 0) and not needs_second_person(False, 2)


def test_when_a_change_had_all_it_needs() -> None:
    def decided(alone: bool, **said: bool) -> datetime | None:
        words = {name.encode(): (agrees, NOON) for name, agrees in said.items()}
        return decided_on(proposed_at=NOON, alone=alone, said=words, proposer=b"ana")

    assert decided(False) is None
    assert decided(False, ana=True) is None, "one's own word does not count"
    assert decided(False, ben=True) == NOON
    assert decided(False, ben=True, cai=False) is None, "one refusal is enough"
    assert decided(True) == NOON
    assert decided(True, ben=False) is None
