"""Ends the program at every single statement of one piece of work.

`python -m tests.faults.every_statement FOLDER NAME MOST`

A statement is one command to the database, one commit, or one call that makes a file durable, moves it or deletes it.
One process imports the program once; each life is a fork of it on a fresh copy of the same beginning, which counts its
statements down and kills itself with SIGKILL. What is left must open, be whole, and be as before the work or as after
it. `MOST` bounds how many places are tried; they lie evenly from the first statement to the last. Prints one JSON line.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain.case import Case, Note, Report
from core.foundation.errors import WrongPassphrase
from core.services import backups, cases, notes, passphrase, recovery_groups, retention_day
from core.services.new_keys import new_keys_begun
from core.services.opening import lock, unlock
from core.services.recovery_case import case_recovery
from core.services.sync import choose_folder, sync_now, verify_shared_folder
from core.services.workspace import Parts, Workspace
from core.store import meta
from core.store.transactions import writing
from core.vault import rekey
from core.vault.database import check_integrity
from tests.support import sheets
from tests.support.dice import SeededRandomness
from tests.support.statements import watch
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import PASSPHRASE, join_cheaply, logged, new_vault

NEW_PASSPHRASE = "copper willow saddle noon parcel"
_WATCHED = ("replace", "rename", "unlink", "remove", "fsync", "link")


@dataclass(slots=True)
class Countdown:
    """Counts statements; at the `ends_at`-th, before it is done, the process ends."""

    ends_at: int | None = None
    count: int = 0

    def step(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.ends_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        watch(self.step)
        for name in _WATCHED:
            setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **how: Any) -> Any:
            self.step()
            return real(*args, **how)

        return call


@dataclass(slots=True)
class Life:
    """One copy of the beginning, and what is wrong with what was left of it."""

    root: Path
    broken: list[str] = field(default_factory=list)

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    def open(self, name: str = "vault", passphrase: str = PASSPHRASE, *, seed: int = 31) -> Workspace:
        """`seed`: another one where new keys are drawn that must not be those of the beginning."""
        return unlock(self.root / name, passphrase, parts=Parts(TestClock(NOON), SeededRandomness(seed)))

    def expect(self, holds: bool, sentence: str) -> None:
        if not holds:
            self.broken.append(sentence)

    def sound(self, workspace: Workspace) -> None:
        check_integrity(workspace.store.engine)
        with workspace.store.reading() as connection:
            self.expect(not connection.exec_driver_sql("SELECT count(*) FROM ledger_open").scalar_one(), "ledger open")


@dataclass(frozen=True, slots=True)
class Scenario:
    """`begin` makes the start, `act` does the work (it is told when to count), `judge` looks at what is left."""

    begin: Callable[[Life], None]
    act: Callable[[Life, Callable[[], None]], None]
    judge: Callable[[Life], None]


# ------------------------------------------------------------------ a save


def _one_vault(life: Life) -> None:
    new_vault(life.vault)


def _save(life: Life, arm: Callable[[], None]) -> None:
    workspace = life.open()
    arm()
    case = logged(workspace).case
    notes.add_note(workspace, case=case, body="She called again.")
    lock(workspace)


def _saved_whole_or_not(life: Life) -> None:
    workspace = life.open()
    life.sound(workspace)
    cases, reports, written = (workspace.store.count(kind) for kind in (Case, Report, Note))
    life.expect((cases, reports) in ((0, 0), (1, 1)), f"half a report: {cases} cases and {reports} reports")
    life.expect(written <= cases, "a note without its case")
    with workspace.store.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM entity").scalar_one()
    workspace.store.rebuild()
    with workspace.store.reading() as connection:
        after = connection.exec_driver_sql("SELECT count(*) FROM entity").scalar_one()
    life.expect(before == after, "the records are not what the history says")
    lock(workspace)


# ------------------------------------------------------------------ an exchange


def _two_vaults(life: Life) -> None:
    new_vault(life.vault)
    (life.root / "shared").mkdir()
    ana = life.open()
    parts = Parts(TestClock(), SeededRandomness(5))
    ben = join_cheaply(ana, life.root / "ben", life.root / "shared", name="Ben Stone", role="officer", parts=parts)
    case = logged(ana).case
    (life.root / "case").write_bytes(case)
    sync_now(ana)
    sync_now(ben)
    notes.add_note(ben, case=case, body="from Ben")
    sync_now(ben)
    notes.add_note(ana, case=case, body="from Ana")
    lock(ben)
    lock(ana)


def _at(life: Life, workspace: Workspace) -> Workspace:
    choose_folder(workspace, life.root / "shared")
    return workspace


def _exchange(life: Life, arm: Callable[[], None]) -> None:
    workspace = _at(life, life.open())
    arm()
    sync_now(workspace)
    lock(workspace)


def _both_have_everything(life: Life) -> None:
    laptops = [_at(life, life.open(name)) for name in ("vault", "ben")]
    for workspace in laptops:
        life.sound(workspace)
    for workspace in laptops * 2:
        report = sync_now(workspace, everything=True)
        life.expect(not report.refused and not report.notices, f"the exchange complained: {report}")
    found = [sorted(note.body for note in workspace.store.select(Note)) for workspace in laptops]
    life.expect(found == [["from Ana", "from Ben"]] * 2, f"not both notes on both laptops: {found}")
    for workspace in laptops:
        lock(workspace)


# ------------------------------------------------------------------ another passphrase


def _change_passphrase(life: Life, arm: Callable[[], None]) -> None:
    workspace = life.open()
    arm()
    passphrase.change_passphrase(workspace, old=PASSPHRASE, new=NEW_PASSPHRASE)
    lock(workspace)


def _one_passphrase_opens(life: Life) -> None:
    try:
        workspace = life.open()
    except WrongPassphrase:
        workspace = life.open(passphrase=NEW_PASSPHRASE)
    life.sound(workspace)
    lock(workspace)
    _only_the_newest_key_file(life)


def _only_the_newest_key_file(life: Life) -> None:
    """Once it was opened, no file here opens with an earlier passphrase."""
    kept = {path.read_bytes() for path in life.vault.glob("keyslot*")}
    life.expect(len(kept) == 1, "an earlier key file lies beside the newest")


# ------------------------------------------------------------------ new keys for everything


def _renew_keys(life: Life, arm: Callable[[], None]) -> None:
    workspace = life.open()
    notes.add_note(workspace, case=workspace.store.select(Case)[0].id, body="orchid")
    arm()
    _count_the_driver_too()
    passphrase.somebody_knows(workspace, old=PASSPHRASE, new=NEW_PASSPHRASE)


def _count_the_driver_too() -> None:
    """The export speaks to the driver itself; what it says there counts as statements as well."""
    real = rekey._run

    def counted(*given: Any) -> Any:
        with contextlib.suppress(OSError):
            os.unlink("nothing of this name")  # any call that is counted
        return real(*given)

    rekey._run = counted


def _opens_as_it_was(life: Life) -> None:
    before = len((life.vault / "workbook.db").read_bytes())
    _migrated_with(life, PASSPHRASE, NEW_PASSPHRASE)
    life.expect(before > 0 and not list(life.vault.glob("workbook.next*")), "a fresh file was left behind")
    _only_the_newest_key_file(life)


def _migrated_with(life: Life, *passphrases: str) -> None:
    workspace = None
    for words in passphrases:
        try:
            workspace = life.open(passphrase=words)
        except WrongPassphrase:
            continue
        break
    if workspace is None:
        life.expect(False, "no passphrase opens it")
        return
    life.sound(workspace)
    life.expect((workspace.store.count(Case), workspace.store.count(Note)) == (1, 1), "the case or its note is gone")
    found = cases.list_cases(workspace, words="orchid", limit=5)
    life.expect(found.total == 1, "the words are not found any more")
    notes.add_note(workspace, case=workspace.store.select(Case)[0].id, body="Written afterwards.")
    lock(workspace)


# ------------------------------------------------------------------ a newer program


def _with_a_case(life: Life) -> None:
    new_vault(life.vault)
    workspace = life.open()
    logged(workspace)
    lock(workspace)


def _older_declarations(life: Life) -> None:
    _with_a_case(life)
    workspace = life.open()
    with writing(workspace.store.engine) as connection:
        meta.write(connection, meta.CATALOGUE, b"of an older version")
    lock(workspace)


def _migrate(life: Life, arm: Callable[[], None]) -> None:
    arm()
    lock(life.open())


def _migrated(life: Life) -> None:
    workspace = life.open()
    life.sound(workspace)
    life.expect((workspace.store.count(Case), workspace.store.count(Report)) == (1, 1), "the case is gone")
    lock(workspace)


# ------------------------------------------------------------------ a backup


def _back_up(life: Life, arm: Callable[[], None]) -> None:
    workspace = life.open()
    arm()
    backups.backup(workspace, destination=life.root / "backup.imani")
    lock(workspace)


def _backup_whole_or_absent(life: Life) -> None:
    _migrated(life)
    path = life.root / "backup.imani"
    if path.exists():
        backups.restore(source=path, folder=life.root / "restored", passphrase=PASSPHRASE)
        workspace = life.open("restored")
        life.expect(workspace.store.count(Case) == 1, "the backup lacks the case")
        lock(workspace)


# ------------------------------------------------------------------ a recovery group


def _a_case_and_a_folder(life: Life) -> None:
    new_vault(life.vault)
    (life.root / "shared").mkdir()
    workspace = life.open()
    choose_folder(workspace, life.root / "shared")
    logged(workspace)
    sheets.begin(workspace)
    sync_now(workspace)
    lock(workspace)


def _change_a_holder(life: Life, arm: Callable[[], None]) -> None:
    workspace = life.open(seed=32)
    choose_folder(workspace, life.root / "shared")  # its own copy of it
    (row,) = recovery_groups.groups(workspace)
    holders = (*sheets.HOLDERS[:2], recovery_groups.HolderForm("Lena Frost"))
    prepared = recovery_groups.prepare_group(
        workspace, recovery_groups.GroupForm("Officers", holders, row.group)
    )
    first, second, _, organisation = sheets.sheets_of(prepared)
    arm()
    recovery_groups.begin_group(workspace, prepared, first=first, second=second, organisation_words=organisation)
    sync_now(workspace)
    lock(workspace)


def _one_edition_or_the_next(life: Life) -> None:
    workspace = life.open(seed=33)
    choose_folder(workspace, life.root / "shared")
    life.sound(workspace)
    found = recovery_groups.groups(workspace)
    life.expect(len(found) == 1 and found[0].rehearsed_at is not None, "half an edition")
    life.expect(len(found[0].old_sheets) == found[0].edition - 1, "old sheets are not named")
    sync_now(workspace)
    sync_now(workspace)
    (case,) = workspace.store.select(Case)
    opened = case_recovery(workspace, case=case.id)
    life.expect(opened.current and bool(opened.group), "a case is not open to the newest sheets")
    life.expect(verify_shared_folder(workspace).sound, "the folder is not sound")
    lock(workspace)


# ------------------------------------------------------------------ retention day


def _renew_own_keys(life: Life, arm: Callable[[], None]) -> None:
    workspace = _at(life, life.open(seed=41))
    arm()
    _count_the_driver_too()
    retention_day.hold_retention_day(workspace, passphrase=PASSPHRASE)


def _can_be_finished_and_lost_nothing(life: Life) -> None:
    workspace = _at(life, life.open(seed=42))
    life.sound(workspace)
    _only_the_newest_key_file(life)
    life.expect(not list(life.vault.glob("workbook.next*")), "a fresh file was left behind")
    if new_keys_begun(workspace) or not workspace.keys.user_epoch:
        retention_day.hold_retention_day(workspace, passphrase=PASSPHRASE)
        workspace = _at(life, life.open(seed=43))
    life.expect(workspace.keys.user_epoch == 1 and not new_keys_begun(workspace), "the old keys are still here")
    lock(workspace)
    _both_have_everything(life)


SCENARIOS: dict[str, Scenario] = {
    "save": Scenario(_one_vault, _save, _saved_whole_or_not),
    "exchange": Scenario(_two_vaults, _exchange, _both_have_everything),
    "passphrase": Scenario(_one_vault, _change_passphrase, _one_passphrase_opens),
    "new keys": Scenario(_with_a_case, _renew_keys, _opens_as_it_was),
    "migration": Scenario(_older_declarations, _migrate, _migrated),
    "backup": Scenario(_with_a_case, _back_up, _backup_whole_or_absent),
    "retention day": Scenario(_two_vaults, _renew_own_keys, _can_be_finished_and_lost_nothing),
    "recovery": Scenario(_a_case_and_a_folder, _change_a_holder, _one_edition_or_the_next),
}


# ------------------------------------------------------------------ who ends them


def live(life: Life, scenario: Scenario, ends_at: int | None) -> tuple[bool, int]:
    """Whether the fork was killed, and how many statements it counted if it came to its end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        countdown = Countdown(ends_at)
        code = 1
        try:
            scenario.act(life, countdown.arm)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os.write(writer, str(countdown.count).encode())
            os._exit(code)
    os.close(writer)
    count = int(os.read(reader, 32) or b"0")
    os.close(reader)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    if not killed and os.waitstatus_to_exitcode(status):
        life.broken.append("the work itself failed")
    return killed, count


def places(count: int, most: int) -> list[int]:
    """At most `most` statements of `count`, the first and the last among them."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(step * (count - 1) / (most - 1)) for step in range(most)})


def main(root: Path, name: str, most: int) -> None:
    scenario = SCENARIOS[name]
    start = Life(root / "start")
    start.root.mkdir(parents=True)
    scenario.begin(start)
    whole = Life(root / "whole")
    shutil.copytree(start.root, whole.root)
    _, count = live(whole, scenario, None)
    scenario.judge(whole)
    broken = [f"to its end: {sentence}" for sentence in whole.broken]
    tried = 0
    for place in places(count, most):
        life = Life(root / str(place))
        shutil.copytree(start.root, life.root)
        killed, _ = live(life, scenario, place)
        tried += killed
        try:
            scenario.judge(life)
        except Exception:
            life.broken.append(traceback.format_exc())
        broken += [f"statement {place}: {sentence}" for sentence in life.broken]
        shutil.rmtree(life.root)
    print(json.dumps({"statements": count, "killed": tried, "broken": broken[:5]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
