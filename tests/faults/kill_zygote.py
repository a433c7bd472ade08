"""Kills workers in the middle of their work: `python -m tests.faults.kill_zygote FOLDER SCENARIO TIMES SEED`.

One process imports the program once; each worker is a fork of it that opens the vault, says what it finds,
works, and says what it was promised. It is killed with SIGKILL after a random moment. What a worker said before it
died must be found by the next one. Prints one JSON line: how many were killed, and every broken promise.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain.case import Note
from core.domain.documents import Attachment
from core.domain.estate import Home, Household, Resident
from core.domain.interview import InterviewEvent
from core.foundation.ids import RecordId
from core.services import attachment_copies, drafts, interview_record, interviews, notes
from core.services.attachment_copies import open_for_view
from core.services.homes import find_homes
from core.services.interview_start import start_interview
from core.services.opening import lock, unlock
from core.services.sync import sync_now
from core.services.workspace import Parts, Workspace
from core.store import schema
from core.store.homebook import dwellings_of
from core.sync.engine import blob
from core.vault.database import check_integrity
from tests.support.dice import SeededRandomness
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import PASSPHRASE, homes_csv, join_cheaply, logged, new_vault, with_homes, with_letterhead

HOMES = 60
HOMES_LISTS = 400
READY = "ready"


@dataclass(slots=True)
class Told:
    """What workers said so far, by topic: the last number promised, and the last number found."""

    promised: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


Say = Callable[..., None]
Work = Callable[[Workspace, Path, Say, random.Random], None]


def the_case(folder: Path) -> RecordId:
    return RecordId((folder / "case").read_bytes())


# ------------------------------------------------------------------ what workers do


def autosave(workspace: Workspace, folder: Path, say: Say, dice: random.Random) -> None:
    """Type a long note, kept every few words; now and then save it to the file and begin another."""
    case = the_case(folder)
    name = notes.note_draft(case)
    draft = drafts.load_draft(workspace, name=name)
    written = workspace.store.count(Note)
    typed = 0 if draft is None else _number_in(draft.body)
    say("found", note=written, draft=typed)
    say(READY)
    number = max(written * 1000, typed)
    while True:
        number += 1
        body = f"{number} " + "She said that it happened again on the stairs. " * dice.randint(1, 4000) + f" {number}"
        drafts.save_draft(workspace, name=name, body=body)
        say("promised", draft=number)
        if dice.random() < 0.15:
            notes.add_note(workspace, case=case, body=body)
            written += 1
            number = written * 1000
            say("promised", note=written, draft=0)


def importing(workspace: Workspace, folder: Path, say: Say, dice: random.Random) -> None:
    """Bring in one list after another; each is there whole or not at all."""
    del dice
    counts = {kind: workspace.store.count(kind) for kind in (Home, Household, Resident)}
    whole = set(counts.values()) == {counts[Home]} and counts[Home] % HOMES == 0
    say("found", lists=counts[Home] // HOMES)
    if not whole:
        say("broken", what=f"half a list was imported: {[*counts.values()]}")
    say(READY)
    for number in range(counts[Home] // HOMES, HOMES_LISTS):
        path = homes_csv(folder / f"list-{os.getpid()}.csv", HOMES)
        text = path.read_text(encoding="utf-8").replace(" Road", f" Road {number}")
        path.write_text(text, encoding="utf-8")
        with_homes(workspace, path)
        say("promised", lists=number + 1)
        path.unlink()


def letters(workspace: Workspace, folder: Path, say: Say, dice: random.Random) -> None:
    """Make the letters of an area, again and again from the start once finished; a file marked made is whole."""
    del dice
    from core.services import area_files, letter_words
    from core.services import letters as service

    area_files.CHUNK_LETTERS, area_files.OTHERS_AT_ONCE = 3, 1
    case = the_case(folder)
    runs = service.list_runs(workspace, case=case)
    out = folder / "letters"
    for state in runs:
        made = [letter for letter in state.letters if letter.state == "made"]
        files = {
            (f"letters-{one.chunk:03d}.pdf" if one.chunk else area_files.own_file(one), one.file_sha256) for one in made
        }
        for name, digest in files:
            path = out / state.run.id.hex() / name
            if not path.is_file() or letter_words.file_sha256(path) != digest:
                say("broken", what=f"letters marked made are not in {name}")
        places = [letter.place for letter in state.letters]
        if places != sorted(set(places)):
            say("broken", what="a household has two letters")
    say("found", runs=len(runs), finished=sum(state.run.state == "made" for state in runs))
    say(READY)
    finished = sum(state.run.state == "made" for state in runs)
    while True:
        unfinished = [state.run for state in service.list_runs(workspace, case=case) if state.run.state != "made"]
        if unfinished:
            run = unfinished[0].id
        else:
            form = service.AreaLettersForm(case=case, streets=frozenset({"Amber Road"}), person_consulted=True)
            run = service.start_area_letters(workspace, plan=service.plan_area_letters(workspace, form=form)).run
            say("promised", runs=finished + 1)
        service.make_area_letters(workspace, run=run, folder=out / run.hex())
        finished += 1
        say("promised", finished=finished)


def exchange(workspace: Workspace, folder: Path, say: Say, dice: random.Random) -> None:
    """Two laptops by turns write notes and exchange them; what one wrote, both have in the end."""
    me = workspace.folder.name
    found = workspace.store.select(Note)
    mine = [note for note in found if note.by == workspace.user]
    numbers = sorted(int(note.body.split()[0]) for note in mine)
    if numbers != list(range(1, len(numbers) + 1)):
        say("broken", what=f"notes of {me} are missing or doubled")
    say("found", **{f"{me} wrote": len(mine), f"{me} received": len(found) - len(mine)})
    say(READY)
    case = the_case(folder)
    number = len(mine)
    while True:
        for _ in range(dice.randint(1, 3)):
            number += 1
            notes.add_note(workspace, case=case, body=f"{number} " + "on the stairs again " * dice.randint(1, 300))
            say("promised", **{f"{me} wrote": number})
        report = sync_now(workspace, everything=dice.random() < 0.2)
        if report.refused or report.missing or report.notices:
            say("broken", what=f"the exchange complained: {report}")
        say("promised", **{f"{me} received": workspace.store.count(Note) - number})


def attaching(workspace: Workspace, folder: Path, say: Say, dice: random.Random) -> None:
    """Two laptops by turns attach files of several parts and exchange them; a file is there whole or not at all."""
    from core.services import attachments
    from core.services.attachment_copies import save_copy

    me, case = workspace.folder.name, the_case(folder)
    rows = attachments.list_attachments(workspace, case=case)
    mine = {row.name: row for row in rows if row.about == me}
    if set(mine) != {str(number) for number in range(1, len(mine) + 1)}:
        say("broken", what=f"files of {me} are missing or doubled: {sorted(mine)}")
    here = sum(row.here for row in rows)
    for row in dice.sample(rows, min(4, len(rows))):
        if row.here and open_for_view(workspace, attachment=row.id).data != a_file(row.about, int(row.name)):
            say("broken", what=f"file {row.name} of {row.about} is not what it was")
    if any(not row.here for row in mine.values()):
        say("broken", what="the bytes of a file attached here are gone")
    say("found", **{f"{me} attached": len(mine), f"{me} holds": here})
    say(READY)
    number = len(mine)
    while True:
        for _ in range(dice.randint(1, 2)):
            number += 1
            given = attachments.GivenFile(data=a_file(me, number), name=str(number))
            form = attachments.AttachmentForm("photo", about=me)
            attached = attachments.attach(workspace, case=case, given=given, form=form)
            say("promised", **{f"{me} attached": number})
        copy = folder / f"copy-of-{me}"
        save_copy(workspace, attachment=attached.attachment, destination=copy, original=True, replace=True)
        report = sync_now(workspace, everything=dice.random() < 0.2)
        if report.refused or report.notices:
            say("broken", what=f"the exchange complained: {report}")
        found = attachments.list_attachments(workspace, case=case)
        say("promised", **{f"{me} holds": sum(row.here for row in found)})


def interview(workspace: Workspace, folder: Path, say: Say, dice: random.Random) -> None:
    """A private interview is typed, kept every few words, saved now and then, and one thing after another written down.

    All of it rests sealed; what was kept as typing is gone from there once it is saved, in the same breath.
    """
    del folder
    (row,) = interviews.list_interviews(workspace)
    found = interviews.open_interview(workspace, interview=row.interview, reason="To go on after the laptop died")
    texts = [text for text in (found.draft, found.record.statement) if text]
    events = [_number_in(event.what) for event in found.of(InterviewEvent)]
    if sorted(events) != list(range(1, len(events) + 1)):
        say("broken", what=f"what was told is missing or doubled: {sorted(events)}")
    number = max((_number_in(text) for text in texts), default=0)
    told = len(events)
    say("found", typed=number, told=told)
    while True:
        number += 1
        body = f"{number} " + "He stood on the stairs again. " * dice.randint(1, 3000) + f" {number}"
        if number % 4:
            interviews.save_interview_draft(workspace, interview=row.interview, body=body)
        else:
            interviews.save_interview(workspace, interview=row.interview, values={"statement": body}, left="")
        say("promised", typed=number)
        if number % 3 == 0:
            told += 1
            event = {"what": f"{told} He shouted {told}"}
            interview_record.keep_event(workspace, interview=row.interview, values=event)
            say("promised", told=told)
            if told == len(events) + 1:
                say(READY)  # each life promises something of each sort before its moment comes, on a slow machine too


def a_file(owner: str, number: int) -> bytes:
    """What the file with this number holds: between one part and five."""
    dice = random.Random(f"{owner} {number}")
    return dice.randbytes(dice.randint(1000, 300_000))


def _some_read_otherwise(workspace: Workspace) -> None:
    """Two households of each street the letters go to need Braille and plain text."""
    for street in ("amber", "birch"):
        found = find_homes(workspace, words=street)[:2]
        with workspace.store.reading() as connection:
            dwellings = dwellings_of(connection, found)
        with workspace.store.unit("needs") as (unit, _):
            for dwelling, need in zip(dwellings, ("braille", "plain-text"), strict=True):
                if dwelling.household is not None:
                    unit.update(Household, dwelling.household.id, format_needed=need)


def _letters_once(workspace: Workspace, case: RecordId, out: Path) -> None:
    """Done once before anybody is forked, so that typefaces are read once and not by each of them."""
    from core.services import area_files
    from core.services import letters as service

    form = service.AreaLettersForm(case=case, streets=frozenset({"Birch Road"}), person_consulted=True)
    run = service.start_area_letters(workspace, plan=service.plan_area_letters(workspace, form=form)).run
    area_files.CHUNK_LETTERS, area_files.OTHERS_AT_ONCE = 3, 1
    service.make_area_letters(workspace, run=run, folder=out / run.hex())


SCENARIOS: dict[str, tuple[Work, float]] = {
    "autosave": (autosave, 0.04),
    "importing": (importing, 0.20),
    "letters": (letters, 0.25),
    "exchange": (exchange, 0.15),
    "attaching": (attaching, 0.20),
    "interview": (interview, 0.10),
}
"""What is done, and within how many seconds of work it is killed."""

TWO_LAPTOPS = frozenset({"exchange", "attaching"})


# ------------------------------------------------------------------ who kills them


def prepare(folder: Path, scenario: str) -> None:
    vault = new_vault(folder / "vault")
    workspace = unlock(vault, PASSPHRASE, parts=Parts(TestClock(), SeededRandomness(3)))
    if scenario in TWO_LAPTOPS:
        (folder / "shared").mkdir()
        parts = Parts(TestClock(), SeededRandomness(5))
        ben = join_cheaply(workspace, folder / "ben", folder / "shared", name="Ben Stone", role="officer", parts=parts)
        (folder / "case").write_bytes(logged(workspace).case)
        sync_now(workspace)
        sync_now(ben)
        lock(ben)
    elif scenario == "interview":
        (folder / "shared").mkdir()
        parts = Parts(TestClock(), SeededRandomness(5))
        ben = join_cheaply(
            workspace, folder / "second", folder / "shared", name="Ben Stone", role="officer", parts=parts
        )
        start_interview(workspace, case=logged(workspace).case, readers=frozenset({ben.user}))
        lock(ben)
    elif scenario != "importing":
        (folder / "case").write_bytes(logged(workspace).case)
    if scenario == "letters":
        with_homes(with_letterhead(workspace), homes_csv(folder / "homes.csv", 108))
        _some_read_otherwise(workspace)
        _letters_once(workspace, the_case(folder), folder / "letters")
    lock(workspace)


def vault_of(folder: Path, seed: int) -> Path:
    """The vault of this life: of the two in turn, where there are two."""
    ben = folder / "ben"
    return ben if seed % 2 and ben.exists() else folder / "vault"


def worker(folder: Path, work: Work, pipe: int, seed: int) -> None:
    """Runs in the fork and never returns."""

    def say(topic: str, **values: object) -> None:
        os.write(pipe, (json.dumps([topic, values]) + "\n").encode())

    code = 1
    try:
        workspace = unlock(vault_of(folder, seed), PASSPHRASE, parts=Parts(TestClock(NOON), SeededRandomness(seed)))
        _nothing_half_done(workspace, say)
        if seed % 10 == 0:
            check_integrity(workspace.store.engine)
        work(workspace, folder, say, random.Random(seed))
        code = 0
    except BaseException:  # told to the one who watches
        say("broken", what=traceback.format_exc())
    finally:
        os._exit(code)


def _nothing_half_done(workspace: Workspace, say: Say) -> None:
    """The ledger's own promises: no open door, and no record that no change speaks of."""
    with workspace.store.reading() as connection:
        if connection.exec_driver_sql("SELECT count(*) FROM ledger_open").scalar_one():
            say("broken", what="the ledger was left open")
        for name in ("home", "note", "letter"):
            table = schema.RECORD_TABLES[name].name
            orphans = connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} WHERE id NOT IN (SELECT entity FROM change_entity)"
            ).scalar_one()
            if orphans:
                say("broken", what=f"{orphans} rows of {name} have no change")


