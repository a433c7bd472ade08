"""A colleague's laptop with a program of its own making: signs and seals as it should, and says what it likes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from core.changes import cbor
from core.changes.naming import change_id
from core.crypto.container import seal
from core.crypto.derive import sha256
from core.crypto.signing import SigningKey
from core.foundation.ids import StreamId
from core.services.exchange import me_of
from core.services.roster import epochs_of, writing_epoch
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine import epochs
from core.sync.engine.envelope import name_of, seal_segment_file
from core.sync.engine.segment import Place, _section_context, read_segment, tag_of
from tests.support.mutations import canonical


class Rogue:
    """Goes on where a laptop's chain stands. Its files are written into a folder by whoever has it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        with VaultMailbox(workspace.store.engine).reading() as box:
            self.envelope = box.envelope_keys()
            self.heads = dict(box.heads())
        mine = self.heads.get(workspace.device)
        self.seq, self.previous = (mine.seq, mine.body_hash) if mine else (0, bytes(32))
        self.root_hash = me_of(workspace).root_hash
        self.signer = SigningKey.from_seed(workspace.keys.device_sign_seed)
        self.count = 0

    def file(self, content: bytes) -> tuple[str, bytes]:
        """Any content in an envelope: (name, bytes)."""
        data = seal_segment_file(content, self.envelope, self.workspace.keys.organisation)
        return name_of(data), data

    def segment(
        self, sections: Sequence[tuple[StreamId, list[Any]]], grants: Sequence[bytes] = ()
    ) -> tuple[str, bytes]:
        """A good segment whose sections say what is given: per section a stream and its changes in wire form."""
        keys = self.workspace.keys
        seq, made = self.seq + 1, []
        for index, (stream, changes) in enumerate(sections):
            key = writing_epoch(epochs_of(self.workspace, stream))
            assert key.key is not None
            nonce = sha256(bytes([index]) + seq.to_bytes(8, "big"))[:16]
            plain = canonical([stream, key.header.number, [key.header_hash], changes])
            place = Place(keys.organisation, self.signer.public, seq, self.previous)
            context = _section_context(place, index, nonce)
            sealed = seal(epochs.section_key(key.key), zlib.compress(plain), context=context)
            made.append([nonce, tag_of(epochs.tag_key(key.key), nonce), sealed])
        seen = [[d, head.seq, head.body_hash] for d, head in sorted(self.heads.items()) if d != self.workspace.device]
        body = cbor.encode(
            [
                1, keys.organisation, self.workspace.device, seq, self.previous, 1 << 16,
                [1, self.root_hash, bytes(32)], seen, made, list(grants),
            ]
        )  # fmt: skip
        content = cbor.encode([body, self.signer.sign("seg", body)])
        self.seq, self.previous = seq, read_segment(content).hash
        return self.file(content)

    def change(self, stream: StreamId, ops: list[Any]) -> list[Any]:
        """A change with a good number around ops in wire form, good or not."""
        self.count += 1
        hlc = self.workspace.store.clock().last + self.count
        name = change_id(self.workspace.user, stream, hlc, self.count.to_bytes(4, "big"))
        return [name, hlc, self.workspace.user, "rogue", ops]
