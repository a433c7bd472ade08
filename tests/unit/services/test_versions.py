"""Two laptops write one field apart: both are told of it, one chooses, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.domain.case import Case, Note, Party, Report, Survey
from core.domain.declare import Record
from core.domain.organisation import Organisation
from core.domain.values import MAX_LONG_TEXT_LENGTH
from core.foundation.errors import BugError, ChoiceOutdated, FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import RecordId
from core.services import history, organisation, sync, versions
from core.services.workspace import Workspace
from tests.support.apart import ANA, BEN, asked, choose, shared_case, swap, two_laptops, with_words, write
from tests.support.laptops import Template, records_of

Pair = tuple[Workspace, Workspace]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return two_laptops(tmp_path_factory.mktemp("template"))


@pytest.fixture
def pair(template: Template, tmp_path: Path) -> Pair:
    _, laptops = template.copy(tmp_path)
    return laptops[ANA], laptops[BEN]


def apart(pair: Pair, kind: type[Record], field: str, mine: object, theirs: object) -> tuple[RecordId, RecordId]:
    """Ana writes `mine`, Ben `theirs`, and only then do they sync."""
    case, record = shared_case(*pair, kind)
    for laptop, value in zip(pair, (mine, theirs), strict=True):
        write(laptop, kind, record, **{field: value})
    swap(*pair)
    return case, record


FIELDS = (
    (Note, "body", "Rang her. " * 900 + "She is well.", "Rang her. " * 900 + "She is worried."),
    (Case, "handling", "other", "harassment"),
    (Survey, "returned_on", date(2026, 11, 2), date(2026, 11, 3)),
    (Report, "received_at", datetime(2026, 11, 2, 9, 5, tzinfo=UTC), datetime(2026, 11, 2, 14, 0, tzinfo=UTC)),
)


@pytest.mark.parametrize(("kind", "field", "mine", "theirs"), FIELDS, ids=[field for _, field, _, _ in FIELDS])
def test_both_laptops_show_the_same_two_versions_until_one_chooses(
    pair: Pair, kind: type[Record], field: str, mine: object, theirs: object
) -> None:
    ana, ben = pair
    case, record = apart(pair, kind, field, mine, theirs)
    here, there = asked(ana, case), asked(ben, case)
    assert (here.record, here.field, here.record_label) == (record, field, kind.SPEC.label)
    assert [(one.id, one.words, one.who, one.at, one.laptop, one.this_is_shown) for one in here.versions] == [
        (one.id, one.words, one.who, one.at, one.laptop, one.this_is_shown) for one in there.versions
    ]
    assert {one.who for one in here.versions} == {ANA, BEN}
    assert [one.this_is_shown for one in here.versions] == [True, False]
    assert {one.who: one.mine for one in here.versions} == {ANA: True, BEN: False}
    assert {one.who: one.this_laptop for one in there.versions} == {ANA: False, BEN: True}
    assert len({one.laptop for one in here.versions}) == 2
    waiting = versions.waiting_choices(ben)
    assert (waiting.count, waiting.elsewhere) == (1, 0)
    assert [(one.case, one.reference, one.count) for one in waiting.cases] == [(case, "2026-AR-001", 1)]

    hidden = next(one for one in there.versions if not one.this_is_shown)
    settled = versions.settle_versions(ben, record=record, field=field, seen=there.ids, chosen=hidden.id)
    assert record in settled.changed.ids
    swap(*pair)
    for laptop in pair:
        assert versions.versions_of_case(laptop, case=case) == ()
        assert versions.waiting_choices(laptop).count == 0
        assert getattr(laptop.store.get(kind, record), field) == (mine if hidden.who == ANA else theirs)
    assert records_of(ana) == records_of(ben)


def test_values_are_said_in_words(pair: Pair) -> None:
    case, _ = apart(pair, Case, "handling", "other", "")
    assert {one.words for one in asked(pair[0], case).versions} == {"Continued in another way", "Left empty"}
    write(pair[0], Case, case, handling="harassment", lead=pair[0].user)
    swap(*pair)
    write(pair[0], Case, case, lead=pair[1].user)
    write(pair[1], Case, case, lead=b"")
    swap(*pair)
    assert {one.words for one in asked(pair[1], case).versions} == {BEN, "Left empty"}
    assert asked(pair[1], case).about == "2026-AR-001" and not asked(pair[1], case).combines


def test_keeping_the_version_already_shown_is_a_choice_too(pair: Pair) -> None:
    ana = pair[0]
    case, record = apart(pair, Case, "summary", "mine", "theirs")
    shown = next(one for one in asked(ana, case).versions if one.this_is_shown)
    choose(ana, case, shown.words)
    swap(*pair)
    for laptop in pair:
        assert versions.versions_of_case(laptop, case=case) == ()
        assert laptop.store.get(Case, record).summary == shown.words


def test_the_history_keeps_both_and_the_choice(pair: Pair) -> None:
    ana, ben = pair
    case, record = apart(pair, Note, "body", "mine", "theirs")
    choose(ben, case, "mine")
    swap(*pair)
    rows = [row for row in history.history_of(ana, record=record) if row.field == "Note"]
    assert [(row.value, row.who, row.cause) for row in rows[:1]] == [("mine", BEN, "choose-version")]
    assert {(row.value, row.who) for row in rows[1:]} == {("mine", ANA), ("theirs", BEN)}


def test_one_text_is_written_from_both(pair: Pair) -> None:
    ana, ben = pair
    case, record = apart(pair, Note, "body", "She is well.", "She is worried.")
    found = asked(ana, case)
    assert found.combines
    with pytest.raises(FormIncomplete) as empty:
        versions.settle_versions(ana, record=record, field="body", seen=found.ids, chosen="  \n")
    assert set(empty.value.problems) == {"text"}
    with pytest.raises(FormIncomplete) as long:
        versions.settle_versions(
            ana, record=record, field="body", seen=found.ids, chosen="x" * (MAX_LONG_TEXT_LENGTH + 1)
        )
    assert set(long.value.problems) == {"text"}
    assert asked(ana, case) == found, "nothing was changed"
    versions.settle_versions(ana, record=record, field="body", seen=found.ids, chosen="She is well, but worried.")
    swap(*pair)
    assert ben.store.get(Note, record).body == "She is well, but worried."
    assert versions.versions_of_case(ben, case=case) == ()


def test_what_is_no_text_is_not_written_from_both(pair: Pair) -> None:
    case, _ = apart(pair, Case, "handling", "other", "")
    found = asked(pair[0], case)
    with pytest.raises(BugError):
        versions.settle_versions(pair[0], record=case, field="handling", seen=found.ids, chosen="some words")


@pytest.mark.parametrize(("one", "other", "left"), [("mine", "mine", 0), ("mine", "theirs", 2)])
def test_choosing_on_both_laptops_at_once_comes_to_one_state(pair: Pair, one: str, other: str, left: int) -> None:
    ana, ben = pair
    case, record = apart(pair, Case, "summary", "mine", "theirs")
    choose(ana, case, one)
    choose(ben, case, other)
    swap(*pair)
    assert records_of(ana) == records_of(ben)
    for laptop in pair:
        found = versions.versions_of_case(laptop, case=case)
        assert sum(len(contested.versions) for contested in found) == left, "the same choice twice asks nobody again"
    if left:
        choose(ana, case, "theirs")
        swap(*pair)
        assert ben.store.get(Case, record).summary == "theirs"
        assert versions.versions_of_case(ben, case=case) == ()


def test_a_version_nobody_has_seen_yet_is_never_replaced_by_a_choice(pair: Pair) -> None:
    ana, ben = pair
    case, record = apart(pair, Case, "summary", "mine", "theirs")
    before = asked(ana, case)
    choose(ben, case, "theirs")
    write(ben, Case, record, summary="a third thing")
    swap(*pair)
    with pytest.raises(ChoiceOutdated):
        chosen = with_words(before, "mine")
        versions.settle_versions(ana, record=record, field="summary", seen=before.ids, chosen=chosen)
    assert ana.store.get(Case, record).summary == "a third thing"


def test_a_third_version_that_came_in_meanwhile_is_not_replaced_either(pair: Pair) -> None:
    ana, ben = pair
    case, record = apart(pair, Case, "summary", "mine", "theirs")
    before = asked(ana, case)
    choose(ana, case, "mine")
    choose(ben, case, "theirs")
    swap(*pair)
    now = asked(ben, case)
    assert now.ids != before.ids, "two choices at once are two new versions"
    with pytest.raises(ChoiceOutdated):
        versions.settle_versions(
            ana, record=record, field="summary", seen=now.ids - {now.versions[0].id}, chosen=now.versions[1].id
        )
    assert asked(ana, case).ids == now.ids


def test_what_is_not_there_cannot_be_chosen(pair: Pair) -> None:
    case, record = apart(pair, Case, "summary", "mine", "theirs")
    found = asked(pair[0], case)
    with pytest.raises(ChoiceOutdated):
        versions.settle_versions(pair[0], record=record, field="summary", seen=found.ids, chosen=bytes(18))
    with pytest.raises(NotFound):
        versions.settle_versions(pair[0], record=RecordId(bytes(16)), field="summary", seen=found.ids, chosen=bytes(18))
    with pytest.raises(NotFound):
        versions.versions_of_case(pair[0], case=RecordId(bytes(16)))


def test_names_written_apart_are_merged_not_asked_about(pair: Pair) -> None:
    ana, ben = pair
    case, party = shared_case(ana, ben, Party, name="Jo Vale", also_known_as=["Jo"])
    write(ana, Party, party, also_known_as=["Jo", "Joanna"])
    write(ben, Party, party, also_known_as=["J"])
    swap(ana, ben)
    assert versions.versions_of_case(ana, case=case) == ()
    assert ana.store.get(Party, party).also_known_as == ben.store.get(Party, party).also_known_as == {"Joanna", "J"}


class TestDeletedHereChangedThere:
    def both(self, pair: Pair) -> tuple[RecordId, RecordId]:
        ana, ben = pair
        case, note = shared_case(ana, ben, Note, body="She is well.")
        with ana.store.unit("test") as (unit, _):
            unit.delete(Note, note)
        write(ben, Note, note, body="She is worried.")
        swap(*pair)
        return case, note

    def test_it_comes_back_with_a_question(self, pair: Pair) -> None:
        case, note = self.both(pair)
        for laptop in pair:
            assert laptop.store.get(Note, note).body == "She is worried."
            found = asked(laptop, case)
            assert (found.field, found.field_label, found.combines) == (versions.DELETED, "Deleted or kept", False)
            assert {one.words: one.who for one in found.versions} == {
                "Deleted": ANA, "Changed, so it is still in the file": BEN,
            }  # fmt: skip
            assert versions.waiting_choices(laptop).count == 1

    @pytest.mark.parametrize(("words", "stays"), [("Deleted", False), ("Changed, so it is still in the file", True)])
    def test_either_can_be_chosen(self, pair: Pair, words: str, stays: bool) -> None:
        case, note = self.both(pair)
        choose(pair[1], case, words)
        swap(*pair)
        for laptop in pair:
            assert versions.versions_of_case(laptop, case=case) == ()
            assert (laptop.store.find(Note, note) is not None) is stays
        assert records_of(pair[0]) == records_of(pair[1])
        said = [row.value for row in history.history_of(pair[0], record=note)]
        assert said[0] == ("deleted" if not stays else "kept")


def test_the_organisation_itself_is_asked_about_apart_from_the_cases(pair: Pair) -> None:
    ana, ben = pair
    apart(pair, Case, "summary", "mine", "theirs")
    organisation.update_organisation(ana, phone="01865 000001")
    write(ben, Organisation, ben.store.select(Organisation)[0].id, phone="01865 000002")
    swap(*pair)
    (found,) = versions.versions_elsewhere(ana)
    assert (found.record_label, found.field_label) == ("Organisation", "Phone on letters")
    waiting = versions.waiting_choices(ana)
    assert (waiting.count, waiting.elsewhere, len(waiting.cases)) == (2, 1, 1)


def test_somebody_who_only_reads_sees_both_and_is_not_asked(pair: Pair) -> None:
    ana, ben = pair
    case, _ = apart(pair, Case, "summary", "mine", "theirs")
    ben.store.writable = frozenset()  # what opening a workbook does for somebody who only reads
    found = asked(ben, case)
    assert len(found.versions) == 2 and not found.may_choose
    assert versions.waiting_choices(ben).count == 0
    with pytest.raises(NotAllowed):
        choose(ben, case, "mine")
    assert asked(ben, case) == found and asked(ana, case).may_choose


def test_an_exchange_that_brings_a_second_version_says_so_in_its_changes(pair: Pair) -> None:
    ana, ben = pair
    _, record = shared_case(ana, ben, Case)
    write(ana, Case, record, summary="mine")
    write(ben, Case, record, summary="theirs")
    sync.sync_now(ana)
    assert record in sync.sync_now(ben).changed.ids
    assert versions.waiting_choices(ben).count == 1
    assert versions.waiting_choices(ana).count == 0, "nothing has reached this laptop yet"
