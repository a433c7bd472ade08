"""From a place to the transport that reaches it: the one list of the kinds there are."""

from __future__ import annotations

from typing import Protocol

from core.foundation.errors import SharedFolderError
from core.foundation.ports import Randomness, SharedStore
from core.sync.transports.folder import FolderTransport
from core.sync.transports.object_store import ObjectStoreTransport
from core.sync.transports.places import FolderPlace, ObjectStorePlace, Place, WebDavPlace, problems_of
from core.sync.transports.webdav import WebDavTransport


class Transport(SharedStore, Protocol):
    """A `SharedStore` that can be made ready and kept clean."""

    def prepare(self) -> None:
        """Put the sentence for people who look into the place; fails where nothing can be written."""
        ...

    def sweep(self, now_s: float) -> None:
        """Clear what half-finished writes left, a day later."""
        ...


def open_place(place: Place, *, randomness: Randomness) -> Transport:
    """The transport of a place. A folder is not touched by this, and a store not asked.

    Raises:
        StoreSupportMissing: it needs libraries this copy of the program does not have.
        SharedFolderError: its address cannot be used.
    """
    if problems_of(place):  # whoever handed it over: no password goes out without https
        raise SharedFolderError(reason="its address, or a name in it, cannot be used")
    match place:
        case FolderPlace(folder):
            return FolderTransport(folder, randomness=randomness)
        case ObjectStorePlace():
            return ObjectStoreTransport(place)
        case WebDavPlace():
            return WebDavTransport(place)
