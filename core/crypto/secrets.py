"""A holder for key bytes that does not print, pickle, hash or compare carelessly."""

from __future__ import annotations

import hmac
from typing import NoReturn

from core.foundation.errors import BugError, VaultLocked


class SecretBytes:
    """Secret bytes. Ask `reveal()` for them at the moment of use and keep nothing.

    `wipe()` overwrites this holder's own copy. It cannot reach copies that Python or a library
    made on the way, so it shortens how long a key lies in memory and promises no more than that.
    """

    __slots__ = ("_held", "_wiped")
    __hash__ = None  # type: ignore[assignment]  # a hash of a key would leak it into dict layouts

    def __init__(self, value: bytes | bytearray) -> None:
        self._held = bytearray(value)
        self._wiped = False

    def reveal(self) -> bytes:
        """The bytes themselves.

        Raises:
            VaultLocked: they have been wiped.
        """
        if self._wiped:
            raise VaultLocked()
        return bytes(self._held)

    def wipe(self) -> None:
        """Overwrite the bytes with zeros; `reveal` refuses from now on. Repeatable."""
        for position in range(len(self._held)):
            self._held[position] = 0
        self._wiped = True

    def __len__(self) -> int:
        return len(self._held)

    def __eq__(self, other: object) -> bool:
        """Constant time in the content; a wiped secret equals nothing."""
        if not isinstance(other, SecretBytes):
            return NotImplemented
        same = hmac.compare_digest(self._held, other._held)
        return same and not self._wiped and not other._wiped

    def __repr__(self) -> str:
        return f"SecretBytes({len(self._held)} bytes, hidden)"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise BugError(rule="a key is never pickled or copied")
