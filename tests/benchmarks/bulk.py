"""Work that comes in thousands: a list of homes, an area of letters, a backlog of changes from other laptops."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.changes.change import Change, Op, OpKind, encode
from core.changes.hlc import COUNTER_BITS, to_ms
from core.foundation.ids import ChangeId, DeviceId, RecordId, StreamId, UserId
from core.services.homes import count_homes, import_homes, preview_import
from core.services.letters import AreaLettersForm, make_area_letters, plan_area_letters, start_area_letters
from core.services.sync import choose_folder, sync_now
from core.services.workspace import Parts, Workspace
from core.store.ledger import Arrival, record_arrivals
from core.store.transactions import writing
from tests.benchmarks.measure import timed
from tests.support.dice import SeededRandomness
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import a_workspace, homes_csv, join_cheaply, logged, with_homes, with_letterhead

BACKLOG = 20_000


def run(folder: Path, *, homes: int, letters: int) -> None:
    print("\nThousands at once")
    path = homes_csv(folder / "homes.csv", homes, streets=240)
    with a_workspace(folder / "homes") as workspace:
        with timed(f"Read and check a list of {homes:,} homes", homes, "homes"):
            preview = preview_import(workspace, path=path)
        with timed(f"Import {homes:,} homes", homes, "homes"):
            import_homes(workspace, preview=preview)
        with timed("Import the same list again: nothing to do", homes, "homes"):
            import_homes(workspace, preview=preview_import(workspace, path=path))
        assert count_homes(workspace) == homes
    with a_workspace(folder / "backlog") as workspace:
        arrivals = [_arrival(number) for number in range(BACKLOG)]
        size = sum(len(encode(arrival.change)) for arrival in arrivals) // BACKLOG
        with timed(f"Take in {BACKLOG:,} changes of {size} bytes", BACKLOG, "changes"), writing(
            workspace.store.engine
        ) as connection:
            record_arrivals(connection, arrivals)
    _exchange(folder)
    with a_workspace(folder / "letters") as workspace:
        _letters(workspace, folder, letters)


def _arrival(number: int) -> Arrival:
    stream = StreamId((number // 20).to_bytes(16, "big"))
    stamp = to_ms(NOON + timedelta(seconds=number)) << COUNTER_BITS
    entity = RecordId(number.to_bytes(16, "big"))
    values = {"at": to_ms(NOON), "body": f"change {number} " + "on the stairs again " * 8, "by": bytes(16)}
    ops = tuple(Op(OpKind.SET, entity, "note", name, value) for name, value in values.items())
    change = Change(ChangeId(number.to_bytes(16, "little")), stamp, UserId(bytes(16)), "add-note", ops)
    return Arrival(change, stream, DeviceId(bytes(16)), number)


def _exchange(folder: Path) -> None:
    (folder / "shared").mkdir()
    with a_workspace(folder / "ana") as ana:
        ben = join_cheaply(
            ana, folder / "ben", folder / "shared", name="Ben Stone", role="officer",
            parts=Parts(TestClock(), SeededRandomness(9)),
        )  # fmt: skip
        choose_folder(ana, folder / "shared")
        for _ in range(500):
            logged(ana)
        with timed("Send 500 new cases", 500, "cases"):
            sync_now(ana)
        with timed("Take in 500 new cases", 500, "cases"):
            sync_now(ben)
        with timed("Exchange when there is nothing new"):
            sync_now(ben)
        ben.store.engine.dispose()
        ben.occupancy.release()


def _letters(workspace: Workspace, folder: Path, letters: int) -> None:
    with_homes(with_letterhead(workspace), homes_csv(folder / "area.csv", letters * 12))
    case = logged(workspace).case
    form = AreaLettersForm(case=case, streets=frozenset({"Amber Road"}), person_consulted=True)
    with timed(f"Plan {letters:,} letters", letters, "letters"):
        plan = plan_area_letters(workspace, form=form)
    with timed(f"Make {letters:,} letters, checked and recorded", letters, "letters"):
        run = start_area_letters(workspace, plan=plan).run
        make_area_letters(workspace, run=run, folder=folder / "pdf")
