"""What a person's keys can reach in a shared folder: the proof that a wall holds, worked out from the raw files.

It trusts no tag and no record of its own: every section is tried with every key, every grant is tried, and each
key found is tried again on everything, until nothing new opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.changes.change import OpKind
from core.foundation.errors import IntegrityError, PeerError, SharedFolderError
from core.foundation.ids import StreamId
from core.services.exchange import me_of
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine import epochs
from core.sync.engine.envelope import MAX_FILE_BYTES, open_segment_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.segment import (
    Place,
    SectionContent,
    Segment,
    labelled,
    open_section,
    place_of,
    read_segment,
    try_grant,
)
from core.sync.packing import PACK, segments_in
from core.sync.transports.folder import FolderTransport


@dataclass(frozen=True, slots=True)
class Reach:
    """How many sealed sections the folder holds, how many of them these keys open, and of which streams."""

    sections: int
    opened: int
    streams: frozenset[StreamId]

    @property
    def closed(self) -> int:
        """Sections that stay shut."""
        return self.sections - self.opened


def reach_of(workspace: Workspace, *, folder: Path) -> Reach:
    """Everything the keys in this vault could ever derive from a shared folder. Nothing is changed.

    Raises:
        FolderUnreachable: there is no such folder.
    """
    search = _Search(workspace, folder)
    while search.widen():
        pass
    return Reach(search.section_count, len(search.opened), frozenset(search.opened.values()))


class _Search:
    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._me = me_of(workspace)
        with VaultMailbox(workspace.store.engine).reading() as box:
            envelope = box.envelope_keys()
            self._keys = {
                row.header_hash: EpochKey(row.stream, row.number, row.header_hash, row.key)
                for row in box.epochs()
                if row.key is not None
            }
        certificates = [laptop.certificate for laptop in roster_of(workspace).devices.values()]
        publics = {certificate.device: certificate.public for certificate in certificates}
        self._segments: list[tuple[Segment, Place]] = []
        transport = FolderTransport(folder, randomness=workspace.parts.randomness)
        for info in transport.list("cwf1/"):
            try:
                data = transport.get(info.name, MAX_FILE_BYTES)
                content = open_segment_file(data, envelope, self._me.organisation)
                other = labelled(content)
                pack = [] if other is None or other[0] != PACK else [one for _, one in segments_in(other[1])]
                found = [read_segment(content)] if other is None else pack
            except (IntegrityError, SharedFolderError):
                continue
            for segment in found:
                if segment.device in publics:
                    self._segments.append((segment, place_of(segment, publics[segment.device])))
        self.opened: dict[tuple[bytes, int], StreamId] = {}

    @property
    def section_count(self) -> int:
        return sum(len(segment.sections) for segment, _ in self._segments)

    def widen(self) -> bool:
        """One more round with all keys known so far; False once a round finds nothing new."""
        before = len(self._keys) + len(self.opened)
        for segment, place in self._segments:
            for grant in segment.grants:
                key = self._granted(grant, place)
                if key is not None:
                    self._keys.setdefault(key.header_hash, key)
            for index in range(len(segment.sections)):
                content = self._try_every_key(segment, place, index)
                if content is not None:
                    self.opened[(segment.hash, index)] = content.stream
                    self._keys_inside(content)
        return len(self._keys) + len(self.opened) > before

    def _granted(self, grant: bytes, place: Place) -> EpochKey | None:
        me = self._me
        try:
            return try_grant(grant, private=me.wrap_private, place=place, recipient=me.user, user_epoch=me.user_epoch)
        except IntegrityError:
            return None

    def _try_every_key(self, segment: Segment, place: Place, index: int) -> SectionContent | None:
        for key in list(self._keys.values()):
            try:
                return open_section(segment.sections[index], key=key, place=place, index=index)
            except IntegrityError:
                continue
        return None

    def _keys_inside(self, content: SectionContent) -> None:
        for op in (op for change in content.changes for op in change.ops if op.kind == OpKind.EPOCH):
            try:
                header = epochs.from_wire(op.value)
                key = self._keys.get(epochs.hash_of(header))
                if key is not None:
                    for older in epochs.earlier_keys(header, key.key, organisation=self._me.organisation):
                        self._keys.setdefault(older.header_hash, older)
            except (IntegrityError, PeerError):
                continue
