"""Private interviews: exactly the people named, sealed at rest, opened only after that stands on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.case import Case
from core.domain.confidential import CompartmentStub, PrivateInterview
from core.foundation.errors import DiskFull, FormIncomplete, NotAllowed, NotFound, WeakPassphrase, WrongPassphrase
from core.foundation.ids import RecordId, StreamId
from core.services import audit, cases, drafts, history, interviews, opening, reach, readers, rest, sync, today
from core.services.declarations import declare
from core.services.lookup import find_anywhere
from core.services.roster import epochs_of
from core.services.workspace import Workspace
from tests.support.laptops import CHEAP, Office, Template, change_ids_of, every_byte_of, records_of

WORDS = (b"cellar", b"Zdzis\xc5\x82aw", b"Orchid Room", b"half a draft", b"beside the interview")
SECOND = "amber violin quarry mitten socket"
Four = tuple[Office, Workspace, Workspace, Workspace, Workspace]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    eve = office.join(ana, "Eve Marsh", "em", role="committee")
    for laptop in (ana, ben, cat, eve):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat, "Eve Marsh": eve})


@pytest.fixture
def four(template: Template, tmp_path: Path) -> Iterator[Four]:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat, eve = laptops.values()
    yield office, ana, ben, cat, eve
    for laptop in laptops.values():
        opening.lock(laptop)


def a_case(workspace: Workspace, *readers_of_it: Workspace) -> RecordId:
    form = cases.ReportForm(
        words="Shouting on the stairs", danger_now=False, safe_ways=frozenset({"call"}),
        received_at=workspace.parts.clock.now() - timedelta(hours=1),
        readers=frozenset(one.user for one in readers_of_it),
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def exchange(*laptops: Workspace) -> None:
    for laptop in laptops:
        report = sync.sync_now(laptop)
        assert (report.refused, report.notices) == (0, ())


def written(workspace: Workspace, case: RecordId, *with_whom: Workspace, visible: bool = True) -> StreamId:
    begun = interviews.begin_interview(
        workspace, case=case, readers=frozenset(one.user for one in with_whom), visible=visible
    )
    interviews.save_interview(
        workspace, interview=begun.interview,
        values={"statement": "He waited in the cellar, she said", "place": "Orchid Room", "present": "Zdzis\u0142aw"},
    )  # fmt: skip
    interviews.add_interview_note(workspace, interview=begun.interview, body="beside the interview")
    return begun.interview


def read(workspace: Workspace, interview: StreamId, reason: str = "to prepare the meeting") -> interviews.Interview:
    return interviews.open_interview(workspace, interview=interview, reason=reason)


def test_two_named_people_read_it_and_neither_lead_nor_administrator_does(four: Four) -> None:
    office, ana, ben, cat, eve = four  # Ana founded the organisation, leads on the case, and is not named
    case = a_case(ana, ben, cat)
    exchange(ana, ben, cat, eve)
    interview = written(ben, case, cat)
    exchange(ben, ana, cat, eve, ana)
    opened = read(cat, interview)
    assert opened.record.statement == "He waited in the cellar, she said" and opened.record.place == "Orchid Room"
    assert [note.body for note in opened.notes] == ["beside the interview"] and opened.case == case
    assert [row.name for row in opened.row.readers] == ["Ben Okafor", "Cat Lim"]
    number = opened.row.label.rpartition("-")[2]
    assert [row.interview for row in find_anywhere(ben, words=f"interview {number}").interviews] == []
    declare(ben, case=case, connected=False)
    assert [row.interview for row in find_anywhere(ben, words=f"interview {number}").interviews] == [interview]
    for outside in (ana, eve, cat):  # cat was not asked yet whether she is connected with the case
        assert find_anywhere(outside, words="private interview").interviews == ()
    for outside in (ana, eve):
        assert [word for word in WORDS if word in every_byte_of(outside)] == []
        assert interviews.list_interviews(outside) == ()
        with pytest.raises(NotFound):
            read(outside, interview)
        found = reach.reach_of(outside, folder=office.folder)
        assert interview not in found.streams and found.closed > 0
    assert interview in reach.reach_of(cat, folder=office.folder).streams
    groups = [
        {epoch.header.recovery_group for epoch in epochs_of(ben, stream).values()}
        for stream in (interview, ben.store.get(Case, case).stream)
    ]
    assert groups[0] == groups[1], "it is recovered with the sheets its case chose, and no others"
    # The lead sees that there is one and how many read it, and who opened it and why.
    (stub,) = interviews.stubs_of(ana, case=case)
    assert stub.readers == 2
    told = [entry.title for entry in cases.open_case(ana, case=case).timeline]
    assert "Private interview, 2 readers" in told
    exchange(cat, ana)
    rows = audit.entries_here(ana)
    assert ("Cat Lim", "read-confidential", "to prepare the meeting") in {(r.who, r.deed, r.reason) for r in rows}


def test_it_can_leave_no_trace_in_the_case(four: Four) -> None:
    _, ana, ben, cat, _ = four
    case = a_case(ana, ben)
    exchange(ana, ben)
    interview = written(ben, case, cat, visible=False)
    exchange(ben, ana, cat)
    heap = every_byte_of(ana)
    assert interview not in heap and b"Private interview, case" not in heap and ana.store.count(CompartmentStub) == 0
    assert cat.store.count(Case) == 0, "whoever reads the interview does not read the case by that"
    assert [row.label for row in interviews.list_interviews(cat)] == ["Private interview, case 2026-AR-001"]
    assert read(cat, interview).record.place == "Orchid Room"
    exchange(cat, ana)
    assert "read-confidential" not in {row.deed for row in audit.entries_here(ana)}


def test_nothing_of_it_lies_open_in_an_open_workbook(four: Four) -> None:
    _, ana, ben, cat, _ = four
    case = a_case(ana, ben)
    exchange(ana, ben)
    interview = written(ben, case, cat)
    exchange(ben, cat)
    interviews.save_interview_draft(ben, interview=interview, body="half a draft")
    read(ben, interview)
    read(cat, interview)
    for laptop in (ben, cat):
        assert [word for word in WORDS if word in every_byte_of(laptop)] == []
        assert laptop.store.count(PrivateInterview) == 0
        assert cases.list_cases(laptop, words="cellar").rows == ()
        laptop.store.rebuild()
        today.today(laptop)
        assert [word for word in WORDS if word in every_byte_of(laptop)] == []
        assert read(laptop, interview).record.place == "Orchid Room"
    assert read(ben, interview).draft == "half a draft"
    assert all("half" not in draft.body for draft in drafts.list_drafts(ben))
    assert history.history_of_case(ben, case=case)


def test_a_power_cut_between_writing_it_down_and_opening_leaves_the_entry_alone(
    four: Four, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ana, ben, cat, _ = four
    case = a_case(ana, ben)
    interview = written(ana, case, ben)
    with monkeypatch.context() as power_cut:
        power_cut.setattr("core.store.resting.open_change", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read(ana, interview, "first try")
    assert [row.reason for row in audit.entries_here(ana) if row.deed == "read-confidential"] == ["first try"]

    def full(*_: object, **__: object) -> None:
        raise DiskFull(path="x")

    opened = []
    with monkeypatch.context() as no_room:
        no_room.setattr("core.store.unit.WriteUnit.write_once", full)
        no_room.setattr("core.store.resting.open_change", lambda *_: opened.append(1))
        with pytest.raises(DiskFull):
            read(ana, interview)
    assert opened == [], "what cannot be written down is not opened"
    with pytest.raises(FormIncomplete):
        read(ana, interview, " ")
    assert cat


def test_the_second_passphrase_keeps_it_shut_in_an_open_workbook(four: Four) -> None:
    office, ana, ben, cat, _ = four
    case = a_case(ana, ben)
    exchange(ana, ben)
    interview = written(ana, case, ben)
    exchange(ana, ben)
    before = every_byte_of(ben)
    with pytest.raises(FormIncomplete):
        rest.choose_second(ben, passphrase=SECOND, again="other")
    with pytest.raises(WeakPassphrase):
        rest.choose_second(ben, passphrase="password", again="password")
    rest.choose_second(ben, passphrase=SECOND, again=SECOND, cost=CHEAP)
    assert read(ben, interview).record.place == "Orchid Room"
    template = Template.of(office, {"Ben Okafor": ben})
    ben = template.reopen(office, "Ben Okafor")
    assert rest.rest_state(ben) == rest.RestState(second=True, open=False)
    for act in (lambda: read(ben, interview), lambda: interviews.begin_interview(
        ben, case=case, readers=frozenset({cat.user})
    ), lambda: interviews.save_interview(ben, interview=interview, values={"place": "x"})):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    # What arrives while it is shut waits, sealed, and nothing of it or its keys lies open.
    interviews.save_interview(ana, interview=interview, values={"statement": "and then the cellar again"})
    exchange(ana, ben)
    assert len(interviews.list_interviews(ben)) == 1
    with pytest.raises(WrongPassphrase):
        rest.open_rest(ben, passphrase=SECOND[:-1])
    assert [row.deed for row in audit.entries_here(ben)].count("failed-unlock") == 1
    rest.open_rest(ben, passphrase=SECOND)
    assert read(ben, interview).record.statement == "and then the cellar again"
    rest.put_away(ben)
    with pytest.raises(NotAllowed):
        read(ben, interview)
    assert before
    # Nothing in the open database gives the old or the new keys to whoever lacks the second passphrase.
    heap = every_byte_of(ben)
    assert [word for word in WORDS if word in heap] == []
    opening.lock(ben)


def test_locking_forgets(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana, ben)
    written(ana, case, ben)
    store = ana.store
    assert store.rest.private is not None
    opening.lock(ana)
    assert store.rest.private is None


def test_two_versions_written_apart_are_shown_until_one_is_saved(four: Four) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana, ben)
    exchange(ana, ben)
    interview = written(ana, case, ben)
    exchange(ana, ben)
    interviews.save_interview(ana, interview=interview, values={"place": "Room A"})
    interviews.save_interview(ben, interview=interview, values={"place": "Room B", "interpreter": "none"})
    exchange(ana, ben, ana)
    for laptop in (ana, ben):
        opened = read(laptop, interview)
        assert {(one.who, one.value) for one in opened.apart["place"]} == {
            ("Ana Reyes", "Room A"), ("Ben Okafor", "Room B"),
        }  # fmt: skip
        assert set(opened.apart) == {"place"} and opened.record.interpreter == "none"
    interviews.save_interview(ben, interview=interview, values={"place": "Room B"})
    exchange(ben, ana)
    opened = read(ana, interview)
    assert opened.apart == {} and opened.record.place == "Room B"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(("place", "present", "statement")), st.text(max_size=8)),
        min_size=1, max_size=8,
    ),
    meets=st.lists(st.booleans(), min_size=8, max_size=8),
)  # fmt: skip
def test_readers_who_write_apart_end_with_the_same(
    template: Template, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]], meets: list[bool]
) -> None:
    _, laptops = template.copy(tmp_path_factory.mktemp("apart"))
    ana, ben, *_ = laptops.values()
    case = a_case(ana, ben)
    interview = written(ana, case, ben)
    exchange(ana, ben)
    for (who, field, value), meet in zip(steps, meets, strict=False):
        writer = ana if who == "a" else ben
        interviews.save_interview(writer, interview=interview, values={field: value})
        if meet:
            exchange(writer)
    exchange(ana, ben, ana, ben)
    mine, theirs = read(ana, interview), read(ben, interview)
    assert (mine.record, mine.notes, mine.apart) == (theirs.record, theirs.notes, theirs.apart)
    last = {field: value for _, field, value in steps}
    for field in last:
        values = {value for _, name, value in steps if name == field}
        assert getattr(mine.record, field) in values
    exchange(ana, ben)
    for laptop in laptops.values():
        opening.lock(laptop)


def test_who_was_given_the_case_or_kept_out_of_it_gets_no_interview(four: Four) -> None:
    office, ana, ben, cat, eve = four
    case = a_case(ana, ben)
    exchange(ana, ben, cat)
    readers.wall_off(ana, case=case, user=cat.user, reason="lives there")
    for chosen in (frozenset({cat.user}), frozenset({ana.user}), frozenset()):
        with pytest.raises(FormIncomplete):
            interviews.begin_interview(ana, case=case, readers=chosen)
    interview = written(ana, case, ben)
    readers.let_in(ana, case=case, user=eve.user, reason="chairs")
    exchange(ana, ben, cat, eve)
    for outside in (cat, eve):
        assert interviews.list_interviews(outside) == ()
        assert interview not in reach.reach_of(outside, folder=office.folder).streams
        assert [word for word in WORDS if word in every_byte_of(outside)] == []
    with pytest.raises(NotAllowed):  # Eve reads the case, and her role opens none
        interviews.begin_interview(eve, case=case, readers=frozenset({ben.user}))
    assert change_ids_of(ana) and records_of(ana)["private_interview"] == []


def test_who_is_kept_out_of_the_case_later_loses_the_interview_too(four: Four) -> None:
    office, ana, ben, cat, _ = four
    case = a_case(ana, ben)
    exchange(ana, ben)
    interview = written(ana, case, ben)
    exchange(ana, ben)
    assert read(ben, interview).record.place == "Orchid Room"
    interviews.save_interview_draft(ben, interview=interview, body="half a draft")
    readers.wall_off(ana, case=case, user=ben.user, reason="he is a cousin")
    exchange(ana, ben, ana, ben)
    heap = every_byte_of(ben)
    assert [word for word in (*WORDS, interview, b"Private interview, case") if word in heap] == []
    assert interviews.list_interviews(ben) == ()
    interviews.save_interview(ana, interview=interview, values={"place": "another place"})
    exchange(ana, ben)
    before = reach.reach_of(ben, folder=office.folder)
    assert before.closed > 0 and b"another place" not in every_byte_of(ben)
    assert cat and [person.name for row in interviews.list_interviews(ana) for person in row.readers] == ["Ana Reyes"]
