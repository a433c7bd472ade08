"""What the organisation sheet opens: the way back in when every laptop is gone (keys-and-sync 2.2).

Organisation sheet: 38 bytes as 34 words of the list of recovery sheets: `K_boot (16) | H(root)[:11] |
H(wrap key)[:11]`, the first a key, the others to check the folder and the two share sheets against.
Capsule, a file in the shared folder like any other, under no K_env: the padded envelope under
`Expand(H("cwf1/boot" NUL K_boot), "cwf1/capsule")` of `CBOR ["cwf1/capsule", Wrap(group, CBOR ["cwf1/boot", mark],
CBOR {1: organisation, 2: root hash, 3: organisation stream, 4: [[number, K_env], ...], 5: mark, 6: [[kind, roster
entry], ...], 7: [[epoch number, header hash, SEK], ...] of the organisation's stream, 8: edition})]`. It takes two
share sheets and the organisation sheet to open it; what it says of the root is held against that sheet. As with an
admission, the roster in it only says whose signatures to check: everything is proven again from the first segment on.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.changes import cbor
from core.crypto import shares
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.wrap import WrapPrivateKey, unwrap, wrap
from core.foundation.errors import EncodingRejected, SegmentRejected
from core.foundation.ids import OrganisationId, StreamId
from core.sync.engine import shape
from core.sync.engine.envelope import open_boot_file, seal_boot_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.invitation import read_entries, read_envelope_keys, read_stream_key
from core.sync.engine.recovery import BOOT_KEY_BYTES, MARK_BYTES, RecoveryGroup

CHECK_BYTES = 11
SHEET_BYTES = shares.ORGANISATION_BYTES
CAPSULE = "cwf1/capsule"
_MAX_BYTES = 16 * 1024 * 1024
_MAX_KEYS = 4_096


@dataclass(frozen=True, slots=True)
class OrganisationSheet:
    """What the words of an organisation sheet say."""

    boot_key: SecretBytes
    root_check: bytes
    key_check: bytes


@dataclass(frozen=True, slots=True)
class Boot:
    """What a capsule holds."""

    organisation: OrganisationId
    root_hash: bytes
    organisation_stream: StreamId
    envelope_keys: tuple[tuple[int, SecretBytes], ...]
    mark: bytes
    entries: tuple[tuple[int, bytes], ...]
    stream_keys: tuple[EpochKey, ...]
    edition: int


def sheet_of(group: RecoveryGroup, root_hash: bytes) -> OrganisationSheet:
    """The organisation sheet of one edition of a group."""
    return OrganisationSheet(group.boot_key, sha256(root_hash)[:CHECK_BYTES], sha256(group.wrap_public)[:CHECK_BYTES])


def sheet_words(sheet: OrganisationSheet) -> str:
    """As it is printed: 34 words."""
    return shares.to_words(sheet.boot_key.reveal() + sheet.root_check + sheet.key_check)


def read_sheet(text: str) -> OrganisationSheet:
    """What was printed by `sheet_words`.

    Raises:
        SheetWordUnknown, SheetIncomplete, SheetMistyped, SheetOfAnotherKind.
    """
    data = shares.from_words(text, length=SHEET_BYTES)
    key, rest = data[:BOOT_KEY_BYTES], data[BOOT_KEY_BYTES:]
    return OrganisationSheet(SecretBytes(key), rest[:CHECK_BYTES], rest[CHECK_BYTES:])


def seal_capsule(boot: Boot, group: RecoveryGroup) -> bytes:
    """The file for the shared folder."""
    plain = cbor.encode(
        {
            1: boot.organisation, 2: boot.root_hash, 3: boot.organisation_stream,
            4: [[number, key.reveal()] for number, key in boot.envelope_keys],
            5: boot.mark,
            6: [[kind, value] for kind, value in boot.entries],
            7: [[item.number, item.header_hash, item.key.reveal()] for item in boot.stream_keys],
            8: boot.edition,
        }
    )  # fmt: skip
    wrapped = wrap(group.wrap_public, plain, info=_info(boot.mark))
    return seal_boot_file(cbor.encode([CAPSULE, boot.mark, wrapped]), group.boot_key)


def open_capsule(untrusted_file: bytes, sheet: OrganisationSheet, private: WrapPrivateKey) -> Boot:
    """What `seal_capsule` sealed, held against the organisation sheet.

    Raises:
        EnvelopeRejected: it is something else, or the sheets do not open it.
        EncodingRejected: it opens, and is no capsule.
        SegmentRejected: it speaks of another organisation than the sheet.
    """
    content = cbor.decode(open_boot_file(untrusted_file, sheet.boot_key), max_bytes=_MAX_BYTES)
    label, mark, wrapped = shape.sequence(content, 3, "a capsule")
    if label != CAPSULE:
        raise EncodingRejected(reason="a capsule lacks its label")
    mark = shape.exactly(mark, MARK_BYTES, "a recovery group")
    plain = unwrap(private, shape.raw(wrapped, "a capsule", at_most=_MAX_BYTES), info=_info(mark))
    parts = shape.mapping(cbor.decode(plain, max_bytes=_MAX_BYTES), "a capsule")
    if set(parts) != set(range(1, 9)):
        raise EncodingRejected(reason="a capsule lacks a part")
    organisation = OrganisationId(shape.identifier(parts[1], "an organisation id"))
    stream = StreamId(shape.identifier(parts[3], "a stream id"))
    boot = Boot(
        organisation, shape.digest(parts[2], "a root hash"), stream, read_envelope_keys(parts[4]),
        shape.exactly(parts[5], MARK_BYTES, "a recovery group"), read_entries(parts[6], organisation),
        tuple(read_stream_key(stream, item) for item in shape.items(parts[7], "keys", at_most=_MAX_KEYS)),
        shape.number(parts[8], "an edition", at_least=1, at_most=2**31),
    )  # fmt: skip
    if sha256(boot.root_hash)[:CHECK_BYTES] != sheet.root_check or boot.mark != mark:
        raise SegmentRejected(reason="it speaks of another organisation than the organisation sheet")
    return boot


def fits(sheet: OrganisationSheet, wrap_public: bytes) -> bool:
    """Whether two share sheets and an organisation sheet are of one edition."""
    return sha256(wrap_public)[:CHECK_BYTES] == sheet.key_check


def _info(mark: bytes) -> bytes:
    return cbor.encode(["cwf1/boot", mark])
