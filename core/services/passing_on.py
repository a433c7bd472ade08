"""Keys renewed on two laptops of one person at once: those of one count, and the other hands on what only its own open.

Otherwise whatever colleagues gave to the keys that do not count, in the days before they heard of the others, would
stay shut to its owner. What lies under outer keys made since is put into the folder once more, under the oldest outer
key, which everybody has: also where neither counts, or one would hear nothing of what the other and the rest said
since.
"""

from __future__ import annotations

from core.crypto.derive import sha256
from core.foundation.errors import EncodingRejected, EnvelopeRejected, FolderUnreachable, SharedFolderError
from core.foundation.ports import CancelToken, SharedStore
from core.services.new_keys import grant_all, newer_record
from core.services.own_keys import own_keys
from core.services.roster import roster_of, user_record_of
from core.services.workspace import Workspace
from core.store import keyring, meta, resting
from core.store.mailbox import VaultMailbox
from core.sync.engine.entry import Entry
from core.sync.engine.envelope import in_order, name_of, open_segment_file, seal_segment_file
from core.sync.engine.leaving import EnvelopeKeyEntry, NewKeys
from core.sync.engine.records import UserRecord
from core.sync.listing import ROOT, month_of
from core.sync.ports import APPLIED, PUBLISHED, WITHHELD

PASSED_ON = "keys-passed-on"
"""Whose keys were handed what: their record, and a hash of the epochs."""
NEVER = 2**62


def pass_on(workspace: Workspace, shared: SharedStore, *, cancel: CancelToken) -> bool:
    """After an exchange. Returns whether something was handed on, which then waits to be sent.

    Raises:
        FolderUnreachable, Cancelled: it is done with the next exchange.
    """
    rivals = _rivals(workspace)
    if not rivals:
        return False
    newest = newer_record(workspace)
    to = newest if newest is not None and newest.hash in rivals else None
    with workspace.store.reading() as connection:
        told = meta.read(connection, PASSED_ON) or b""
        held = sorted(row.header_hash for row in keyring.epochs(connection) if row.key is not None)
        if resting.sealed_streams(connection) and not resting.is_open(connection):
            return False  # until the person opens their private interviews here
    those = sha256(b"".join(sorted(rivals)))
    state = those + (sha256(to.hash + b"".join(held)) if to is not None else b"")
    if told == state or not (told.startswith(those) or _send_again(workspace, shared, cancel)):
        return False
    if to is not None:
        grant_all(workspace, to, elsewhere=True)
    with workspace.store.unit("pass-on") as (unit, _):
        meta.write(unit.connection, PASSED_ON, state)
    return to is not None


def _rivals(workspace: Workspace) -> frozenset[bytes]:
    """The keys made for this person that neither led to this laptop's own nor came of them."""
    mine = user_record_of(own_keys(workspace))
    known = {record.hash: record for record in roster_of(workspace).standing.records_of(workspace.user)}
    known[mine.hash] = mine

    def ancestors(of: UserRecord) -> set[bytes]:
        found: set[bytes] = set()
        while of.hash not in found:
            found.add(of.hash)
            of = known.get(of.previous, of)
        return found

    before = ancestors(mine)
    return frozenset(
        name for name, record in known.items() if name not in before and mine.hash not in ancestors(record)
    )


def _send_again(workspace: Workspace, shared: SharedStore, cancel: CancelToken) -> bool:
    """Whatever lies under an outer key made since this laptop renewed its keys, once more under the oldest one. Returns
    whether the folder took all of it."""
    organisation, month = workspace.keys.organisation, month_of(workspace.parts.clock.now())
    since = _first_outer_key(workspace)
    with VaultMailbox(workspace.store.engine).reading() as box:
        keys = in_order(box.envelope_keys())
        files = box.names_in([PUBLISHED, APPLIED, WITHHELD])
    newer = [item for item in keys if item[0] >= since]
    for name in files if newer else ():
        cancel.check()
        with VaultMailbox(workspace.store.engine).reading() as box:
            data = box.file(name)
        try:
            again = seal_segment_file(open_segment_file(data or b"", newer, organisation), keys[-1:], organisation)
            shared.put_if_absent(f"{ROOT}/{month}/{name_of(again)}", again)
        except (EnvelopeRejected, EncodingRejected):
            continue  # under a key everybody had
        except FolderUnreachable:
            raise
        except SharedFolderError:
            return False
    return True


def _first_outer_key(workspace: Workspace) -> int:
    """The number of the first outer key that came after the keys of this laptop."""
    roster, mine = roster_of(workspace), user_record_of(own_keys(workspace)).hash
    renewed = [entry for entry in roster.standing.new_keys.get(workspace.user, ()) if _record_in(entry) == mine]
    later = [
        entry.said.number
        for entry in roster.entries
        if isinstance(entry.said, EnvelopeKeyEntry) and any(entry.follows(one) for one in renewed)
    ]
    return min(later, default=NEVER)


def _record_in(entry: Entry) -> bytes:
    return entry.said.record.hash if isinstance(entry.said, NewKeys) else b""
