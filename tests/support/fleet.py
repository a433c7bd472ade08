"""Several real laptops with clocks of their own, a folder that misbehaves, an archive of every file there ever was."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.crypto.derive import sha256
from core.domain.case import Case
from core.foundation.errors import RemovedFromOrganisation, SharedFolderError
from core.foundation.ids import DeviceId
from core.foundation.ports import FileInfo
from core.foundation.system import SystemRandomness
from core.services import opening, streams, sync, vaults
from core.services.roster import roster_of
from core.services.workspace import Parts, Workspace
from core.store import schema
from core.sync.transports.folder import FolderTransport
from core.vault.keyslot import KeyslotContent
from core.vault.occupancy import Occupancy
from tests.support.knowledge import Actor, World
from tests.support.laptops import FixedClock, Office, Template, copied_keys
from tests.support.oracle import keys_of

NAMES = ("Ana Reyes", "Ben Okafor", "Cat Lim", "Dev Patel")
"""Ana is an administrator and leads every case; Cat is of the committee and only reads."""


class Killed(BaseException):
    """The program was ended here."""


@dataclass
class Laptop:
    """One laptop. `twin_of`: the place in the fleet of the laptop whose vault it is a copy of."""

    name: str
    folder: Path
    workspace: Workspace
    clock: FixedClock
    offset: timedelta = timedelta()
    acknowledged: dict[bytes, bytes] = field(default_factory=dict)
    """change id -> stream"""
    backup: Path | None = None
    twin_of: int | None = None
    gone: bool = False
    """Its owner was removed and it has heard of it: the key of its workbook is destroyed."""
    last: Actor | None = None
    """What its owner knew when it was looked at last."""


def make_template(root: Path) -> Template:
    """Four people, one case all read, one only Ana reads, one Dev is walled off from."""
    office = Office(root)
    ana = office.found(NAMES[0], "ar")
    others = [office.join(ana, name, "xx", role="committee" if name == "Cat Lim" else "officer") for name in NAMES[1:]]
    ben, cat, dev = others
    shared_by = (
        (1, frozenset({ben.user, cat.user, dev.user}), frozenset()),
        (2, frozenset(), frozenset()),
        (3, frozenset({ben.user}), frozenset({dev.user})),
    )
    for number, readers, walled in shared_by:
        with ana.store.unit("test") as (unit, _):
            stream = streams.open_case_stream(unit, ana, readers=readers, conflicted=walled)
            unit.create(Case, stream, reference=f"2026-AR-{number}", summary="as it was")
    for laptop in (ana, *others, ana):
        sync.sync_now(laptop)
    return Template.of(office, dict(zip(NAMES, (ana, *others), strict=True)))


class Fleet:
    """Copies of the template's laptops, in a place of their own."""

    def __init__(self, template: Template, root: Path) -> None:
        shutil.copytree(template.office.root, root, dirs_exist_ok=True)
        self.root = root
        self.office = Office(root)
        self.archive = root / "archive" / "cwf1"
        self.archive.mkdir(parents=True)
        self.keys: dict[str, KeyslotContent] = dict(template.keys)
        self.hidden: list[tuple[Path, bytes]] = []
        self.world = World()
        self.ever_held: dict[bytes, set[tuple[bytes, int, bytes, bytes]]] = {}
        """By person every stream key a vault of theirs ever held, forgotten ones too."""
        self.ever_envelope: set[tuple[int, bytes]] = set()
        self.laptops: list[Laptop] = []
        for name in template.keys:
            clock = FixedClock(template.office.clock.moment)
            laptop = Laptop(name, root / name, self._open(name, root / name, clock), clock)
            sync.choose_folder(laptop.workspace, self.office.folder)
            self.laptops.append(laptop)
            self.acknowledge(laptop)
        self.keep()

    def _open(self, name: str, folder: Path, clock: FixedClock) -> Workspace:
        keys, parts = copied_keys(self.keys[name]), Parts(clock, SystemRandomness())
        store = vaults.open_store(folder, keys, parts)
        return vaults.workspace_of(folder, keys, store, parts=parts, occupancy=Occupancy(folder))

    def close(self) -> None:
        for laptop in self.here():
            opening.lock(laptop.workspace)
        shutil.rmtree(self.root, ignore_errors=True)

    # ------------------------------------------------------------------ what is known

    def acknowledge(self, laptop: Laptop) -> None:
        """What a laptop said it saved must be in its vault for ever, unless it was told to forget the whole case."""
        if laptop.gone:
            return
        with laptop.workspace.store.reading() as connection:
            rows = connection.execute(select(schema.CHANGE.c.id, schema.CHANGE.c.stream))
            held = {row.id: row.stream for row in rows}
            with_keys = select(schema.EPOCH.c.stream).where(schema.EPOCH.c.key.is_not(None))
            open_here = set(connection.execute(with_keys).scalars())
        gone = {stream for name, stream in laptop.acknowledged.items() if name not in held}
        assert not gone & open_here, "something acknowledged is gone"
        laptop.acknowledged = held

    def keep(self) -> None:
        """Remember every whole file the folder shows now."""
        for path in self.office.files():
            data = path.read_bytes()
            name = sha256(data).hex()
            if name == path.name and name not in self.world.files:
                self.world.files[name] = data
                (self.archive / name).write_bytes(data)
        for laptop in self.here():
            held = laptop.last = self.actor(laptop)
            self.ever_held.setdefault(held.user, set()).update(held.held)
            self.ever_envelope.update(held.envelope)
            for device, known in roster_of(laptop.workspace).devices.items():
                self.world.laptops[device] = known.certificate.public

    def actor(self, laptop: Laptop) -> Actor:
        """The person of a laptop with everything their vault holds."""
        keys = keys_of(laptop.workspace)
        held = frozenset((stream, number, name, key) for name, (stream, number, key) in keys.streams.items())
        return Actor(keys.organisation, keys.user, keys.wrap_seeds, frozenset(keys.envelope), held)

    def attacker(self, laptop: Laptop) -> Actor:
        """The person of a laptop with every key their vaults ever held and every outer key anybody ever held."""
        now = laptop.last if laptop.gone else self.actor(laptop)
        assert now is not None
        return replace(now, envelope=frozenset(self.ever_envelope), held=frozenset(self.ever_held[now.user]))

    # ------------------------------------------------------------------ what happens

    def exchange(
        self, at: int, *, everything: bool = False, refill: bool = False, puts: int | None = None, kill: bool = False,
        blind: int = 0,
    ) -> None:  # fmt: skip
        """One exchange. `puts`: only so many files reach the folder, then nothing does, or the program is killed.
        `blind`: a listing that leaves out about that many percent of the files.
        """
        laptop = self.laptops[at]
        if laptop.gone:
            return
        try:
            with _mischief(puts, kill, blind), contextlib.suppress(Killed):
                report = sync.sync_now(laptop.workspace, everything=everything, refill=refill)
                assert report.refused == 0, report.notices
        except RemovedFromOrganisation:
            laptop.gone = True
        self.acknowledge(laptop)
        self.keep()

    def here(self) -> list[Laptop]:
        """The laptops whose owners are in, or have not heard yet that they are not."""
        return [laptop for laptop in self.laptops if not laptop.gone]

    def time_passes(self, by: timedelta) -> None:
        """On every laptop and everywhere."""
        self.office.clock.step(by)
        for clock in (laptop.clock for laptop in self.laptops if laptop.clock is not self.office.clock):
            clock.step(by)

    def restart(self, at: int) -> None:
        laptop = self.laptops[at]
        if laptop.gone:
            return
        opening.lock(laptop.workspace)
        laptop.workspace = self._open(laptop.name, laptop.folder, laptop.clock)

    def join(self, admin: Laptop, name: str) -> Laptop:
        """Somebody is invited by a laptop, compared and let in."""
        workspace = self.office.join(admin.workspace, name, "xx")
        made = Laptop(name, self.root / name, workspace, self.office.clock)
        self.keys[name] = copied_keys(workspace.keys)
        self.laptops.append(made)
        self.keep()
        return made

    def back_up(self, at: int) -> None:
        laptop = self.laptops[at]
        if laptop.gone:
            return
        opening.lock(laptop.workspace)
        laptop.backup = self.root / f"backup of {at}"
        shutil.rmtree(laptop.backup, ignore_errors=True)
        shutil.copytree(laptop.folder, laptop.backup)
        laptop.workspace = self._open(laptop.name, laptop.folder, laptop.clock)

    def restore(self, at: int) -> None:
        """Put a laptop back from its backup. What was sent meanwhile comes back from the folder."""
        laptop = self.laptops[at]
        assert laptop.backup is not None
        if laptop.gone:
            return
        opening.lock(laptop.workspace)
        shutil.rmtree(laptop.folder)
        shutil.copytree(laptop.backup, laptop.folder)
        laptop.workspace = self._open(laptop.name, laptop.folder, laptop.clock)
        laptop.acknowledged = {}
        self.acknowledge(laptop)

    def twin(self, at: int) -> None:
        """Copy a laptop's vault onto another machine, which goes on under the same number."""
        laptop = self.laptops[at]
        if laptop.gone:
            return
        opening.lock(laptop.workspace)
        folder = self.root / "twins" / str(len(self.laptops))
        shutil.copytree(laptop.folder, folder)
        laptop.workspace = self._open(laptop.name, laptop.folder, laptop.clock)
        clock = FixedClock(laptop.clock.moment)
        self.laptops.append(Laptop(laptop.name, folder, self._open(laptop.name, folder, clock), clock, twin_of=at))
        self.acknowledge(self.laptops[-1])

    def skew(self, at: int, seconds: int) -> None:
        laptop = self.laptops[at]
        laptop.clock.step(timedelta(seconds=seconds) - laptop.offset)
        laptop.offset = timedelta(seconds=seconds)

    def hide(self, pick: int, newest: int = 1) -> None:
        """The host loses a file, or takes back the newest ones."""
        files = sorted(self.office.files(), key=lambda path: (path.stat().st_mtime_ns, path.name))
        gone = files[-newest:] if newest > 1 else [files[pick % len(files)]] if files else []
        for path in gone:
            self.hidden.append((path, path.read_bytes()))
            path.unlink()

    def show(self, pick: int, *, odd_name: bool) -> None:
        path, data = self.hidden.pop(pick % len(self.hidden))
        (path.with_name(f"{path.name} (2)") if odd_name else path).write_bytes(data)

    def damage(self, pick: int) -> None:
        files = self.office.files()
        if files:
            path = files[pick % len(files)]
            data = path.read_bytes()
            if sha256(data).hex() == path.name:
                self.hidden.append((path, data))
            path.write_bytes(data[: pick % max(len(data), 1)])

    def settle(self, rounds: int = 4) -> None:
        """The host gives everything back, and everybody exchanges until nothing is left to say."""
        random.Random(len(self.hidden)).shuffle(self.hidden)
        for name, data in self.world.files.items():
            kept = self.office.folder / "cwf1" / "2026-11" / name
            kept.write_bytes(data)
        for path, data in self.hidden:
            path.write_bytes(data)
        self.hidden.clear()
        for _ in range(rounds):
            for at in range(len(self.laptops)):
                self.exchange(at, everything=True, refill=True)

    def devices(self) -> set[DeviceId]:
        return {laptop.workspace.store.author.device for laptop in self.laptops}


@contextlib.contextmanager
def _mischief(puts: int | None, kill: bool, blind: int) -> Iterator[None]:
    put, listing = FolderTransport.put_if_absent, FolderTransport.list
    left = [puts if puts is not None else 10**9]

    def some_puts(self: FolderTransport, name: str, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed if kill else SharedFolderError(reason="the test said so")
        put(self, name, data)

    def some_names(self: FolderTransport, prefix: str) -> Iterator[FileInfo]:
        return (info for info in listing(self, prefix) if sha256(info.name.encode())[0] * 100 // 256 >= blind)

    with pytest.MonkeyPatch.context() as patch:
        if puts is not None:
            patch.setattr(FolderTransport, "put_if_absent", some_puts)
        if blind:
            patch.setattr(FolderTransport, "list", some_names)
        yield
