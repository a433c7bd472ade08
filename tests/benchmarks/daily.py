"""What an officer does all day, on a large vault: beside the same code and the same queries on plain SQLite."""

from __future__ import annotations

import contextlib
import functools
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from core.domain.case import Case
from core.foundation.ids import RecordId
from core.services.case_page import read_case
from core.services.cases import list_cases, log_report
from core.services.homes import find_homes
from core.services.notes import add_note
from core.services.opening import unlock
from core.services.timeline import timeline_of
from core.services.today import today
from core.services.workspace import Parts, Workspace
from core.store.casebook import PageKey
from tests.benchmarks.big_vault import (
    RARE,
    fill,
    plain_connection,
    plain_workspace,
    size_mb,
    without_key,
)
from tests.benchmarks.measure import Line, Table, cpu_ms, in_turns, say, timed
from tests.support.statements import watching
from tests.support.vaults import NOON
from tests.support.workspaces import PASSPHRASE, a_report, a_workspace

SAME, RAW = "same code, no key", "same SQL, no key"
WARM_ROUNDS = 15
FIRST_ROUNDS = 5
WARM_GOAL, FIRST_GOAL = "<= 1.2x, <= 50 ms", "<= 2x"

Action = Callable[[Workspace], object]
Statements = list[tuple[str, Any]]


def run(folder: Path, *, cases: int, entries: int) -> None:
    print(f"A vault of {cases:,} cases and {entries:,} entries of about 600 letters")
    with a_workspace(folder / "vault") as sealed:
        with timed("Write it through the ledger", entries, "entries"):
            fill(sealed, cases=cases, entries=entries)
        with timed("Today, after everything arrived at once", cases, "cases"):
            today(sealed)
        path = without_key(sealed, folder / "plain.db")
        say("Size on disk", f"{size_mb(folder / 'vault'):.0f} MB, {path.stat().st_size / 1e6:.0f} MB without a key")
        plain = plain_workspace(sealed, path)
        try:
            _warm(sealed, plain, path)
        finally:
            plain.store.engine.dispose()
        parts = sealed.parts
        with timed("Rebuild every record from the history", entries, "entries"):
            sealed.store.rebuild()
    _first_touch(folder / "vault", path, parts)


def actions_of(workspace: Workspace) -> dict[str, Action]:
    found = list_cases(workspace, limit=200).rows
    middle = workspace.store.select(Case, limit=1, order_by=[])[0]
    case = found[100].row.id
    deep = PageKey(int((NOON.timestamp() - 40 * 86400) * 1000), RecordId(bytes(16)))
    page = read_case(workspace, case=case)
    return {
        "Today": today,
        "List: the first page": list_cases,
        "List: a page far down": lambda w: list_cases(w, after=deep),
        "List: open cases": lambda w: list_cases(w, stages=("open",)),
        "Search: a frequent word": lambda w: list_cases(w, words="stairs"),
        "Search: two letters, as typed": lambda w: list_cases(w, words="st"),
        "Search: two words": lambda w: list_cases(w, words="stairs graffiti"),
        "Search: a rare word": lambda w: list_cases(w, words=RARE),
        "Search: a reference": lambda w: list_cases(w, words=middle.reference),
        "Case file": lambda w: read_case(w, case=case),
        "Timeline, once read": lambda w: timeline_of(w, page.file.contents),
        "Look up a home": lambda w: find_homes(w, words="12 road"),
    }


def _warm(sealed: Workspace, plain: Workspace, path: Path) -> None:
    table = Table((SAME, RAW))
    table.heading("Warm")
    raw = plain_connection(path)
    for name, action in actions_of(sealed).items():
        with recorded(sealed) as statements:
            action(sealed)
        works: dict[str, Callable[[], object]] = {
            "ours": lambda action=action: action(sealed),
            SAME: lambda action=action: action(plain),
        }
        if statements:
            works[RAW] = lambda statements=statements: replay(raw, statements)
        found = in_turns(works, rounds=WARM_ROUNDS, warm_up=2)
        table.add(Line(name, found.pop("ours"), found, WARM_GOAL))
    case = list_cases(sealed, limit=50).rows[40].row.id
    writes: dict[str, Action] = {
        "Save a note": lambda w: add_note(w, case=case, body="She called again about the stairs. " * 17),
        "Save a note, then Today": lambda w: (add_note(w, case=case, body="Again. " * 80), today(w)),
        "Log a report": lambda w: log_report(w, form=a_report()),
    }
    for name, action in writes.items():
        found = in_turns(
            {"ours": lambda action=action: action(sealed), SAME: lambda action=action: action(plain)},
            rounds=WARM_ROUNDS, warm_up=2,
        )  # fmt: skip
        table.add(Line(name, found.pop("ours"), found, WARM_GOAL))
    raw.close()


def _first_touch(vault: Path, path: Path, parts: Parts) -> None:
    """Each on connections just opened, with nothing in their caches."""
    table = Table((SAME, RAW))
    table.heading("First touch: on a connection just opened")
    opening = in_turns(
        {
            "ours": lambda: _open_and_close(vault, parts),
            RAW: lambda: _open_plain(path),
        },
        rounds=FIRST_ROUNDS,
    )
    table.add(Line("Open, after the key is derived", opening.pop("ours"), opening, "to Today <= 300 ms"))
    with a_workspace(vault) as sealed:
        names = list(actions_of(sealed))
        statements: dict[str, Statements] = {}
        for name, action in actions_of(sealed).items():
            action(sealed)
            with recorded(sealed) as found:
                action(sealed)
            statements[name] = found
    for name in names:
        if not statements[name]:
            continue
        found = [_first_of(name, vault, path, statements[name]) for _ in range(FIRST_ROUNDS)]
        middle = {key: statistics.median(one[key] for one in found) for key in found[0]}
        table.add(Line(name, middle.pop("ours"), middle, FIRST_GOAL))


def _first_of(name: str, vault: Path, path: Path, statements: Statements) -> dict[str, float]:
    """One action in a workbook just opened: its statements are compiled, no page of the file has been read."""
    with a_workspace(vault) as sealed:
        action = actions_of(sealed)[name]
        plain = plain_workspace(sealed, path)
        action(plain)
        spent = {}
        for key, workspace in (("ours", sealed), (SAME, plain)):
            workspace.store.engine.pool.dispose()
            spent[key] = cpu_ms(functools.partial(action, workspace))
        plain.store.engine.dispose()
    spent[RAW] = cpu_ms(functools.partial(replay_fresh, path, statements))
    return spent


def _open_and_close(vault: Path, parts: Parts) -> None:
    workspace = unlock(vault, PASSPHRASE, parts=parts)
    workspace.store.engine.dispose()
    workspace.occupancy.release()


def _open_plain(path: Path) -> None:
    connection = plain_connection(path)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    connection.execute("SELECT * FROM r_organisation").fetchall()
    connection.close()


@contextlib.contextmanager
def recorded(workspace: Workspace) -> Iterator[Statements]:
    """The statements an action sends, to send again without the program around them."""
    found: Statements = []

    def note(words: str, values: Any) -> None:
        if words.lstrip().upper().startswith("SELECT"):
            found.append((words, values))

    with watching(note):
        yield found


def replay(connection: sqlcipher.Connection, statements: Statements) -> None:
    for statement, parameters in statements:
        connection.execute(statement, parameters).fetchall()


def replay_fresh(path: Path, statements: Statements) -> None:
    connection = plain_connection(path)
    replay(connection, statements)
    connection.close()


