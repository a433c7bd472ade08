"""Who is exchanging, and with which private keys."""

from __future__ import annotations

from dataclasses import dataclass

from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.ids import DeviceId, OrganisationId, StreamId, UserId


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
