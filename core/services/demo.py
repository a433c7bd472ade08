"""A demo to learn on: one made-up officer, two made-up streets, cases of the months before, in a folder of its own.

It is made by the services an officer's click would call, and it is a whole workbook. It has no shared folder and can
have none (`made_up.py`). It has a passphrase because every workbook has; there is nothing in it to keep from anybody.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from core.crypto.kdf import FLOOR_MEMORY_KIB, KdfCost
from core.foundation.errors import BugError
from core.foundation.files import make_private_folder, remove_tree, write_atomic
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.policy.calendar import LONDON
from core.services import homes, opening, organisation
from core.services.demo_cases import ALONE
from core.services.demo_past import FOUNDED_DAYS_AGO, Past, StoryClock, play
from core.services.made_up import mark_made_up
from core.services.out_of_hours import ShiftForm, take_phone
from core.services.resources import resources_folder
from core.services.workspace import Parts, Workspace
from core.vault.occupancy import Occupancy

LANDLORD = "Marsh Lane Housing Co-operative"
ADDRESS = "The Office, 2 Marsh Lane, Eastmere ZZ1 1AA"
PHONE, EMAIL, OUT_OF_HOURS = "020 7946 0321", "office@marshlane.example", "020 7946 0999"
OFFICER, INITIALS, JOB_TITLE = "Amara Osei", "AO", "Housing Officer"
PASSPHRASE = "meadow lantern copper thistle harbour"  # noqa: S105  # of a workbook in which nothing is secret
VAULT, WHOLE, LIST = "vault", "whole", "homes.csv"
FIRST_LINES, LAST_LINES = 34, 12
"""What of the list of homes is taken: the first street, title and headings before it, and some of the last, in which no
case is: a round of visits goes from door to door there."""
STREET = "Marsh Lane"
CASE_HOMES = 7
ANSWERING = "Eastmere Night Line"


def is_there(folder: Path) -> bool:
    """Whether a demo was made there to its end."""
    return (folder / WHOLE).exists()


def make_demo(
    folder: Path, *, parts: Parts, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> None:
    """Make the demo, closed, in `folder`, in place of what a demo left there.

    Raises:
        FolderNotWritable, DiskFull, VaultInSyncedFolder, Cancelled: nothing of it is left.
        VaultInUse: one that is there is open; it is as it was.
    """
    token = cancel or NeverCancel()
    throw_away(folder)
    try:
        make_private_folder(folder)
        _make(folder, parts, progress, token)
        write_atomic(folder / WHOLE, b"")
    except BaseException:
        throw_away(folder)
        raise


def open_demo(folder: Path, *, parts: Parts, progress: Progress = no_progress) -> Workspace:
    """Open the demo that was made there.

    Raises:
        NoVaultHere, VaultInUse, VaultDamaged.
    """
    return opening.unlock(folder / VAULT, PASSPHRASE, parts=parts, progress=progress)


def throw_away(folder: Path) -> None:
    """Nothing of the demo is left. Absent is fine.

    Raises:
        VaultInUse: it is open; nothing was removed.
    """
    if (folder / VAULT).exists():
        Occupancy(folder / VAULT).release()
    (folder / WHOLE).unlink(missing_ok=True)
    remove_tree(folder)


def _make(folder: Path, parts: Parts, progress: Progress, token: CancelToken) -> None:
    clock = StoryClock(parts.clock)
    clock.begin(days_ago=FOUNDED_DAYS_AGO)
    form = opening.FoundingForm(LANDLORD, OFFICER, INITIALS, JOB_TITLE, PASSPHRASE)
    workspace = opening.found_organisation(
        folder / VAULT, form, parts=Parts(clock, parts.randomness), cost=KdfCost(FLOOR_MEMORY_KIB)
    )
    try:
        mark_made_up(workspace)
        token.check()
        organisation.update_organisation(
            workspace, letter_name=LANDLORD, address=ADDRESS, phone=PHONE, email=EMAIL, out_of_hours=OUT_OF_HOURS
        )
        fill_rota(workspace, parts.clock.now().astimezone(LONDON).date())
        places = _some_homes(folder, workspace)
        token.check()
        # One person is both: the scenes that need a colleague are not among these.
        play(Past(workspace, workspace, clock, places), ALONE, progress=progress, cancel=token)
    finally:
        opening.lock(workspace)


def fill_rota(workspace: Workspace, today: date) -> None:
    """Who holds the out-of-hours phone in the nights from today; some nobody has taken yet."""
    yesterday = today - timedelta(days=1)  # at night it is still that night
    week = ShiftForm(user=workspace.user, from_on=yesterday, until_on=today + timedelta(days=6))
    others = ShiftForm(
        name=ANSWERING, phone="020 7946 0555", from_on=today + timedelta(days=7), until_on=today + timedelta(days=20)
    )
    for form in (week, others):
        take_phone(workspace, form=form)


def _some_homes(folder: Path, workspace: Workspace) -> tuple[RecordId | None, ...]:
    source = resources_folder() / "demo" / "marsh-lane-homes.csv"
    lines = source.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    few = folder / LIST
    write_atomic(few, "".join([*lines[:FIRST_LINES], *lines[-LAST_LINES:]]).encode())
    homes.import_homes(workspace, preview=homes.preview_import(workspace, path=few))
    found = homes.find_homes(workspace, words=STREET, limit=CASE_HOMES)
    if len(found) < CASE_HOMES:
        raise BugError(rule="the list of the demo has homes for its cases")
    return tuple(home.id for home in found)
