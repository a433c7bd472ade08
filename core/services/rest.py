"""The second passphrase: what keeps private interviews shut in a workbook that is open."""

from __future__ import annotations

from dataclasses import dataclass

from core.crypto.kdf import DEFAULT_COST, SALT_BYTES, KdfCost, require_floor
from core.crypto.secrets import SecretBytes
from core.crypto.wrap import SEED_BYTES
from core.domain.changed import Changed
from core.foundation.errors import FormIncomplete, NotAllowed, WrongPassphrase
from core.foundation.ports import NeverCancel
from core.services.audit import note_before
from core.services.exchange import me_of
from core.services.vaults import refuse_weak
from core.services.workspace import Workspace
from core.store import resting
from core.store.mailbox import VaultMailbox
from core.store.transactions import writing
from core.sync.ingest import REOPEN, Ingest


@dataclass(frozen=True, slots=True)
class RestState:
    """`second`: a second passphrase was chosen. `open`: it was given since the workbook was opened, or none is needed.
    """

    second: bool
    open: bool


@dataclass(frozen=True, slots=True)
class RestOpened:
    """What rested can be read until the workbook is locked or it is put away."""

    changed: Changed


def rest_state(workspace: Workspace) -> RestState:
    """Whether private interviews can be read now."""
    with workspace.store.reading() as connection:
        return RestState(resting.has_second(connection), resting.is_open(connection))


def open_rest(workspace: Workspace, *, passphrase: str) -> RestOpened:
    """Give the second passphrase. What came meanwhile is read now. A wrong one is written down first.

    Raises:
        WrongPassphrase: nothing was opened.
    """
    try:
        with workspace.store.reading() as connection:
            resting.open_with(connection, passphrase)
    except WrongPassphrase:
        note_before(workspace, about=workspace.organisation_stream, deed="failed-unlock", subject="Private interviews")
        raise
    mailbox = VaultMailbox(workspace.store.engine)
    with mailbox.writing() as box:
        box.write_number(REOPEN, 1)
        result = Ingest(
            box, me_of(workspace), now=workspace.parts.clock.now(), parsed={}, cancel=NeverCancel()
        ).run()
    return RestOpened(result.changed)


def put_away(workspace: Workspace) -> None:
    """Shut what rests again before the workbook is locked. Does nothing where there is no second passphrase."""
    with workspace.store.reading() as connection:
        second = resting.has_second(connection)
    if second:
        workspace.store.rest.private = None


def choose_second(
    workspace: Workspace, *, passphrase: str, again: str, cost: KdfCost = DEFAULT_COST
) -> RestOpened:
    """From now on private interviews also need this passphrase, asked once each time the workbook is opened.

    It is this laptop's alone. Whoever forgets it can still be given access again by another reader.

    Raises:
        FormIncomplete, WeakPassphrase: nothing was changed.
        NotAllowed: they are shut now; give the present one first.
    """
    if passphrase != again:
        raise FormIncomplete(problems={"again": "The two are not the same. Type the passphrase again."})
    refuse_weak(passphrase, avoid=())
    require_floor(cost)
    salt = workspace.parts.randomness.bytes(SALT_BYTES)
    seed = SecretBytes(workspace.parts.randomness.bytes(SEED_BYTES))
    with writing(workspace.store.engine) as connection:
        if not resting.is_open(connection):
            raise NotAllowed()
        resting.rest_anew(connection, passphrase, seed, salt=salt, cost=cost)
    return RestOpened(Changed())
