"""Who is exchanging, and with which private keys."""

from __future__ import annotations

from dataclasses import dataclass

from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.ids import DeviceId, OrganisationId, StreamId, UserId


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody grants are wrapped to, and the private key that opens them."""

    user: UserId
    user_epoch: int
    private: WrapPrivateKey


@dataclass(frozen=True, slots=True)
class Me:
    """This person on this laptop, in this organisation."""

    organisation: OrganisationId
    organisation_stream: StreamId
    root_hash: bytes
    user: UserId
    user_epoch: int
    device: DeviceId
    signer: SigningKey
    wrap_private: WrapPrivateKey
    further: tuple[Recipient, ...] = ()
    """Other keys that open grants here: a recovery group's, in a workbook made from its sheets."""

    writes: bool = True
    """Whether anybody takes what this laptop signs: not in a workbook out of recovery sheets, before it is let in."""

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody whose grants open here."""
        return (Recipient(self.user, self.user_epoch, self.wrap_private), *self.further)
