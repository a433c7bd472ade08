"""From a passphrase to a key: Argon2id version 1.3 (RFC 9106), CWF/1 section 2.1."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, HeaderDamaged, UnsupportedMachine

KEY_BYTES = 32
SALT_BYTES = 16
FLOOR_MEMORY_KIB = 64 * 1024
CEILING_MEMORY_KIB = 1024 * 1024
CEILING_PASSES = 10
CEILING_LANES = 16


@dataclass(frozen=True, slots=True)
class KdfCost:
    """How much work one guess of the passphrase costs.

    The numbers come from a file, so a number outside the ceilings is a damaged or hostile file
    that would freeze the laptop: such a value cannot be made.

    Raises:
        HeaderDamaged: more than 1 GiB, 10 passes or 16 lanes, or less than Argon2id is defined for.
    """

    memory_kib: int
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        if not all(type(number) is int for number in (self.memory_kib, self.passes, self.lanes)):
            raise HeaderDamaged()
        in_range = (
            1 <= self.lanes <= CEILING_LANES
            and 1 <= self.passes <= CEILING_PASSES
            and 8 * self.lanes <= self.memory_kib <= CEILING_MEMORY_KIB
        )
        if not in_range:
            raise HeaderDamaged()


DEFAULT_COST = KdfCost(memory_kib=256 * 1024)


def require_floor(cost: KdfCost) -> None:
    """Refuse a cost too low to protect a real workbook. Call it when a passphrase is set.

    Reading does not call this: a cost changed in the file gives another key and opens nothing.

    Raises:
        BugError: below 64 MiB or 3 passes (the second choice of RFC 9106, section 4).
    """
    if cost.memory_kib < FLOOR_MEMORY_KIB or cost.passes < 3:
        raise BugError(rule="a passphrase is stretched with at least 64 MiB and 3 passes")


def derive_key(passphrase: str, *, salt: bytes, cost: KdfCost) -> SecretBytes:
    """A 32-byte key from `passphrase`, the same on every keyboard (NFKC, then UTF-8).

    Slow on purpose (about a second); releases the interpreter meanwhile, so run it off the
    window's thread.

    Raises:
        HeaderDamaged: the salt is not 16 bytes.
        UnsupportedMachine: there is not enough free memory for `cost`.
    """
    if len(salt) != SALT_BYTES:
        raise HeaderDamaged()
    # Lone surrogates cannot be typed but can be pasted; they must not crash the unlock window.
    typed = bytearray(unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass"))
    derived = bytearray(KEY_BYTES)
    try:
        Argon2id(
            salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        ).derive_into(bytes(typed), derived)
        return SecretBytes(derived)
    except MemoryError as error:
        raise UnsupportedMachine(
            reason="there is not enough free memory to check a passphrase",
            next_step="Close some other programs and try again.",
        ) from error
    finally:
        typed[:] = bytes(len(typed))
        derived[:] = bytes(KEY_BYTES)
