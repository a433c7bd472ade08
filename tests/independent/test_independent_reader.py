"""The pages are enough: a reader written from them alone sees in a workbook and its folder what the program shows."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.domain.case import Case, Note
from core.domain.catalogue import RECORD_TYPES
from core.domain.estate import Home
from core.domain.values import holds, to_wire
from core.services import access, attachments, cases, interviews, leaving, opening, quarantine, readers, streams, sync
from core.services.workspace import Workspace
from tests.independent.formats import Refused, Workbook, open_key_file
from tests.independent.reader import Folder
from tests.support.laptops import PASSPHRASE, Office
from tests.support.oracle import keys_of
from tests.support.rogue import Rogue

HERE = Path(__file__).parent
PICTURE = bytes(range(256)) * 50
GIVEN_ALL = ("Ana Reyes", "Ben Okafor")
APART = (
    "compartment", "private_interview", "interview_note", "interview_person", "interruption", "interview_event",
    "signed_statement", "put_into_case",
)  # fmt: skip


def write_much(office: Office) -> tuple[Workspace, ...]:
    """Cases shared, walled off and given later, versions written apart, deletions, sets, long texts."""
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl", role="committee")
    dev = office.join(ana, "Dev Patel", "dp")
    everybody = (ana, ben, cat, dev)
    logged = cases.log_report(
        ana,
        form=cases.ReportForm(
            words="Shouting on the stairs of Jacaranda Court", received_at=office.clock.now(), danger_now=False,
            channel="phone", reporter_name="R. Osei", place="Stair 4", safe_ways=frozenset({"call", "email"}),
        ),
    )  # fmt: skip
    with ana.store.unit("test") as (unit, _):
        shared = streams.open_case_stream(
            unit, ana, readers=frozenset({ben.user, cat.user}), conflicted=frozenset({dev.user})
        )
        case = unit.create(Case, shared, reference="2026-AR-7", summary="as it was")
        note = unit.create(Note, shared, case=case, body="first note")
        unit.create(Home, ana.organisation_stream, street="Elm Row", number="7")
    for laptop in everybody:
        sync.sync_now(laptop)
    for laptop, words in ((ana, "from Ana"), (ben, "from Ben")):
        office.clock.step()
        with laptop.store.unit("test") as (unit, _):
            unit.update(Case, case, summary=words, place=f"seen {words}")
    with ana.store.unit("test") as (unit, _):
        unit.delete(Note, note)
    with ben.store.unit("test") as (unit, _):
        unit.update(Note, note, body="changed meanwhile")
        gone = unit.create(Note, shared, case=case, body="a slip")
    with ben.store.unit("test") as (unit, _):
        unit.delete(Note, gone)
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    access.add_reader(ana, logged.case, ben.user, "covers in August")
    picture = attachments.GivenFile(data=PICTURE, name="stairs.bin")
    attachments.attach(ana, case=case, given=picture, form=attachments.AttachmentForm(what="photo", about="The stairs"))
    begun = interviews.begin_interview(ana, case=case, readers=frozenset({ben.user}))
    interviews.save_interview(ana, interview=begun.interview, values={"statement": "Said in confidence"})
    readers.remove_reader(ana, case=case, user=cat.user, reason="has left the project")
    for laptop in (ana, ben, cat, dev, ana, ben):
        sync.sync_now(laptop)
    for laptop in (ana, dev):
        assert sync.verify_shared_folder(laptop).problems == (), "the checker has no complaint either"
    return everybody


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, dict[str, Any]]]:
    """The office with every laptop locked, and what the program showed on each before."""
    office = Office(tmp_path_factory.mktemp("office"))
    shown = {}
    for laptop in write_much(office):
        shown[laptop.folder.name] = what_is_shown(laptop)
        opening.lock(laptop)
    return office, shown


def what_is_shown(workspace: Workspace) -> dict[str, Any]:
    """Every field of every record of every type as the program gives it to its screens, in wire values."""
    found: dict[str, Any] = {}
    for kind in RECORD_TYPES:
        for record in workspace.store.select(kind):
            values = {}
            for name, spec in kind.SPEC.fields.items():
                value = getattr(record, name)
                values[name] = {to_wire(spec, item) for item in value} if spec.kind.many else to_wire(spec, value)
            found[f"{kind.SPEC.name} {record.id.hex()}"] = {"stream": record.stream, **values}
    return found


def what_is_read(folder: Folder) -> dict[str, Any]:
    """The same out of the second reader; a field nobody set has the declared default."""
    found: dict[str, Any] = {}
    kinds = {kind.SPEC.name: kind for kind in RECORD_TYPES}
    for entity, record in folder.records().items():
        if record.deleted or record.type in APART:
            continue
        kind, values = kinds[record.type], {}
        for name, spec in kind.SPEC.fields.items():
            default = kind.__dataclass_fields__[name].default
            standing = [value for value in record.fields.get(name, []) if value is not None and holds(spec, value)]
            if spec.kind.many:
                values[name] = set(standing) if name in record.fields else {to_wire(spec, item) for item in default}
            else:
                values[name] = standing[0] if standing else to_wire(spec, default)
        found[f"{record.type} {entity.hex()}"] = {"stream": record.stream, **values}
    return found


@pytest.mark.parametrize("name", ["Ana Reyes", "Ben Okafor", "Cat Lim", "Dev Patel"])
def test_the_second_reader_sees_every_field_the_program_shows(
    office: tuple[Office, dict[str, dict[str, Any]]], name: str
) -> None:
    place, shown = office
    workbook = Workbook(place.root / name, PASSPHRASE)
    folder = Folder(place.folder, workbook.keys())
    workbook.close()
    assert folder.problems == [] and folder.refused == []
    assert what_is_read(folder) == shown[name]
    apart = [record for record in folder.records().values() if record.type == "private_interview"]
    assert [record.fields["statement"] for record in apart] == [["Said in confidence"]] * (name in GIVEN_ALL)
    files = [folder.file_of(one, place.folder) for one in folder.records().values() if one.type == "attachment"]
    assert files == [PICTURE] * (name in GIVEN_ALL), "Cat was taken off the case, and Dev is walled off from it"
    assert (folder.closed == 0) == (name == "Ana Reyes"), "who is not given all keeps something shut"
    assert len({key.partition(" ")[0] for key in shown["Ana Reyes"]}) >= 8


def test_the_second_reader_agrees_about_who_left_and_what_came_too_late(tmp_path: Path) -> None:
    place = Office(tmp_path)
    ana = place.found()
    ben, dev = (place.join(ana, name, "xx") for name in ("Ben Okafor", "Dev Patel"))
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user, dev.user}), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    for laptop in (ana, ben, dev):
        sync.sync_now(laptop)
    with dev.store.unit("test") as (unit, _):
        unit.update(Case, case, summary="before Dev left")
    for laptop in (dev, ana, ben):
        sync.sync_now(laptop)
    rogue = Rogue(dev)
    leaving.remove_colleague(ana, user=dev.user, reason="has left")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    late = [rogue.change(stream, [[1, case, "case", field, "too late", []]]) for field in ("place", "summary")]
    name, data = rogue.segment([(stream, late)])
    (place.files()[0].parent / name).write_bytes(data)
    with ben.store.unit("test") as (unit, _):
        unit.create(Note, stream, case=case, body="Ben goes on")
    for laptop in (ben, ana, ben):
        sync.sync_now(laptop)
    for adopted in (False, True):
        if adopted:
            quarantine.adopt(ana, changes=[late[0][0]])
            for laptop in (ana, ben):
                sync.sync_now(laptop)
        assert sync.verify_shared_folder(ana).problems == ()
        for laptop in (ana, ben):
            assert laptop.store.get(Case, case).place == ("too late" if adopted else "")
            folder = Folder(place.folder, keys_of(laptop))
            assert (folder.problems, folder.refused) == ([], [])
            assert what_is_read(folder) == what_is_shown(laptop)
            assert folder.readers_of(stream) == {ana.user, ben.user}
    for laptop in (ana, ben, dev):
        opening.lock(laptop)


def test_seeds_and_folder_alone_give_every_case(office: tuple[Office, dict[str, dict[str, Any]]]) -> None:
    """Without the stream keys a vault keeps: what was granted in the folder is enough."""
    place, shown = office
    workbook = Workbook(place.root / "Ben Okafor", PASSPHRASE)
    keys = workbook.keys()
    keys.streams = {name: kept for name, kept in keys.streams.items() if kept[0] == keys.organisation_stream}
    workbook.close()
    assert what_is_read(Folder(place.folder, keys)) == shown["Ben Okafor"]


def test_the_second_reader_agrees_about_who_reads_a_case(office: tuple[Office, dict[str, dict[str, Any]]]) -> None:
    place, _ = office
    workbook = Workbook(place.root / "Ana Reyes", PASSPHRASE)
    folder = Folder(place.folder, workbook.keys())
    workbook.close()
    ana = opening.unlock(place.root / "Ana Reyes", PASSPHRASE, parts=place.parts)
    try:
        for case in ana.store.select(Case):
            assert folder.readers_of(case.stream) == {row.user for row in access.readers_of(ana, case.id)}
    finally:
        opening.lock(ana)


def test_the_second_reader_notices_what_is_wrong(
    office: tuple[Office, dict[str, dict[str, Any]]], tmp_path: Path
) -> None:
    place, _ = office
    copy = tmp_path / "shared"
    shutil.copytree(place.folder, copy)
    workbook = Workbook(place.root / "Ana Reyes", PASSPHRASE)
    keys = workbook.keys()
    workbook.close()
    whole = Folder(copy, keys)
    middle = next(one for one in whole.order if any(other.previous == one.name for other in whole.order))
    (path,) = copy.rglob(middle.file)
    path.unlink()
    assert any("missing" in problem for problem in Folder(copy, keys).problems)
    path.write_bytes(b"not this")
    assert any("not its name" in problem for problem in Folder(copy, keys).problems)
    with pytest.raises(Refused):
        open_key_file(place.root / "Ana Reyes" / "keyslot", PASSPHRASE + "x")


def test_it_imports_nothing_of_the_program() -> None:
    for path in (HERE / "formats.py", HERE / "governing.py", HERE / "recovery.py", HERE / "reader.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.partition(".")[0] in {"core", "desktop"}]
            assert not [name for name in names if name.startswith("tests.") and "independent" not in name]
