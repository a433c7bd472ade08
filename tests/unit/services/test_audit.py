"""What somebody is about to do stands on the disk first, cannot be altered by anybody, and is seen by two others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.changes.change import Change, Op, OpKind
from core.changes.naming import change_id, once_id, record_id
from core.domain.audit import AuditEntry
from core.domain.case import Case
from core.foundation.errors import BugError, DiskFull, FormIncomplete, NotAllowed
from core.foundation.ids import RecordId, StreamId, UserId
from core.services import access, audit, backups, cases, opening, reach, readers, sync
from core.services.workspace import Workspace
from core.store.ledger import Arrival, record_arrivals
from core.store.transactions import writing
from tests.support.laptops import Office, Template, every_byte_of

NOBODY = RecordId(bytes(16))
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
def four(template: Template, tmp_path: Path) -> Four:
    office, laptops = template.copy(tmp_path)
    ana, ben, cat, eve = laptops.values()
    return office, ana, ben, cat, eve


def a_case(workspace: Workspace, *readers_of_it: Workspace) -> RecordId:
    form = cases.ReportForm(
        words="Jacaranda petals on the stairs", danger_now=False, safe_ways=frozenset({"call"}),
        received_at=workspace.parts.clock.now() - timedelta(hours=1),
        readers=frozenset(one.user for one in readers_of_it),
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def exchange(*laptops: Workspace) -> None:
    for laptop in laptops:
        report = sync.sync_now(laptop)
        assert (report.refused, report.notices) == (0, ())


def seen(workspace: Workspace, case: RecordId) -> list[tuple[str, str, str]]:
    return [(row.who, row.deed, row.reason) for row in audit.entries_about(workspace, case=case)]


def test_the_lead_and_one_person_outside_see_everything_and_colleagues_their_own(four: Four) -> None:
    office, ana, ben, cat, eve = four
    case = a_case(ana, ben, cat)
    stream = ana.store.get(Case, case).stream
    exchange(ana, ben, cat)
    audit.note_case(ben, case=case, deed="print", subject="12 letters", reason="area letters")
    office.clock.step()
    audit.note_case(cat, case=case, deed="save-copy", reason="for the police")
    exchange(ben, cat, ana)
    assert seen(ana, case) == [("Cat Lim", "save-copy", "for the police"), ("Ben Okafor", "print", "area letters")]
    assert seen(ben, case) == [("Ben Okafor", "print", "area letters")]
    assert b"for the police" not in every_byte_of(ben) and b"area letters" not in every_byte_of(cat)
    with pytest.raises(FormIncomplete):
        audit.choose_auditor(ana, case=case, user=cat.user, reason="she reads it")
    with pytest.raises(NotAllowed):
        audit.choose_auditor(ben, case=case, user=eve.user, reason="not his to choose")
    audit.choose_auditor(ana, case=case, user=eve.user, reason="chairs the committee")
    exchange(ana, ben, cat, ana, eve)
    chosen = audit.auditor_of(ben, case=case)
    assert chosen is not None and chosen.name == "Eve Marsh"
    rows = audit.entries_here(eve)
    assert {(row.who, row.deed) for row in rows} == {
        ("Cat Lim", "save-copy"), ("Ben Okafor", "print"), ("Ana Reyes", "auditor"),
    }  # fmt: skip
    assert {row.reference for row in rows} == {"2026-AR-001"}
    heap = every_byte_of(eve)
    assert b"Jacaranda" not in heap and eve.store.count(Case) == 0 and cases.list_cases(eve).total == 0
    assert stream not in reach.reach_of(eve, folder=office.folder).streams
    # One way of learning nothing of the case is to be kept out of it: the two do not go together.
    with pytest.raises(FormIncomplete):
        readers.wall_off(ana, case=case, user=eve.user, reason="x")
    with pytest.raises(FormIncomplete):
        readers.let_in(ana, case=case, user=eve.user, reason="x")


def test_who_leads_now_looks_on_and_who_led_does_not(four: Four) -> None:
    _, ana, ben, cat, _ = four
    case = a_case(ana, ben, cat)
    exchange(ana, ben, cat)
    audit.note_case(cat, case=case, deed="print", reason="before")
    exchange(cat, ana)
    readers.hand_over(ana, case=case, user=ben.user, reason="Ana is a neighbour")
    exchange(ana, ben, cat, ben)
    assert ("Cat Lim", "print", "before") in seen(ben, case)
    readers.wall_off(ben, case=case, user=ana.user, reason="a neighbour")
    exchange(ben, cat, ana, cat, ben)
    audit.note_case(cat, case=case, deed="print", reason="afterwards")
    exchange(cat, ana, ben)
    assert ("Cat Lim", "print", "afterwards") in seen(ben, case)
    heap = every_byte_of(ana)
    assert b"before" not in heap.split() and b"afterwards" not in heap and audit.entries_here(ana) == ()
    assert case not in heap and b"Jacaranda" not in heap


def test_an_entry_stands_before_the_thing_is_done_and_without_it_nothing_is(
    four: Four, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, ana, ben, _, _ = four
    case = a_case(ana)
    with monkeypatch.context() as power_cut:
        power_cut.setattr("core.services.readers.add_reader", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            readers.let_in(ana, case=case, user=ben.user, reason="covers for me")
    assert seen(ana, case) == [("Ana Reyes", "grant", "covers for me")]
    assert [row.name for row in access.readers_of(ana, case)] == ["Ana Reyes"]

    def full(*_: object, **__: object) -> None:
        raise DiskFull(path="x")

    with monkeypatch.context() as no_room:
        no_room.setattr("core.store.unit.WriteUnit.write_once", full)
        for act in (
            lambda: readers.let_in(ana, case=case, user=ben.user, reason="covers for me"),
            lambda: readers.wall_off(ana, case=case, user=ben.user, reason="lives there"),
            lambda: backups.backup(ana, destination=tmp_path / "kept.backup"),
        ):
            with pytest.raises(DiskFull):
                act()
    assert not (tmp_path / "kept.backup").exists()
    assert access.kept_out_of(ana, case) == () and len(access.readers_of(ana, case)) == 1
    backups.backup(ana, destination=tmp_path / "kept.backup")
    assert "backup" in {row.deed for row in audit.entries_here(ana)}


def test_a_backup_is_seen_by_the_administrators(four: Four, tmp_path: Path) -> None:
    _, ana, ben, cat, _ = four
    backups.backup(ben, destination=tmp_path / "kept.backup")
    exchange(ben, ana, cat)
    assert [(row.who, row.deed) for row in audit.entries_here(ana)] == [("Ben Okafor", "backup")]
    assert audit.entries_here(cat) == ()


def test_who_only_reads_a_case_writes_down_what_they_do_too(four: Four) -> None:
    office, ana, _, _, eve = four
    case = a_case(ana, eve)
    exchange(ana, eve)
    audit.note_case(eve, case=case, deed="print", reason="for the meeting")
    exchange(eve, ana)
    assert seen(ana, case) == [("Eve Marsh", "print", "for the meeting")]
    again = Template.of(office, {"Eve Marsh": eve}).reopen(office, "Eve Marsh")
    audit.note_case(again, case=case, deed="print", reason="once more")
    exchange(again, ana)
    assert len(seen(ana, case)) == 2
    opening.lock(again)


# ------------------------------------------------------------------ attacks


def slip_in(workspace: Workspace, stream: StreamId, *ops: Op, own: bool = False, number: int = 1) -> None:
    """A change past every check of the writer's own program; `own`: about the record only this change may write."""
    hlc = workspace.store.clock().last + number
    name = change_id(workspace.user, stream, hlc, number.to_bytes(4, "big"))
    about = once_id(stream, "audit_entry", name)
    made = tuple(Op(op.kind, about if own else op.entity, op.table, op.field, op.value, op.deps) for op in ops)
    with writing(workspace.store.engine) as connection:
        record_arrivals(
            connection, [Arrival(Change(name, hlc, workspace.user, "slipped-in", made), stream, workspace.device)]
        )


