"""Real laptops for tests: a vault each, one shared folder, a clock that is set by hand."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core.crypto.secrets import SecretBytes
from core.foundation.system import SystemRandomness
from core.services import opening, organisation, sync, vaults
from core.services.workspace import Parts, Workspace
from core.store import schema
from core.vault.keyslot import KeyslotContent
from core.vault.occupancy import Occupancy
from tests.support.vaults import CHEAP

PASSPHRASE = "tumble orchid lantern quartz bison"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    """Stands still until it is moved."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def monotonic_s(self) -> float:
        return self.moment.timestamp()

    def step(self, by: timedelta = timedelta(minutes=1)) -> None:
        self.moment += by


@dataclass
class Office:
    """A place on disk with one shared folder and any number of laptops."""

    root: Path
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self.root / "shared"

    @property
    def parts(self) -> Parts:
        return Parts(self.clock, SystemRandomness())

    def found(self, name: str = "Ana Reyes", initials: str = "ar") -> Workspace:
        form = opening.FoundingForm("Hazel Tree Co-operative", name, initials, "Housing officer", PASSPHRASE)
        workspace = opening.found_organisation(self.root / name, form, parts=self.parts, cost=CHEAP)
        sync.choose_folder(workspace, self.folder)
        return workspace

    def ask(self, admin: Workspace, name: str, initials: str, role: str) -> opening.Waiting:
        text = organisation.invite(admin, role=role).text
        form = opening.JoiningForm(text, name, initials, "Colleague", PASSPHRASE, self.folder)
        return opening.ask_to_join(self.root / name, form, parts=self.parts, cost=CHEAP)

    def join(self, admin: Workspace, name: str, initials: str, role: str = "officer") -> Workspace:
        """Invite, ask, compare, let in, finish."""
        waiting = self.ask(admin, name, initials, role)
        sync.sync_now(admin)
        (request,) = [item for item in organisation.waiting_requests(admin) if item.name == name]
        assert request.words == waiting.words
        organisation.admit(admin, request=request.id)
        sync.sync_now(admin)
        return opening.finish_joining(self.root / name, PASSPHRASE, parts=self.parts)

    def pair(
        self, name: str = "Ben Okafor", initials: str = "bo", role: str = "officer"
    ) -> tuple[Workspace, Workspace]:
        """Founded by Ana and joined by one other: a copy of laptops that were set up once in this process."""
        office, laptops = _pair(name, initials, role, self.clock.moment).copy(self.root, self.clock)
        assert office.folder == self.folder
        ana, other = laptops.values()
        return ana, other

    def files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "cwf1").rglob("*") if path.is_file())


def copied_keys(keys: KeyslotContent) -> KeyslotContent:
    """The same keys in holders of their own, so that locking one laptop leaves them usable."""
    return replace(
        keys,
        vault_key=SecretBytes(keys.vault_key.reveal()),
        user_sign_seed=SecretBytes(keys.user_sign_seed.reveal()),
        user_wrap_seed=SecretBytes(keys.user_wrap_seed.reveal()),
        device_sign_seed=SecretBytes(keys.device_sign_seed.reveal()),
    )


@dataclass
class Template:
    """Laptops that were set up once, to be copied for each test without deriving a key from a passphrase again."""

    office: Office
    keys: dict[str, KeyslotContent]

    @classmethod
    def of(cls, office: Office, laptops: dict[str, Workspace]) -> Template:
        keys = {name: copied_keys(workspace.keys) for name, workspace in laptops.items()}
        for workspace in laptops.values():
            opening.lock(workspace)
        return cls(office, keys)

    def copy(self, root: Path, clock: FixedClock | None = None) -> tuple[Office, dict[str, Workspace]]:
        shutil.copytree(self.office.root, root, dirs_exist_ok=True)
        office = Office(root, clock or FixedClock(self.office.clock.moment))
        laptops = {name: self.reopen(office, name) for name in self.keys}
        for workspace in laptops.values():
            sync.choose_folder(workspace, office.folder)
        return office, laptops

    def reopen(self, office: Office, name: str) -> Workspace:
        folder = office.root / name
        keys = copied_keys(self.keys[name])
        store = vaults.open_store(folder, keys, office.parts)
        return vaults.workspace_of(folder, keys, store, parts=office.parts, occupancy=Occupancy(folder))


@functools.cache
def _pair(name: str, initials: str, role: str, moment: datetime) -> Template:
    root = Path(tempfile.mkdtemp(prefix="imani-tests-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    office = Office(root, FixedClock(moment))
    ana = office.found()
    return Template.of(office, {"Ana Reyes": ana, name: office.join(ana, name, initials, role)})


def records_of(workspace: Workspace) -> dict[str, list[dict[str, object]]]:
    """Every record row of a vault, type by type, for comparing two laptops."""
    tables = sorted(schema.RECORD_TABLES.items())
    found: dict[str, list[dict[str, object]]] = {name: [] for name, _ in tables}
    any_rows = ", ".join(f'EXISTS (SELECT 1 FROM "{table.name}")' for _, table in tables)
    with workspace.store.reading() as connection:
        there = connection.exec_driver_sql(f"SELECT {any_rows}").first()
        for (name, table), has_rows in zip(tables, there, strict=True):
            if has_rows:
                rows = connection.execute(select(table).order_by(table.c.id)).mappings()
                found[name] = [dict(row) for row in rows]
    return found


def change_ids_of(workspace: Workspace) -> list[bytes]:
    """The id of every change a vault holds, sorted."""
    with workspace.store.reading() as connection:
        return sorted(connection.execute(select(schema.CHANGE.c.id)).scalars())


def every_byte_of(workspace: Workspace) -> bytes:
    """Everything in a vault's database, decrypted, as one heap of bytes to search."""
    heap = bytearray()
    with workspace.store.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                for value in row:
                    heap += value if isinstance(value, bytes) else str(value).encode()
                    heap += b"\n"
    return bytes(heap)
