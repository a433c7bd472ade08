"""Sending and fetching of attached files ended between any two effects: the next round goes on with the same part."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.case import Case
from core.foundation.ids import RecordId
from core.foundation.ports import NeverCancel, no_progress
from core.services import attachment_copies, attachments, opening, streams, sync
from core.services.attachment_copies import open_for_view
from core.services.attachments import AttachmentForm, FileState, GivenFile
from core.services.exchange import me_of
from core.services.place import transport_of
from core.services.workspace import Workspace
from core.store.blobs import BlobRows, VaultBlobs
from core.sync.blobs import BlobExchange
from core.sync.engine import blob
from core.sync.runner import Runner, Surroundings
from core.vault.blobs import BlobFolder
from tests.faults.test_runner_killed import Countdown, Killed, MortalMailbox, MortalStore
from tests.support import files
from tests.support.laptops import Office, Template, records_of
from tests.support.searching import SEARCHING

PART_BYTES = 64 * 1024
CONTENTS = (files.noise(PART_BYTES + 1000, 1), files.noise(5000, 2))


class MortalBlobs(VaultBlobs):
    def __init__(self, workspace: Workspace, countdown: Countdown) -> None:
        super().__init__(workspace.store.engine)
        self._countdown = countdown

    @contextlib.contextmanager
    def writing(self) -> Iterator[BlobRows]:
        with super().writing() as rows:
            yield rows
            self._countdown.step()  # everything done, nothing committed
        self._countdown.step()  # committed


class MortalShelf(BlobFolder):
    def __init__(self, workspace: Workspace, countdown: Countdown) -> None:
        super().__init__(workspace.folder)
        self._countdown = countdown

    def keep(self, name: str, data: bytes) -> None:
        self._countdown.step()
        super().keep(name, data)
        self._countdown.step()


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob, "PART_BYTES", PART_BYTES)
    monkeypatch.setattr(attachment_copies, "PART_BYTES", PART_BYTES)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="Paint on the wall")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


def attach_all(workspace: Workspace) -> tuple[RecordId, ...]:
    case = workspace.store.select(Case)[0].id
    return tuple(
        attachments.attach(
            workspace, case=case, given=GivenFile(data=data, name=str(number)), form=AttachmentForm("photo")
        ).attachment
        for number, data in enumerate(CONTENTS)
    )


def run_mortal(workspace: Workspace, effects: int) -> bool:
    """Whether the round came to its end before the n-th effect."""
    countdown = Countdown(effects)
    store = MortalStore(transport_of(workspace), countdown)
    mover = BlobExchange(
        MortalBlobs(workspace, countdown), MortalShelf(workspace, countdown), store, limit_bytes=10**9,
        progress=no_progress, cancel=NeverCancel(),
    )  # fmt: skip
    around = Surroundings(
        MortalMailbox(workspace, countdown), store, workspace.parts.clock, workspace.parts.randomness, blobs=mover
    )
    try:
        Runner(me_of(workspace), around, progress=no_progress, cancel=NeverCancel()).run(everything=True)
    except Killed:
        return False
    return True


@pytest.mark.parametrize("sends", [True, False], ids=["sending", "fetching"])
def test_ended_at_every_effect_in_turn_every_file_arrives(template: Template, tmp_path: Path, sends: bool) -> None:
    office, laptops = template.copy(tmp_path / "start")
    ana, ben = laptops.values()
    photos = attach_all(ana)
    if not sends:
        sync.sync_now(ana)
    start = Template.of(office, laptops)
    finished, effects = False, 0
    while not finished:
        office, laptops = start.copy(tmp_path / str(effects))
        ana, ben = laptops.values()
        mortal = ana if sends else ben
        finished = run_mortal(mortal, effects)
        opening.lock(mortal)
        # What a killed program leaves beside the database, the next unlock clears away.
        again = Template(office, start.keys).reopen(office, mortal.folder.name)
        attachments.tidy_files(again)
        ana, ben = (again, ben) if sends else (ana, again)
        for row in attachments.list_attachments(ana, case=ana.store.select(Case)[0].id):
            assert row.here, "what was attached here stays here"
        for laptop in (ana, ben, ana, ben):
            report = sync.sync_now(laptop, everything=True)
            assert report.refused == 0
            assert report.missing == 0
        assert records_of(ana) == records_of(ben)
        for laptop in (ana, ben):
            for photo, data in zip(photos, CONTENTS, strict=True):
                assert attachments.get_attachment(laptop, attachment=photo).state is FileState.HERE
                assert open_for_view(laptop, attachment=photo).data == data
            assert len(list((laptop.folder / "blobs").iterdir())) == 3
        assert len([path for path in office.files() if "/b/" in path.as_posix()]) == 3
        for laptop in (ana, ben):
            opening.lock(laptop)
        effects += 1 if SEARCHING else 3
    assert effects > 15, "the round has many effects, and each was tried, or each third"


def test_a_part_that_came_is_never_fetched_again(template: Template, tmp_path: Path) -> None:
    """Ended after each part in turn, every part is read from the folder once."""
    _, laptops = template.copy(tmp_path / "office")
    ana, ben = laptops.values()
    attach_all(ana)
    sync.sync_now(ana)
    read: list[str] = []

    class Counting(MortalStore):
        def get(self, name: str, max_bytes: int) -> bytes:
            if "/b/" in name:
                read.append(name)
            return super().get(name, max_bytes)

    for effects in range(1, 40):
        countdown = Countdown(effects)
        mover = BlobExchange(
            MortalBlobs(ben, countdown), BlobFolder(ben.folder), Counting(transport_of(ben), Countdown(10**9)),
            limit_bytes=10**9, progress=no_progress, cancel=NeverCancel(),
        )  # fmt: skip
        around = Surroundings(
            MortalMailbox(ben, Countdown(10**9)), transport_of(ben), ben.parts.clock, ben.parts.randomness, blobs=mover
        )
        with contextlib.suppress(Killed):
            Runner(me_of(ben), around, progress=no_progress, cancel=NeverCancel()).run()
            break
    assert sorted(read) == sorted(set(read))
    assert len(read) == 3
