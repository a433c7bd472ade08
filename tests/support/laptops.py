"""Real laptops for tests: a vault each, one shared folder, a clock that is set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.crypto.kdf import FLOOR_MEMORY_KIB, KdfCost
from core.foundation.system import SystemRandomness
from core.services import opening, organisation, sync
from core.services.workspace import Parts, Workspace

PASSPHRASE = "tumble orchid lantern quartz bison"
CHEAP = KdfCost(FLOOR_MEMORY_KIB)
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

    def files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "cwf1").rglob("*") if path.is_file())
