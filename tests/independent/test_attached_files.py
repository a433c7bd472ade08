"""PROTOCOL 11 is enough: the second reader gets every attached file out of a folder, bit for bit."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.domain.case import Case
from core.services import access, attachments, opening, streams, sync
from core.services.attachments import AttachmentForm, GivenFile
from tests.independent.attached import PART, attached_file
from tests.independent.formats import Refused, Workbook
from tests.independent.reader import Folder
from tests.support import files
from tests.support.laptops import PASSPHRASE, Office

CONTENTS = {
    "one.bin": b"x", "page.txt": b"said on the stairs " * 999, "film.mp4": files.noise(PART + 12_345),
    "exact.bin": files.noise(PART, 7),
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Ana attached files in a case; Ben was let in later, so that the stream has two epochs, and attached one more."""
    office = Office(tmp_path_factory.mktemp("office"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset(), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-1", summary="Paint on the wall")
    for laptop, names in ((ana, [name for name in CONTENTS if name != "page.txt"]), (ben, ["page.txt"])):
        for name in names:
            given = GivenFile(data=CONTENTS[name], name=name)
            attachments.attach(laptop, case=case, given=given, form=AttachmentForm("other"))
        if laptop is ana:
            access.add_reader(ana, case, ben.user, "covers in August")
        for one in (ana, ben, ana):
            sync.sync_now(one)
    for one in (ana, ben):
        opening.lock(one)
    return office


@pytest.mark.parametrize("who", ["Ana Reyes", "Ben Okafor"])
def test_every_file_comes_out_bit_for_bit(office: Office, who: str) -> None:
    workbook = Workbook(office.root / who, PASSPHRASE)
    reader = Folder(office.folder, workbook.keys())
    workbook.close()
    assert (reader.problems, reader.refused) == ([], [])
    records = [record for record in reader.records().values() if record.type == "attachment"]
    found = {record.fields["name"][0]: attached_file(office.folder, reader, record) for record in records}
    assert found == CONTENTS


def test_a_part_in_the_place_of_another_is_refused(office: Office) -> None:
    workbook = Workbook(office.root / "Ana Reyes", PASSPHRASE)
    reader = Folder(office.folder, workbook.keys())
    workbook.close()
    (film,) = [
        record for record in reader.records().values()
        if record.type == "attachment" and record.fields["name"][0] == "film.mp4"
    ]  # fmt: skip
    parts = film.fields["parts"][0]
    for wrong in (parts[32:] + parts[:32], parts[:32], parts[:32] * 2):
        film.fields["parts"] = [wrong]
        with pytest.raises(Refused):
            attached_file(office.folder, reader, film)


def test_it_imports_nothing_of_the_program() -> None:
    tree = ast.parse((Path(__file__).parent / "attached.py").read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name.partition(".")[0] in {"core", "desktop"}]
