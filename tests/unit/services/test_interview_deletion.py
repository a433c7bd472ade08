"""A private interview goes with its case: by itself where both are read, and with a second person's word elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.audit import AuditEntry
from core.domain.case import Case
from core.domain.changed import NOTHING
from core.domain.confidential import CompartmentDeletion
from core.domain.retention import Deletion
from core.foundation.errors import NotAllowed, NotFound
from core.foundation.ids import StreamId
from core.services import interviews, opening, rest, retention, streams, sync
from core.services.interview_deletion import InterviewsDeleted, delete_interview, interviews_to_delete
from core.services.interview_start import start_interview
from core.services.workspace import Workspace
from core.store import meta, schema
from core.store.shredding import DELETED_CASE
from core.store.transactions import writing
from tests.support.laptops import CHEAP, Office, Template, every_byte_of

SAID = "a word nobody else uses: quixotic"
SECOND = "four other words entirely"
Three = tuple[Workspace, Workspace, Workspace, StreamId]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Ana leads the case and Ben reads it; both read the interview, and Cat reads the interview alone."""
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        case = unit.create(
            Case, stream, reference="2026-AR-1", stage="closed", lead=ana.user,
            opened_at=office.clock.now() - timedelta(days=9), closed_at=office.clock.now() - timedelta(days=1),
        )  # fmt: skip
    interview = start_interview(ana, case=case, readers=frozenset({ben.user, cat.user})).interview
    interviews.save_interview(ana, interview=interview, values={"statement": SAID})
    exchange(ana, ben, cat)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


@pytest.fixture
def three(template: Template, tmp_path: Path) -> Iterator[Three]:
    _, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    (row,) = interviews.list_interviews(ana)
    yield ana, ben, cat, row.interview
    for laptop in (ana, ben, cat):
        opening.lock(laptop)


def exchange(*laptops: Workspace) -> None:
    for laptop in laptops:
        sync.sync_now(laptop)


def agreed(ana: Workspace, ben: Workspace) -> None:
    (case,) = ana.store.select(Case)
    retention.ask_deletion(ana, case=case.id, reason="erasure", words="Decided on 3 March.")
    exchange(ana, ben)
    (deletion,) = ben.store.select(Deletion)
    retention.agree_deletion(ben, deletion=deletion.id)


def is_gone(laptop: Workspace, interview: StreamId) -> bool:
    with laptop.store.reading() as connection:
        keys = connection.execute(schema.EPOCH.select().where(schema.EPOCH.c.stream == interview)).all()
    return interviews.list_interviews(laptop) == () and keys == []


def test_it_goes_by_itself_where_both_are_read_and_with_a_word_where_only_it_is(three: Three) -> None:
    ana, ben, cat, interview = three
    for laptop in (ben, cat):
        with pytest.raises(NotAllowed):
            delete_interview(laptop, interview=interview)
    agreed(ana, ben)
    exchange(ben, ana)
    for laptop in (ana, ben):
        assert laptop.store.count(Case) == 0 and is_gone(laptop, interview)
        assert SAID.encode() not in every_byte_of(laptop)
        assert [one.reason for one in retention.deleted_for_good(laptop)] == ["erasure", "erasure"]
    exchange(ben, ana, cat)  # the order goes with the next exchange, as an agreement does
    assert interviews_to_delete(cat) == {interview}
    opened = interviews.open_interview(cat, interview=interview, reason="To see whether it may go")
    assert opened.record.statement == SAID
    delete_interview(cat, interview=interview)
    assert is_gone(cat, interview) and interviews_to_delete(cat) == frozenset()
    assert [one.deed for one in cat.store.select(AuditEntry)][-1] == "deletion"
    for laptop in (ana, ben, cat, ana):
        sync.sync_now(laptop, everything=True)
        assert is_gone(laptop, interview), "and it does not come back"
    with pytest.raises(NotFound):
        delete_interview(cat, interview=interview)


def test_an_order_alone_deletes_nothing_while_the_case_stands(three: Three) -> None:
    ana, ben, cat, interview = three
    with cat.store.unit("test") as (unit, _):
        unit.create(CompartmentDeletion, interview, reason="erasure", ordered_by=cat.user)
    exchange(cat, ana, ben, ana)
    for laptop in (ana, ben, cat):
        assert interviews_to_delete(laptop) == frozenset() and not is_gone(laptop, interview)
        with pytest.raises(NotAllowed):
            delete_interview(laptop, interview=interview)


def test_what_a_case_left_behind_that_was_deleted_earlier_goes_as_well(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before interviews went with their case nothing remembered which case was deleted."""
    ana, ben, cat, interview = three
    with monkeypatch.context() as before:
        before.setattr(sync, "settle_deleted_interviews", lambda _workspace: InterviewsDeleted(0, NOTHING))
        agreed(ana, ben)
        exchange(ben, ana, cat)
    for laptop in (ana, ben):
        assert laptop.store.count(Case) == 0 and not is_gone(laptop, interview)
        with writing(laptop.store.engine) as connection:
            meta.forget_all(connection, [DELETED_CASE + name for name in meta.read_all(connection, DELETED_CASE)])
    assert interviews_to_delete(ben) == frozenset(), "nobody ordered it"
    exchange(ben, ana)
    assert not is_gone(ben, interview) and is_gone(ana, interview), "whoever set it apart knows which case it was"
    exchange(ana, ben, cat)
    for laptop in (ben, cat):
        assert interviews_to_delete(laptop) == {interview}
        delete_interview(laptop, interview=interview)
        assert is_gone(laptop, interview)
    with ana.store.reading() as connection:
        assert meta.read_all(connection, interviews.OF_CASE) == {}


def test_what_rests_shut_waits_until_it_is_opened(three: Three) -> None:
    ana, ben, cat, interview = three
    rest.choose_second(ben, passphrase=SECOND, again=SECOND, cost=CHEAP)
    rest.put_away(ben)
    agreed(ana, ben)
    exchange(ben)
    assert ben.store.count(Case) == 0 and not is_gone(ben, interview)
    rest.open_rest(ben, passphrase=SECOND)
    exchange(ben, ben)
    assert is_gone(ben, interview)
    exchange(ana, cat)
    assert is_gone(ana, interview) and interviews_to_delete(cat) == {interview}
