"""Two real Syncthing daemons carry the folder while both laptops write: nothing is lost, no conflict file does harm.

Each laptop has its own copy of the folder, as in an office that uses such a program. Skipped only where the Debian
package cannot be installed; `installer/start.py test` installs it where it may.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.domain.case import Note
from core.services import opening, sync
from tests.support.laptops import change_ids_of, records_of
from tests.support.mischief import ana_and_ben, summary, write
from tests.support.syncthing import Daemon, is_here, two_daemons, wait_until

pytestmark = [
    pytest.mark.skipif(
        not is_here() and os.environ.get("CI") != "true", reason="needs Syncthing: sudo apt-get install syncthing"
    ),
    pytest.mark.skipif(os.name != "posix", reason="the daemons are those of the Debian package"),
]

ROUNDS = 8


def same(one: Daemon, two: Daemon) -> bool:
    """Both copies hold the same files, and there are some."""
    here = one.files()
    return bool(here) and here == two.files()


def test_two_daemons_carry_the_folder_while_both_laptops_write(tmp_path: Path) -> None:
    template = ana_and_ben(tmp_path / "template")
    office, laptops = template.copy(tmp_path / "office")
    ana, ben = laptops.values()
    other = tmp_path / "ben's copy"
    with two_daemons(tmp_path / "daemons", office.folder, other) as (one, two):
        wait_until(lambda: same(one, two), one, two)
        assert {path.name for path in office.files()} <= {name.rpartition("/")[2] for name in two.files()}
        sync.choose_folder(ben, other)

        # Both write and exchange at once, each with their own copy, and nobody waits for anybody.
        for number in range(ROUNDS):
            for laptop, who in ((ana, "Ana"), (ben, "Ben")):
                write(laptop, f"{who} writes {number}")
                assert sync.sync_now(laptop).refused == 0
        wait_until(lambda: same(one, two), one, two)
        for laptop in (ana, ben):
            sync.sync_now(laptop, everything=True)
        wait_until(lambda: same(one, two), one, two)
        for laptop in (ana, ben, ana):
            sync.sync_now(laptop, everything=True)
        assert records_of(ana) == records_of(ben) and change_ids_of(ana) == change_ids_of(ben)
        assert {note.body for note in ana.store.select(Note)} == {
            f"{who} writes {number}" for who in ("Ana", "Ben") for number in range(ROUNDS)
        }

        # A true conflict: one file is spoilt in both copies, differently, while one daemon is away.
        two.stop()
        write(ana, "after the conflict")
        sync.sync_now(ana)
        name = max(set(one.files()) - set(two.files()))
        (office.folder / name).write_bytes(b"spoilt on Ana's laptop")
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (other / name).write_bytes(b"spoilt otherwise on Ben's")
        two.start()
        wait_until(lambda: any(".sync-conflict-" in found for found in {**one.files(), **two.files()}), one, two)
        wait_until(lambda: same(one, two), one, two)
        assert sync.sync_now(ben, everything=True).refused == 0
        assert summary(ben) != "after the conflict"
        sync.sync_now(ana, everything=True)  # whoever wrote it mends it
        wait_until(lambda: same(one, two), one, two)
        for laptop in (ben, ana, ben):
            report = sync.sync_now(laptop, everything=True)
            assert report.refused == 0
        assert summary(ben) == "after the conflict"
        assert records_of(ana) == records_of(ben) and change_ids_of(ana) == change_ids_of(ben)
        assert ana.store.count(Note) == 2 * ROUNDS + 1
    for laptop in (ana, ben):
        opening.lock(laptop)
