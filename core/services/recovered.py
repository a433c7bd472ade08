"""What a workbook made from recovery sheets remembers of that, until it goes on as an ordinary one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.changes import cbor
from core.changes.hlc import from_ms
from core.crypto.secrets import SecretBytes
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import UserId
from core.store import meta
from core.store.recovery_wraps import Reading
from core.sync.engine.recovery import GroupKeys, keys_of_seed
from core.sync.identity import Recipient

RECOVERED = "recovered"
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recovery:
    """Which group's sheets were used, when, for whom, and what was missing. `seed` is empty once it was forgotten."""

    seed: SecretBytes = field(repr=False)
    group: bytes
    edition: int
    mark: bytes
    at: datetime
    name: str
    initials: str
    missing: tuple[str, ...]

    @property
    def keys(self) -> GroupKeys:
        """The group's keys, while they are remembered."""
        return keys_of_seed(self.seed)

    @property
    def recipient(self) -> Recipient:
        """The group as somebody grants are wrapped to."""
        return Recipient(UserId(self.group), self.edition, WrapPrivateKey.from_seed(self.seed))


def pack(made: Recovery, at_ms: int) -> bytes:
    """As the vault keeps it."""
    return cbor.encode(
        [
            made.seed.reveal(), made.group, made.edition, made.mark, at_ms, made.name, made.initials,
            list(made.missing),
        ]
    )  # fmt: skip


def recovery_in(connection: Reading) -> Recovery | None:
    """What is remembered; None in an ordinary workbook.

    Raises:
        VaultDamaged: what was kept is not such a thing.
    """
    packed = meta.read(connection, RECOVERED)
    if packed is None:
        return None
    try:
        match cbor.decode(packed, max_bytes=_MOST_BYTES):
            case [bytes(seed), bytes(group), int(edition), bytes(mark), int(at_ms), str(name), str(initials), missing]:
                told = tuple(str(item) for item in missing) if isinstance(missing, list) else ()
                return Recovery(SecretBytes(seed), group, edition, mark, from_ms(at_ms), name, initials, told)
    except EncodingRejected as error:
        raise VaultDamaged() from error
    raise VaultDamaged()
