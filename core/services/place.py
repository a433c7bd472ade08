"""Where this workbook exchanges: one value, kept in the vault. Reading it, choosing it, handing it to a colleague."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from core.domain.changed import Changed
from core.foundation.errors import (
    EncodingRejected,
    FolderUnreachable,
    FormIncomplete,
    NoSharedFolder,
    SharedFolderError,
    VaultDamaged,
)
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.made_up import refuse_made_up
from core.services.workspace import Parts, Workspace
from core.store import meta
from core.store.mailbox import VaultBox
from core.store.store import Store
from core.store.unit import WriteUnit
from core.sync.engine import codes
from core.sync.ports import APPLIED, PUBLISHED, WITHHELD
from core.sync.transports.names import ROOT_NAME
from core.sync.transports.opening import Transport, open_place
from core.sync.transports.places import (
    FolderPlace,
    ObjectStorePlace,
    Place,
    WebDavPlace,
    pack,
    problems_of,
    tidy,
    unpack,
)
from core.sync.weekly import LAST_WHOLE_LIST

__all__ = [
    "FolderPlace", "ObjectStorePlace", "Place", "PlaceChosen", "WebDavPlace", "choose_place", "code_of", "given_place",
    "keep_place", "place_in", "place_of", "ready_to_try", "shared_folder", "shown_place", "transport_of",
]  # fmt: skip

PLACE_SETTING = meta.SETTING + "exchange-place"
CODE_PREFIX = "STORE"


@dataclass(frozen=True, slots=True)
class PlaceChosen:
    """The place is set. `to_publish`: files held here that are not there and go there with the next exchanges."""

    words: str
    to_publish: int
    changed: Changed


def place_in(store: Store) -> Place | None:
    """The place kept in a vault, or None.

    Raises:
        VaultDamaged: what was kept is none.
    """
    with store.reading() as connection:
        packed = meta.read(connection, PLACE_SETTING)
    try:
        return None if packed is None else unpack(packed)
    except EncodingRejected as error:
        raise VaultDamaged() from error


def keep_place(unit: WriteUnit, place: Place) -> None:
    """Keep it, its secret included: the vault is sealed, and nothing else of the program writes it anywhere."""
    meta.write(unit.connection, PLACE_SETTING, pack(place))


def place_of(workspace: Workspace) -> Place | None:
    """The place chosen, or None."""
    return place_in(workspace.store)


def shown_place(workspace: Workspace) -> Place | None:
    """The place as a window may show it: its secret is left out."""
    match place_of(workspace):
        case ObjectStorePlace() as place:
            return replace(place, secret="")
        case WebDavPlace() as place:
            return replace(place, password="")
        case place:
            return place


@dataclass(frozen=True, slots=True)
class ReadyToTry:
    """A place with its secret, and what trying it needs beside: for a job that is given no workbook."""

    place: Place
    parts: Parts


def ready_to_try(workspace: Workspace, *, place: Place) -> ReadyToTry:
    """A place as it was typed, with the secret kept for it if none was.

    Raises:
        FormIncomplete: a field is missing or cannot be right.
        MadeUpStaysHere: this is a demo.
    """
    refuse_made_up(workspace)
    wanted = _with_kept_secret(workspace, tidy(place))
    _refuse_incomplete(wanted)
    return ReadyToTry(wanted, workspace.parts)


def shared_folder(workspace: Workspace) -> Path | None:
    """The folder chosen; None if there is none, or if it is a store."""
    place = place_of(workspace)
    return place.folder if isinstance(place, FolderPlace) else None


def transport_of(workspace: Workspace) -> Transport:
    """The transport on the place chosen.

    Raises:
        NoSharedFolder: none was chosen.
        StoreSupportMissing: it needs a part this copy of the program does not have.
    """
    place = place_of(workspace)
    if place is None:
        raise NoSharedFolder()
    return open_place(place, randomness=workspace.parts.randomness)


def choose_place(
    workspace: Workspace, *, place: Place, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> PlaceChosen:
    """Exchange there from now on. Everything held here that is not there yet goes there with the next exchanges.

    A secret left empty is the one kept, if the address and the name are those kept.
    A sentence for people who look into it is put there, which also shows that something can be written.

    Raises:
        FormIncomplete: a field is missing or cannot be right; nothing was asked of the place.
        FolderUnreachable, SharedFolderError: it cannot be used; the place before is kept.
        Cancelled: the place before is kept.
        MadeUpStaysHere: this is a demo; nothing made up may get among real cases.
    """
    refuse_made_up(workspace)
    token = cancel or NeverCancel()
    chosen = _checked(workspace, _with_kept_secret(workspace, tidy(place)))
    transport = open_place(chosen, randomness=workspace.parts.randomness)
    progress(0, 2, "Looking at the place")
    transport.prepare()
    there = set()
    for info in transport.list(ROOT_NAME):
        token.check()
        there.add(info.name.rpartition("/")[2])
    progress(1, 2, "Looking at the place")
    with workspace.store.unit("choose-place") as (unit, outcome):
        keep_place(unit, chosen)
        box = VaultBox(unit.connection)
        absent = [name for name in box.held_sizes([PUBLISHED, APPLIED, WITHHELD]) if name not in there]
        if absent:
            # Choosing the place is the answer to the question whether they should be put there.
            box.answer_losses(absent, put_back=True)
            box.write_number(LAST_WHOLE_LIST, 0)
    progress(2, 2, "")
    return PlaceChosen(chosen.words, len(absent), outcome.changed)


def given_place(given: Path | Place) -> Place:
    """What somebody wrote where a folder is asked for: a folder, or the code of a store that a colleague handed over.

    Raises:
        FormIncomplete: it looks like a code and is cut off or mistyped.
    """
    if not isinstance(given, Path):
        return tidy(given)
    text = str(given).strip()
    if not text.upper().startswith(f"{CODE_PREFIX}-") or given.exists():
        return FolderPlace(given)
    try:
        place = unpack(codes.from_code(CODE_PREFIX, text))
    except EncodingRejected as error:
        said = "This is the code of a store, but some of it is missing or mistyped. Copy it again."
        raise FormIncomplete(problems={"shared_folder": said}) from error
    if problems := problems_of(place):
        raise FormIncomplete(problems={"shared_folder": " ".join(problems.values())})
    return place


def code_of(workspace: Workspace) -> str:
    """The store as a code for a colleague, who pastes it where a folder is asked for. It holds the key or password.

    Raises:
        NoSharedFolder: none was chosen.
        FormIncomplete: it is a folder, which has no code; colleagues choose it themselves.
    """
    place = place_of(workspace)
    if place is None:
        raise NoSharedFolder()
    if isinstance(place, FolderPlace):
        raise FormIncomplete(problems={"place": "A folder has no code. Your colleague chooses it on their laptop."})
    return codes.to_code(CODE_PREFIX, pack(place))


def _with_kept_secret(workspace: Workspace, place: Place) -> Place:
    """Never for another address: a secret is told to nobody but the store it is for."""
    match place, place_of(workspace):
        case ObjectStorePlace(secret="") as new, ObjectStorePlace() as kept:
            same = (new.endpoint, new.key_id) == (kept.endpoint, kept.key_id)
            return replace(new, secret=kept.secret) if same else new
        case WebDavPlace(password="") as new, WebDavPlace() as kept:
            same = (new.address, new.user) == (kept.address, kept.user)
            return replace(new, password=kept.password) if same else new
    return place


def _refuse_incomplete(place: Place) -> None:
    problems = problems_of(place)
    if problems:
        raise FormIncomplete(problems=problems)


def _checked(workspace: Workspace, place: Place) -> Place:
    _refuse_incomplete(place)
    if not isinstance(place, FolderPlace):
        return place
    chosen = place.folder.expanduser().resolve()
    own = workspace.folder.resolve()
    if own == chosen or own in chosen.parents or chosen in own.parents:
        raise SharedFolderError(reason="the workbook itself lies there; the two must be apart")
    if not chosen.is_dir():
        raise FolderUnreachable(path=str(place.folder))
    return FolderPlace(chosen)
