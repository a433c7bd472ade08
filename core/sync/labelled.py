"""Files under K_env that are no segments. Each begins with a label, and each label has one function here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.changes import cbor
from core.crypto.derive import sha256
from core.sync.engine import shape
from core.sync.engine.entries import ADMIT, DEVICE, device_wire, stored_device
from core.sync.engine.judging import read_laptop
from core.sync.engine.recovery import RETURNED_LABEL, stored_return
from core.sync.engine.roster import Roster
from core.sync.engine.segment import CERTIFICATE
from core.sync.identity import Me
from core.sync.packing import PACK, take_pack
from core.sync.ports import APPLIED, Box
from core.sync.recovering import announced_return


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """One such file as it arrived: its name, its bytes, what follows its label, and when."""

    name: str
    data: bytes
    parts: list[object]
    at_ms: int


def take_labelled(box: Box, me: Me, label: str, file: LabelledFile) -> bool:
    """Keep what a file says. False: of a kind this version does not know, or too early; it is looked at again.

    Raises:
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: it must not be used.
    """
    take = _TAKES.get(label)
    return take is not None and take(box, me, file)


def _take_certificate(box: Box, me: Me, file: LabelledFile) -> bool:
    """One more laptop of a known colleague: from now on its signatures can be checked. The log confirms it."""
    (certificate,) = shape.sequence(file.parts, 1, "a certificate")
    roster = Roster.assemble(me.organisation, me.root_hash, box.roster_entries())
    owner = roster.users.get(stored_device({1: certificate}).user)
    if owner is None:
        return False
    checked = read_laptop(roster, owner.record.user, certificate)
    roster.with_device(checked, origin=None, admitted=False)
    value = cbor.encode(device_wire(checked))
    box.announce_roster_entry(entry=sha256(value), kind=DEVICE, value=value)
    box.keep_file(file.name, APPLIED, file.data, at_ms=file.at_ms)
    return True


def _take_returned(box: Box, me: Me, file: LabelledFile) -> bool:
    """Somebody came back by recovery sheets: from now on their signatures can be checked. The log confirms it."""
    (value,) = shape.sequence(file.parts, 1, "an admission by recovery")
    roster = Roster.assemble(me.organisation, me.root_hash, box.roster_entries())
    if stored_return(value)[0] not in roster.groups:
        return False
    entry = cbor.encode(announced_return(value, roster, me.organisation).wire())
    box.announce_roster_entry(entry=sha256(entry), kind=ADMIT, value=entry)
    box.keep_file(file.name, APPLIED, file.data, at_ms=file.at_ms)
    return True


_TAKES: Mapping[str, Callable[[Box, Me, LabelledFile], bool]] = {
    CERTIFICATE: _take_certificate,
    RETURNED_LABEL: _take_returned,
    PACK: take_pack,
}
