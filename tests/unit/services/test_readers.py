"""Access taken away: by name, with a reason, and then nothing of the case is left on that laptop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.cli.main import main
from core.domain.case import Case, Note
from core.domain.estate import Home, Household, Resident
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import RecordId
from core.services import access, access_page, cases, conflicts, drafts, notes, opening, reach, readers, sync, today
from core.services.workspace import Workspace
from core.store import meta
from core.store.mailbox import VaultMailbox
from tests.support.laptops import PASSPHRASE, Office, Template, change_ids_of, every_byte_of, records_of

WORDS = (b"Jacaranda", b"stairwell", "Zdzis\u0142aw".encode(), b"2026-AR-", b"petrol", b"whispered")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


@pytest.fixture
def three(template: Template, tmp_path: Path) -> tuple[Office, Workspace, Workspace, Workspace]:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat = laptops.values()
    return office, ana, ben, cat


def a_case(workspace: Workspace, **more: object) -> RecordId:
    form = cases.ReportForm(
        words="Petrol was poured; he whispered through the door of Zdzis\u0142aw", danger_now=False,
        received_at=workspace.parts.clock.now() - timedelta(hours=30), safe_ways=frozenset({"call"}),
        place="Jacaranda Court stairwell", reporter_name="Meera Quill", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def exchange(*laptops: Workspace) -> None:
    for laptop in laptops:
        report = sync.sync_now(laptop)
        assert (report.refused, report.notices) == (0, ())


def holds_nothing(workspace: Workspace, case: RecordId, stream: bytes) -> None:
    heap = every_byte_of(workspace)
    assert [word for word in (*WORDS, case, stream, case.hex().encode()) if word in heap] == []
    assert workspace.store.count(Case) == 0 and cases.list_cases(workspace).total == 0
    assert cases.list_cases(workspace, words="Jacaranda").rows == ()
    seen = today.today(workspace)
    assert (seen.rows, seen.counts.all, seen.open_cases) == ((), 0, 0)
    with pytest.raises(NotFound):
        access_page.read_access(workspace, case=case)


@pytest.mark.parametrize("how", [readers.remove_reader, readers.wall_off])
def test_a_reader_taken_away_is_left_with_nothing(
    three: tuple[Office, Workspace, Workspace, Workspace], how: object
) -> None:
    _, ana, ben, cat = three
    never = every_byte_of(cat)
    case = a_case(ana, readers=frozenset({ben.user}))
    stream = ana.store.get(Case, case).stream
    exchange(ana, ben)
    today.today(ben)
    drafts.save_draft(ben, name=notes.note_draft(case), body="he whispered")
    notes.add_note(ben, case=case, body="Ben wrote this before he knew")
    done = how(ana, case=case, user=ben.user, reason="lives with a party")  # type: ignore[operator]
    assert case in done.changed.ids, "a page that shows the case must hear of it"
    exchange(ana, ben)
    with ben.store.reading() as connection:
        assert meta.read(connection, "forgotten") is None
    assert (ben.folder / "workbook.db-wal").stat().st_size < 100_000
    holds_nothing(ben, case, stream)
    assert b"Ben wrote" not in every_byte_of(ben) and b"Ben wrote" not in never
    with ben.store.reading() as connection:
        assert meta.read_all(connection, "leaving:") == {}
    # What he had written and not sent is not lost: it reached those who read the case.
    exchange(ana)
    assert [note.body for note in ana.store.select(Note)] == ["Ben wrote this before he knew"]
    # And what is written from now on never reaches him.
    notes.add_note(ana, case=case, body="petrol again")
    exchange(ana, ben, cat, ben)
    holds_nothing(ben, case, stream)
    assert sync.sync_state(ben).notices == sync.sync_state(cat).notices == ()


def test_both_kinds_of_going_look_alike_to_whoever_goes(template: Template, tmp_path: Path) -> None:
    """The counters and lists of somebody walled off are those of somebody who never read the case."""
    seen = []
    for number, how in enumerate((readers.remove_reader, readers.wall_off)):
        _, laptops = template.copy(tmp_path / str(number))
        ana, ben, _ = laptops.values()
        case = a_case(ana, readers=frozenset({ben.user}))
        exchange(ana, ben)
        how(ana, case=case, user=ben.user, reason="because")
        exchange(ana, ben)
        state = sync.sync_state(ben)
        with VaultMailbox(ben.store.engine).reading() as box:
            left = (len(box.unopened()), len(box.epochs()), box.notices())
        rows = {name: len(found) for name, found in records_of(ben).items()}
        told = (state.words, state.waiting_to_send, state.notices, state.choices)
        seen.append((told, left, rows, len(change_ids_of(ben))))
    assert seen[0] == seen[1]


def test_what_was_kept_out_is_beyond_every_key_of_theirs_from_then_on(
    three: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    office, ana, ben, _ = three
    case = a_case(ana, readers=frozenset({ben.user}))
    exchange(ana, ben)
    before = reach.reach_of(ben, folder=office.folder)
    readers.wall_off(ana, case=case, user=ben.user, reason="lives with a party")
    notes.add_note(ana, case=case, body="petrol again")
    exchange(ana, ben)
    after = reach.reach_of(ben, folder=office.folder)
    # What he was given once lies in old files; the one thing more he can open is the farewell itself.
    assert after.opened <= before.opened + 1 and after.sections > after.opened


def test_somebody_who_comes_again_reads_everything(three: tuple[Office, Workspace, Workspace, Workspace]) -> None:
    _, ana, ben, cat = three
    case = a_case(ana, readers=frozenset({ben.user}))
    exchange(ana, ben)
    notes.add_note(ben, case=case, body="by Ben")
    exchange(ben, ana)
    readers.remove_reader(ana, case=case, user=ben.user, reason="on leave")
    exchange(ana, ben, cat)
    assert ben.store.count(Case) == 0
    notes.add_note(ana, case=case, body="meanwhile")
    access.add_reader(ana, case, ben.user, "back from leave")
    exchange(ana, ben, ana)
    private = {"audit_entry": []}  # what somebody wrote down before they did it is theirs and the lead's
    assert records_of(ben) | private == records_of(ana) | private
    assert {note.body for note in ben.store.select(Note)} == {"by Ben", "meanwhile"}
    steps = access_page.read_access(ben, case=case).history
    assert [(step.let_in, step.taken_away) for step in steps] == [
        (("Ben Okafor",), ()), ((), ("Ben Okafor",)), (("Ana Reyes", "Ben Okafor"), ()),
    ]  # fmt: skip
    (row,) = [row for row in access.readers_of(ana, case) if row.user == ben.user]
    assert row.reason == "back from leave"


def test_only_who_leads_takes_away_and_one_always_leads(
    three: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    _, ana, ben, cat = three
    case = a_case(ana, readers=frozenset({ben.user}))
    exchange(ana, ben)
    for act in (readers.remove_reader, readers.wall_off, readers.hand_over):
        with pytest.raises(NotAllowed):
            act(ben, case=case, user=cat.user, reason="x")
        with pytest.raises(FormIncomplete):
            act(ana, case=case, user=ben.user, reason=" ")
    with pytest.raises(FormIncomplete):
        readers.remove_reader(ana, case=case, user=ana.user, reason="leaving")
    with pytest.raises(FormIncomplete):
        readers.wall_off(ana, case=case, user=ana.user, reason="my neighbour")
    readers.hand_over(ana, case=case, user=ben.user, reason="Ana is a neighbour of the person")
    exchange(ana, ben, ana)
    assert ben.store.get(Case, case).lead == ben.user
    assert [(row.name, row.leads) for row in access.readers_of(ana, case)] == [
        ("Ben Okafor", True), ("Ana Reyes", False),
    ]  # fmt: skip
    readers.wall_off(ben, case=case, user=ana.user, reason="a neighbour")
    exchange(ben, ana)
    assert ana.store.count(Case) == 0
    page = access_page.read_access(ben, case=case)
    assert page.only_one_reads and page.i_lead and [row.name for row in page.kept_out] == ["Ana Reyes"]
    with pytest.raises(NotAllowed):
        access.add_reader(ben, case, ana.user, "again")


def test_a_wall_put_up_while_another_gives_access_holds(
    three: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    _, ana, ben, cat = three
    case = a_case(ana, readers=frozenset({ben.user}))
    stream = ana.store.get(Case, case).stream
    exchange(ana, ben)
    access.add_reader(ben, case, cat.user, "helps out")
    readers.wall_off(ana, case=case, user=cat.user, reason="lives with a party")
    exchange(ben, ana, cat, ben, ana, cat)
    assert cat.user not in {row.user for row in access.readers_of(ana, case)}
    assert cat.user not in {row.user for row in access.readers_of(ben, case)}
    notes.add_note(ben, case=case, body="after both")
    exchange(ben, ana, cat)
    assert b"after both" not in every_byte_of(cat)
    assert [note.body for note in ana.store.select(Note)] == ["after both"]
    assert stream


def test_colleagues_who_may_be_connected_are_proposed_and_somebody_decides(
    three: tuple[Office, Workspace, Workspace, Workspace],
) -> None:
    _, ana, ben, cat = three
    with ana.store.unit("homes") as (unit, _):
        home = unit.create(Home, ana.organisation_stream, street="Elm Row", number="4")
        household = unit.create(Household, ana.organisation_stream, home=home)
        unit.create(Resident, ana.organisation_stream, household=household, full_name="Cat  L\u00edm")
    case = a_case(ana, readers=frozenset({ben.user}), home=home, perpetrator_name="ben okafor")
    page = access_page.read_access(ana, case=case)
    assert [(one.name, one.why, one.party, one.reads) for one in page.connections] == [
        ("Ben Okafor", conflicts.SAME_NAME, "ben okafor", True),
        ("Cat Lim", conflicts.SAME_HOME, "Meera Quill", False),
    ]
    readers.wall_off(ana, case=case, user=ben.user, reason="it is him")
    with pytest.raises(FormIncomplete):
        conflicts.note_no_conflict(ana, case=case, user=cat.user, reason="")
    conflicts.note_no_conflict(ana, case=case, user=cat.user, reason="another Cat Lim, asked by phone")
    assert access_page.read_access(ana, case=case).connections == ()


def test_a_laptop_killed_between_forgetting_and_sending_goes_on(
    three: tuple[Office, Workspace, Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ana, ben, _ = three
    case = a_case(ana, readers=frozenset({ben.user}))
    stream = ana.store.get(Case, case).stream
    exchange(ana, ben)
    notes.add_note(ben, case=case, body="Ben wrote this before he knew")
    readers.remove_reader(ana, case=case, user=ben.user, reason="on leave")
    exchange(ana)
    with monkeypatch.context() as killed:
        killed.setattr("core.sync.runner.seal_next", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sync.sync_now(ben)
    assert ben.store.count(Case) == 0
    keys = ben.keys
    opening_again = Template.of(office, {"Ben Okafor": ben})
    assert keys
    again = opening_again.reopen(office, "Ben Okafor")
    exchange(again, ana)
    holds_nothing(again, case, stream)
    assert [note.body for note in ana.store.select(Note)] == ["Ben wrote this before he knew"]
    opening.lock(again)


def test_the_command_line_shows_somebody_walled_off_what_it_shows_a_stranger(
    three: tuple[Office, Workspace, Workspace, Workspace], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, ana, ben, cat = three  # Ben read the case, Cat never did
    case = a_case(ana, readers=frozenset({ben.user}))
    reference = ana.store.get(Case, case).reference
    exchange(ana, ben, cat)
    readers.wall_off(ana, case=case, user=ben.user, reason="lives with a party")
    exchange(ana, ben, cat, ben)
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    said = []
    for laptop in (ben, cat):
        folder = laptop.folder
        opening.lock(laptop)
        capsys.readouterr()
        for words in (("case", "list"), ("case", "list", "--search", "Jacaranda"), ("case", "show", reference)):
            code = main([*words, "--vault", str(folder), "--passphrase-file", str(secret), "--json"])
            said.append((words, code, capsys.readouterr().out))
    assert said[: len(said) // 2] == said[len(said) // 2 :]
    assert b"Jacaranda" not in "".join(out for _, _, out in said).encode()