def one_life(folder: Path, scenario: str, told: Told, dice: random.Random) -> bool:
    """Start a worker, kill it at some moment, and hold what it said against what was said before."""
    work, most_s = SCENARIOS[scenario]
    seed = dice.randrange(10**9)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        worker(folder, work, writer, seed)
    os.close(writer)
    # One life in eight is cut short while the vault is still being opened.
    early = dice.random() < 0.125
    lines: list[bytes] = []
    deadline = time.monotonic() + (dice.uniform(0, 0.012) if early else 60)
    buffer = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            break
        piece = os.read(reader, 65536)
        if not piece:
            break
        buffer += piece
        if b'["ready"' in piece and not early:
            deadline = time.monotonic() + dice.uniform(0.001, most_s)
    os.kill(child, signal.SIGKILL)
    while piece := os.read(reader, 65536):
        buffer += piece
    os.close(reader)
    _, status = os.waitpid(child, 0)
    lines = buffer.split(b"\n")[:-1]
    _hold_against(told, [json.loads(line) for line in lines])
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _hold_against(told: Told, lines: list[Any]) -> None:
    for topic, values in lines:
        if topic == "broken":
            told.broken.append(values["what"])
        elif topic == "found":
            if "note" in values and values["note"] > told.promised.get("note", 0):
                told.promised.update(draft=0)
            for name, number in values.items():
                if number < told.promised.get(name, 0):
                    told.broken.append(f"{name} {told.promised[name]} was promised, and only {number} is there")
            told.promised.update(values)
        elif topic == "promised":
            told.promised.update(values)