def entry_op(field: str, value: object, entity: RecordId = NOBODY, kind: int = OpKind.SET) -> Op:
    return Op(kind, entity, "audit_entry", field, value)  # type: ignore[arg-type]  # wire values


def test_nobody_alters_deletes_or_forges_an_entry(four: Four) -> None:
    _, ana, ben, cat, _ = four
    case = a_case(ana, ben, cat)
    exchange(ana, ben, cat)
    entry = audit.note_case(ben, case=case, deed="print", reason="area letters").entry
    exchange(ben, ana)
    before = seen(ana, case)
    stream = ben.store.get(AuditEntry, entry).stream
    for act in ("update", "delete"):
        with pytest.raises(BugError), ben.store.unit("test") as (unit, _):
            unit.update(AuditEntry, entry, reason="") if act == "update" else unit.delete(AuditEntry, entry)
    with ben.store.reading() as connection:
        (change,) = connection.exec_driver_sql(
            "SELECT id FROM change WHERE position IN (SELECT position FROM change_entity WHERE entity = ?)", (entry,)
        ).scalars()
    first = change + b"\0\0"
    attacks: list[tuple[tuple[Op, ...], bool]] = [
        ((entry_op("reason", "nothing at all", entry),), False),
        ((entry_op("reason", "", entry, OpKind.TEXT),), False),
        ((Op(OpKind.TOMBSTONE, entry, "audit_entry", "", [first]),), False),
        ((Op(OpKind.SET, entry, "note", "body", "x", (first,)),), False),
        ((entry_op("who", ben.user), Op(OpKind.SET, entry, "audit_entry", "deed", "print", (first,))), True),
        ((entry_op("who", cat.user), entry_op("deed", "print")), True),
        ((entry_op("deed", "print"),), True),
        ((entry_op("who", ben.user), entry_op("deed", "print"), entry_op("deed", "backup")), True),
        ((entry_op("who", ben.user, record_id(stream, "audit_entry", b"1234567")),), False),
    ]
    for number, (ops, own) in enumerate(attacks, start=1):
        slip_in(ben, stream, *ops, own=own, number=number)
        sync.sync_now(ben)
        assert sync.sync_now(ana).refused == 1, number
        assert seen(ana, case) == before
    # Nor does an entry lie anywhere else, or anybody else write in this list.
    file = ana.store.get(Case, case).stream
    slip_in(ben, file, entry_op("who", cat.user), own=True, number=50)
    sync.sync_now(ben)
    assert sync.sync_now(ana).refused == 1
    slip_in(ana, stream, entry_op("who", ana.user), own=True, number=60)
    sync.sync_now(ana)
    assert sync.sync_now(ben).refused == 1
    assert seen(ana, case)[-len(before) :] == before


def test_only_who_led_chooses_who_looks_on(four: Four) -> None:
    _, ana, ben, cat, eve = four
    case = a_case(ana, ben)
    stream = ana.store.get(Case, case).stream
    exchange(ana, ben, cat)
    keeper = record_id(stream, "audit_keeper", b"keeper!")
    slip_in(ben, stream, Op(OpKind.SET, keeper, "audit_keeper", "user", cat.user))
    audit.note_case(ben, case=case, deed="print")
    exchange(ben, ana, cat)
    assert audit.auditor_of(ana, case=case) is None and audit.entries_here(cat) == ()
    audit.choose_auditor(ana, case=case, user=eve.user, reason="chairs")
    exchange(ana, ben, eve)
    chosen = audit.auditor_of(ben, case=case)
    assert chosen is not None and chosen.user == UserId(eve.user)
