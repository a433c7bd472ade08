"""Bringing what is withheld into line with the roster, after something was decided here."""

from __future__ import annotations

from core.domain.changed import Changed
from core.foundation.ids import StreamId
from core.services.roster import roster_in
from core.services.workspace import Workspace
from core.store import keyring, withholding
from core.store.unit import WriteUnit
from core.sync.engine.rekeying import writers_of
from core.sync.keys import StreamKeys


def bring_into_line(unit: WriteUnit, workspace: Workspace) -> Changed:
    """Withhold and show again what should be by the roster, the epochs and what was taken over."""
    roster = roster_in(unit, workspace)
    begins = roster.standing.cut_devices()
    writers = {}
    if begins:
        keys = StreamKeys(keyring.epochs(unit.connection))
        writers = {
            StreamId(stream): writers_of(keys.headers_of(stream), keys.uncounted(stream, roster))
            for stream in keys.uncounted_streams(roster)
            if stream != workspace.organisation_stream
        }
    return withholding.withhold(unit.connection, begins, writers)