def _number_in(body: str) -> int:
    first, last = body.split(" ", 1)[0], body.rsplit(" ", 1)[1]
    if first != last:
        raise AssertionError(f"half a draft was kept: {first} and {last}")
    return int(first)


def _differences(opened: list[Workspace]) -> list[str]:
    bodies = [sorted(note.body for note in workspace.store.select(Note)) for workspace in opened]
    broken = [] if all(found == bodies[0] for found in bodies) else ["the laptops do not have the same notes"]
    held = [_files_of(workspace) for workspace in opened]
    return broken + ([] if all(found == held[0] for found in held) else ["the laptops do not have the same files"])


def _files_of(workspace: Workspace) -> list[tuple[str, str]]:
    """Every attached file read to its end; one that cannot be shows as such."""
    found = []
    for record in workspace.store.select(Attachment):
        data = open_for_view(workspace, attachment=record.id).data
        right = data == a_file(record.about, int(record.name))
        found.append((f"{record.about} {record.name}", "whole" if right else "another file"))
    return sorted(found)


def main(folder: Path, scenario: str, times: int, seed: int) -> None:
    if scenario == "attaching":
        blob.PART_BYTES = attachment_copies.PART_BYTES = 64 * 1024  # many parts of small files
    prepare(folder, scenario)
    told = Told()
    dice = random.Random(seed)
    killed = sum(one_life(folder, scenario, told, dice) for _ in range(times))
    vaults = [vault_of(folder, 0), *([vault_of(folder, 1)] if scenario in TWO_LAPTOPS else [])]
    parts = Parts(TestClock(), SeededRandomness(1))
    opened = [unlock(vault, PASSPHRASE, parts=parts) for vault in vaults]
    for workspace in opened * (2 if len(opened) > 1 else 0):
        sync_now(workspace, everything=True)
    told.broken += _differences(opened)
    for workspace in opened:
        check_integrity(workspace.store.engine)
        workspace.store.rebuild()
    told.broken += _differences(opened)
    left = [path for root in (folder / "vault", folder / "ben", folder / "shared") for path in root.rglob("*.part")]
    told.broken += [f"{path.name} was left half written" for path in left]
    for workspace in opened:
        lock(workspace)
    print(json.dumps({"killed": killed, "broken": told.broken[:5], "promised": told.promised}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
