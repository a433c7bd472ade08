"""Whole open workbooks, made by the services themselves, for tests that act like a person."""

from __future__ import annotations

import contextlib
import functools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.foundation.ids import UserId
from core.services.cases import CaseLogged, ReportForm, log_report
from core.services.homes import HomesImported, import_homes, preview_import
from core.services.joining import JoiningForm, ask_to_join, finish_joining
from core.services.opening import FoundingForm, found_organisation, lock, unlock
from core.services.organisation import admit, invite, update_organisation, waiting_requests
from core.services.sync import choose_folder, sync_now
from core.services.workspace import Parts, Workspace
from tests.support.dice import SeededRandomness
from tests.support.vaults import CHEAP, NOON, TestClock

PASSPHRASE = "violet harbour lantern seldom mosaic"
FOUNDER = FoundingForm(
    organisation_name="Tallow Street Homes", your_name="Ana Bright", initials="AB", job_title="Housing officer",
    passphrase=PASSPHRASE,
)  # fmt: skip


def found_cheaply(folder: Path, parts: Parts, form: FoundingForm = FOUNDER) -> Path:
    """A founded vault whose passphrase costs next to nothing to try; closed."""
    lock(found_organisation(folder, form, parts=parts, cost=CHEAP))
    return folder


@functools.cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="imani-tests-"))
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return found_cheaply(folder / "vault", Parts(TestClock(NOON - timedelta(days=1)), SeededRandomness(7)))


def new_vault(folder: Path) -> Path:
    """A copy of one founded vault: the same keys each time, and no waiting."""
    shutil.copytree(_template(), folder)
    return folder


def with_letterhead(workspace: Workspace) -> Workspace:
    """What letters need to say about the organisation."""
    update_organisation(
        workspace, phone="0303 999 0101", email="homes@tallow.example", address="1 Tallow Street\nTestford\nZZ1 1AA",
        out_of_hours="0303 999 0102", website="tallow.example",
    )  # fmt: skip
    return workspace


@contextlib.contextmanager
def a_workspace(folder: Path, *, at: datetime = NOON, seed: int = 11) -> Iterator[Workspace]:
    """An open workbook in `folder`, founded if there is none; locked at the end. Its clock is a `TestClock`."""
    if not folder.exists():
        new_vault(folder)
    workspace = unlock(folder, PASSPHRASE, parts=Parts(TestClock(at), SeededRandomness(seed)))
    try:
        yield workspace
    finally:
        lock(workspace)


def as_somebody_else(workspace: Workspace) -> Workspace:
    """The same vault in the hands of a colleague, for decisions that need a second person."""
    return replace(workspace, keys=replace(workspace.keys, user=UserId(b"a-second-person-")))


def clock_of(workspace: Workspace) -> TestClock:
    clock = workspace.parts.clock
    assert isinstance(clock, TestClock)
    return clock


def a_report(**changes: Any) -> ReportForm:
    """A report with everything needed and nothing more."""
    values: dict[str, Any] = {
        "words": "Somebody shouted at her on the stairs again.", "received_at": NOON - timedelta(hours=1),
        "danger_now": False, "safe_ways": frozenset({"call"}), "reporter_name": "Meera Quill",
    }  # fmt: skip
    return ReportForm(**{**values, **changes})


def logged(workspace: Workspace, **changes: Any) -> CaseLogged:
    return log_report(workspace, form=a_report(**changes))


def homes_csv(path: Path, count: int, *, streets: int = 12) -> Path:
    """A tidy made-up list of homes with people in them."""
    lines = ["Flat,House number,Street,Town,Postcode,Tenant name,Language"]
    for n in range(count):
        street = f"{'Amber Birch Cedar Damson Elder Fern Gorse Hazel Iris Juniper Kestrel Larch'.split()[n % 12]} Road"
        street = street if streets <= 12 else f"{street} {n % streets // 12}"
        lines.append(f",{n // streets + 1},{street},Testford,ZZ{n % 9 + 1} {n % 9 + 1}AA,Tenant Number{n},English")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_homes(workspace: Workspace, path: Path) -> HomesImported:
    return import_homes(workspace, preview=preview_import(workspace, path=path))


def join_cheaply(ana: Workspace, folder: Path, shared: Path, *, name: str, role: str, parts: Parts) -> Workspace:
    """A second person founded nothing: invited by `ana`, let in, and open on their own laptop. Both have synced."""
    choose_folder(ana, shared)
    sync_now(ana)
    form = JoiningForm(
        invitation=invite(ana, role=role).text, your_name=name, initials=name[:2], job_title="Colleague",
        passphrase=PASSPHRASE, shared_folder=shared,
    )  # fmt: skip
    ask_to_join(folder, form, parts=parts, cost=CHEAP)
    sync_now(ana)
    for request in waiting_requests(ana):
        admit(ana, request=request.id)
    sync_now(ana)
    joined = finish_joining(folder, PASSPHRASE, parts=parts)
    sync_now(joined)
    return joined
