"""One good example of everything that is read from outside, and how the program reads it.

Keys and ids are fixed, so that a known-answer file made today opens for ever. `inside` is what lies within seals, where
there are any: the fuzzer changes it and seals it again, so that it reaches the reading behind the seal.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.changes import cbor
from core.changes.change import Change, Op, OpKind
from core.changes.change import decode as decode_change
from core.changes.change import encode as encode_change
from core.changes.change import to_wire as change_wire
from core.changes.naming import change_id, check_names, record_id
from core.crypto.container import seal
from core.crypto.derive import sha256
from core.crypto.kdf import KdfCost, derive_key
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey, wrap
from core.foundation.errors import EnvelopeRejected
from core.foundation.ids import DeviceId, OrganisationId, RecordId, StreamId, UserId
from core.sync import checking_keys
from core.sync.engine import boot, epochs, invitation, pairing, recovery, roster
from core.sync.engine.envelope import (
    open_invited_file,
    open_segment_file,
    padded_size,
    seal_boot_file,
    seal_invited_file,
    seal_segment_file,
)
from core.sync.engine.epochs import EpochKey, Membership, StreamRole, StreamType
from core.sync.engine.farewell import Farewell, read_farewell
from core.sync.engine.segment import (
    CERTIFICATE,
    Head,
    Place,
    RosterMark,
    Section,
    SectionContent,
    _grant_info,
    _section_context,
    certificate_content,
    check_signature,
    labelled,
    make_segment,
    open_section,
    read_segment,
    seal_section,
    try_grant,
)
from core.vault import keyslot

ORGANISATION = OrganisationId(b"an-organisation!")
ANA, BEN, DEV = (UserId(name.ljust(16, b".")) for name in (b"ana", b"ben", b"dev"))
LAPTOP, OTHER = DeviceId(b"ana's laptop...."), DeviceId(b"ben's laptop....")
STREAM = StreamId(b"a stream of ours")
K_ENV, SEK, OLD_SEK = (SecretBytes(bytes([number]) * 32) for number in (1, 2, 3))
INVITATION_KEY = SecretBytes(bytes(range(16)))
SIGNER, DEVICE_SIGNER, JOINER_SIGNER, JOINER_DEVICE = (
    SigningKey.from_seed(SecretBytes(bytes([number]) * 32)) for number in (4, 5, 6, 7)
)
WRAP, JOINER_WRAP = (WrapPrivateKey.from_seed(SecretBytes(bytes([number]) * 32)) for number in (8, 9))
ENVELOPE = [(1, K_ENV)]
PASSPHRASE = "gravel minnow bazaar tundra plume"
SALT = bytes(range(100, 116))
LEAST_COST = KdfCost(64, 1, 4)
"""Costs next to nothing: what is tried here is the reading, not the stretching."""

ROOT = roster.Root(ORGANISATION, 1, bytes(32), ((ANA, SIGNER.public),), 1)
RECORD = roster.make_user_record(user=ANA, signer=SIGNER, wrap_public=WRAP.public)
JOINER = roster.make_user_record(user=BEN, signer=JOINER_SIGNER, wrap_public=JOINER_WRAP.public)
CERTIFICATE_OF_ANA = roster.make_device_certificate(
    organisation=ORGANISATION, user=ANA, user_signer=SIGNER, device=LAPTOP, device_signer=DEVICE_SIGNER
)
CERTIFICATE_OF_BEN = roster.make_device_certificate(
    organisation=ORGANISATION, user=BEN, user_signer=JOINER_SIGNER, device=OTHER, device_signer=JOINER_DEVICE
)
FURTHER = roster.make_device_certificate(
    organisation=ORGANISATION, user=ANA, user_signer=SIGNER, device=roster.laptop_number(JOINER_DEVICE.public),
    device_signer=JOINER_DEVICE,
)  # fmt: skip
ADMISSION = roster.Admission(JOINER, CERTIFICATE_OF_BEN, "officer")
PLACE = Place(ORGANISATION, DEVICE_SIGNER.public, 7, bytes(range(32)))
MEMBERS = (Membership(ANA, 0, StreamRole.LEAD), Membership(BEN, 0, StreamRole.WRITE))
FIRST = epochs.first_header(
    stream=STREAM, kind=StreamType.CASE, members=MEMBERS, key=OLD_SEK, conflicted=frozenset({DEV}), reason="opened"
)
OLD_KEY = EpochKey(STREAM, 1, epochs.hash_of(FIRST), OLD_SEK)
EARLIER = bytes.fromhex(
    "a9c2192f2c7d97832374881fdd5952aeca9113c6b23b10fff750ade7024add5e0e15fca7d6135b15707c07eacefc8115"
    "3989e6136e29af5409d4870e3f4870ba065a7fca0d79cdb7f4fa704e96c44630097753ca1acac770a14702b08852afa8"
    "6ecbe7ed089cfc601e98eeb5b59087e1121b23940ea20a290751ae64ba47c6343d7907120deb2c3ce1cfb068a6462a"
)
"""Sealed once: a seal is another every time, and this one is in a header that known answers name by its hash."""
SECOND = replace(
    epochs.following_header(
        organisation=ORGANISATION, parents=[FIRST], members=MEMBERS, key=SEK, earlier=[], reason="somebody came"
    ),
    earlier=EARLIER,
)
KEY = EpochKey(STREAM, 2, epochs.hash_of(SECOND), SEK)
CASE = record_id(STREAM, "case", b"1234567")
HLC = 1_790_000_000_000 << 16
CHANGE = Change(
    change_id(ANA, STREAM, HLC, b"abcd"), HLC, ANA, "log-report",
    (
        Op(OpKind.EPOCH, RecordId(STREAM), "epoch", "", epochs.to_wire(SECOND)),
        Op(OpKind.SET, CASE, "case", "summary", "Shouting on the stairs", (b"o" * 18,)),
        Op(OpKind.ADD, CASE, "case", "handling", "harassment"),
        Op(OpKind.TOMBSTONE, CASE, "case", "", [b"o" * 18], ()),
    ),
)  # fmt: skip
NONCE = bytes(range(16))
KEYS_OF_GROUP = recovery.keys_of_seed(SecretBytes(b"g" * 32))
GROUP = recovery.make_group(
    organisation=ORGANISATION, group=b"a-recovery-group", edition=1, name="Safe at the office",
    holders=[recovery.Holder("Chairperson", ANA), recovery.Holder("Solicitor"), recovery.Holder("Finance", BEN)],
    keys=KEYS_OF_GROUP, boot_key=SecretBytes(b"b" * 16), counted=[(LAPTOP, 4)],
)  # fmt: skip
GROUPS = {GROUP.mark: GROUP}
SHEET = boot.sheet_of(GROUP, ROOT.hash)
INVITED = invitation.Invitation(
    ORGANISATION, ROOT.hash, INVITATION_KEY, "officer", "Shared drive", 1_790_000_000_000, RECORD.hash
)
REQUEST = invitation.JoiningRequest(JOINER, CERTIFICATE_OF_BEN, "Ben Okafor", "BO", "Officer")
ENTRIES: tuple[tuple[int, bytes], ...] = (
    (roster.ROOT, cbor.encode(ROOT.wire())),
    (roster.ADMIT, cbor.encode(roster.Admission(RECORD, CERTIFICATE_OF_ANA, "administrator").wire())),
    (roster.DEVICE, cbor.encode(roster.device_wire(FURTHER))),
)
PAIRING = pairing.make_request(
    signer=JOINER_DEVICE, wrap_public=JOINER_WRAP.public, expires_at_ms=1_790_000_000_000, name="Blue laptop"
)
SEEDS = pairing.UserSeeds(0, SecretBytes(bytes([4]) * 32), SecretBytes(bytes([8]) * 32))
PAIRED = pairing.PairingContent(
    ORGANISATION, ROOT.hash, RECORD, (SEEDS,), ENTRIES, ((1, K_ENV),), STREAM, (OLD_KEY,), StreamId(b"personal stream.")
)


@dataclass(frozen=True)
class Specimen:
    """`inside`: what `reads` takes and seals again where it must. `whole`: the bytes as they lie in a file."""

    name: str
    inside: bytes
    reads: Callable[[bytes], Any]
    whole: bytes = b""
    opens: Callable[[bytes], Any] | None = None
    is_text: bool = False


def _value(inside: bytes) -> object:
    return cbor.decode(inside, max_bytes=1 << 24)


def _section(inside: bytes) -> Section:
    sealed = seal(epochs.section_key(SEK), zlib.compress(inside, 6), context=_section_context(PLACE, 0, NONCE))
    return Section(NONCE, bytes(12), sealed)


def _open_section(data: bytes) -> SectionContent:
    return open_section(Section(NONCE, bytes(12), data), key=KEY, place=PLACE, index=0)


def _grant(wrapped: bytes) -> EpochKey | None:
    return try_grant(wrapped, private=JOINER_WRAP, place=PLACE, recipient=BEN, user_epoch=0)


def _our_grant(wrapped: bytes) -> EpochKey:
    key = _grant(wrapped)
    if key is None:
        raise EnvelopeRejected()
    return key


def _wrapped(inside: bytes) -> bytes:
    return wrap(JOINER_WRAP.public, inside, info=_grant_info(PLACE, BEN, 0))


def _segment(content: bytes) -> Any:
    read = read_segment(content)
    check_signature(read, DEVICE_SIGNER.public)
    return read


def _resigned(body: bytes) -> bytes:
    return cbor.encode([body, DEVICE_SIGNER.sign("seg", body)])


def _header(value: object) -> Any:
    header = epochs.from_wire(value)
    epochs.check_header(header, author=ANA, parents={OLD_KEY.header_hash: FIRST})
    epochs.check_key(header, SEK)
    return epochs.earlier_keys(header, SEK, organisation=ORGANISATION)


def _earlier(inside: bytes) -> Any:
    context = epochs._earlier_context(ORGANISATION, STREAM, 2, SECOND.commitment)
    sealed = seal(epochs.expand(SEK, "cwf1/prev"), inside, context=context)
    return epochs.earlier_keys(replace(SECOND, earlier=sealed), SEK, organisation=ORGANISATION)


def _device(value: object) -> Any:
    return roster.read_further_laptop(roster.device_part(value), organisation=ORGANISATION, owner=RECORD)


def _certificate_file(content: bytes) -> Any:
    found = labelled(content)
    if found is None:
        return read_segment(content)
    label, parts = found
    if label != CERTIFICATE:
        return label
    (certificate,) = parts if len(parts) == 1 else (None,)
    return roster.read_further_laptop(certificate, organisation=ORGANISATION, owner=RECORD)


def _replay(inside: bytes) -> Any:
    """Roster entries one after another, as a joiner reads them out of an admission."""
    read = invitation.read_entries(_value(inside), ORGANISATION)
    kept = [pairing._Entry(kind, value) for kind, value in read]
    return roster.Roster.assemble(ORGANISATION, ROOT.hash, kept)


def _answer_to_joiner(inside: bytes) -> bytes:
    wrapped = wrap(JOINER.wrap_public, inside, info=invitation._info(ORGANISATION, BEN))
    signature = SIGNER.sign("admission", cbor.encode([ORGANISATION, BEN, wrapped]))
    return seal_invited_file(cbor.encode([BEN, wrapped, signature]), INVITATION_KEY, "admission")


def _open_admission(data: bytes) -> Any:
    return invitation.open_admission(data, INVITED, joiner=BEN, private=JOINER_WRAP)


def _pair_answer(inside: bytes) -> bytes:
    wrapped = wrap(PAIRING.wrap_public, inside, info=pairing._info(PAIRING.public))
    return seal_invited_file(wrapped, INVITATION_KEY, "pair-answer")


def _open_answer(data: bytes) -> Any:
    return pairing.open_answer(data, key=INVITATION_KEY, private=JOINER_WRAP, device_public=PAIRING.public)


def _capsule(inside: bytes) -> bytes:
    wrapped = wrap(GROUP.wrap_public, inside, info=boot._info(GROUP.mark))
    return seal_boot_file(cbor.encode([boot.CAPSULE, GROUP.mark, wrapped]), GROUP.boot_key)


def _open_capsule(data: bytes) -> Any:
    return boot.open_capsule(data, SHEET, KEYS_OF_GROUP.wrap)


def _open_keyslot(data: bytes) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / keyslot.KEYSLOT_NAME).write_bytes(data)
        return keyslot.open_keyslot(Path(folder), PASSPHRASE)


def _open_checking(data: bytes) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "keys").write_bytes(data)
        return checking_keys.as_verify_keys(checking_keys.read_checking_keys(Path(folder) / "keys", PASSPHRASE))


def _under_passphrase(magic: str, context: str) -> Callable[[bytes], bytes]:
    def sealed(inside: bytes) -> bytes:
        cost = [LEAST_COST.memory_kib, LEAST_COST.passes, LEAST_COST.lanes, SALT]
        key = derive_key(PASSPHRASE, salt=SALT, cost=LEAST_COST)
        head = [magic, 1, cost, seal(key, inside, context=cbor.encode([context, 1, cost]))]
        return cbor.encode([*head, sha256(cbor.encode(head))])

    return sealed


_keyslot_file = _under_passphrase(keyslot.MAGIC, "cwf1/idwrap")
_checking_file = _under_passphrase(checking_keys.MAGIC, "cwf1/check")


def _padded(content: bytes) -> bytes:
    plain = len(content).to_bytes(4, "big") + content
    return plain + bytes(padded_size(len(plain)) - len(plain))


def _envelope(plain: bytes) -> bytes:
    return seal(K_ENV, plain, context=cbor.encode(["cwf1/env", ORGANISATION, 1]))


def _open_envelope(data: bytes) -> bytes:
    return open_segment_file(data, ENVELOPE, ORGANISATION)


def specimens() -> list[Specimen]:
    """All of them."""
    content, _ = make_segment(
        place=PLACE, device=LAPTOP, hlc=HLC, mark=RosterMark(1, ROOT.hash, bytes(32)), seen=[Head(OTHER, 3, b"h" * 32)],
        sections=[seal_section(SectionContent(STREAM, 2, (KEY.header_hash,), (CHANGE,)), key=SEK,
                               tag_key=epochs.tag_key(SEK), place=PLACE, index=0, nonce=NONCE)],
        grants=[_wrapped(cbor.encode([STREAM, 2, KEY.header_hash, SEK.reveal()]))], signer=DEVICE_SIGNER,
    )  # fmt: skip
    body = read_segment(content).body
    section = cbor.encode([STREAM, 2, [KEY.header_hash], [change_wire(CHANGE)]])
    grant = cbor.encode([STREAM, 2, KEY.header_hash, SEK.reveal()])
    request = cbor.encode(
        {1: REQUEST.record.wire(), 2: REQUEST.certificate.wire(), 3: "Ben Okafor", 4: "BO", 5: "Officer"}
    )
    admitted = cbor.encode(
        {
            1: RECORD.wire(), 2: [list(entry) for entry in ENTRIES], 3: [[1, K_ENV.reveal()]], 4: STREAM,
            5: [[1, OLD_KEY.header_hash, OLD_SEK.reveal()]],
        }
    )  # fmt: skip
    paired = cbor.encode(
        {
            1: ORGANISATION, 2: ROOT.hash, 3: RECORD.wire(), 4: [[0, bytes([4]) * 32, bytes([8]) * 32]],
            5: [list(entry) for entry in ENTRIES], 6: [[1, K_ENV.reveal()]], 7: STREAM,
            8: [[1, OLD_KEY.header_hash, OLD_SEK.reveal()]], 9: b"personal stream.",
        }
    )  # fmt: skip
    capsule = cbor.encode(
        {
            1: ORGANISATION, 2: ROOT.hash, 3: STREAM, 4: [[1, K_ENV.reveal()]], 5: GROUP.mark,
            6: [list(entry) for entry in ENTRIES], 7: [[1, OLD_KEY.header_hash, OLD_SEK.reveal()]], 8: 1,
        }
    )  # fmt: skip
    slot = cbor.encode(
        {1: b"v" * 32, 2: b"s" * 16, 3: b"u" * 32, 4: b"w" * 32, 5: b"d" * 32, 6: ORGANISATION, 7: ANA, 8: LAPTOP}
    )
    checking = cbor.encode(
        {
            1: ORGANISATION, 2: ROOT.hash, 3: [[1, K_ENV.reveal()]], 4: STREAM,
            5: [[1, OLD_KEY.header_hash, OLD_SEK.reveal()]], 6: [list(entry) for entry in ENTRIES],
        }
    )  # fmt: skip
    proof = cbor.encode(
        recovery.make_proof(KEYS_OF_GROUP, organisation=ORGANISATION, mark=GROUP.mark, header_hash=KEY.header_hash)
    )
    returned = cbor.encode(
        recovery.make_return(KEYS_OF_GROUP, organisation=ORGANISATION, mark=GROUP.mark, admission=ADMISSION.wire())
    )
    certificate = certificate_content(FURTHER)
    return [
        Specimen("envelope", _padded(b"content"), lambda plain: _open_envelope(_envelope(plain)),
                 seal_segment_file(b"content", ENVELOPE, ORGANISATION), _open_envelope),
        Specimen("segment", body, lambda inside: _segment(_resigned(inside)),
                 seal_segment_file(content, ENVELOPE, ORGANISATION), lambda data: _segment(_open_envelope(data))),
        Specimen("segment content", content, _segment, content, _segment),
        Specimen("section", section, lambda inside: _open_section(_section(inside).sealed), _section(section).sealed,
                 _open_section),
        Specimen("change", encode_change(CHANGE), lambda inside: check_names(decode_change(inside), STREAM),
                 encode_change(CHANGE), lambda data: check_names(decode_change(data), STREAM)),
        Specimen("grant", grant, lambda inside: _grant(_wrapped(inside)), _wrapped(grant), _our_grant),
        Specimen("epoch header", epochs.encode(SECOND), lambda inside: _header(_value(inside)), epochs.encode(SECOND),
                 lambda data: _header(_value(data))),
        Specimen("earlier keys", cbor.encode([[1, OLD_KEY.header_hash, OLD_SEK.reveal()]]), _earlier),
        Specimen("farewell", cbor.encode(Farewell(frozenset({BEN}), KEY.header_hash, OLD_KEY.header_hash).wire()),
                 lambda inside: read_farewell(_value(inside))),
        Specimen("root", cbor.encode(ROOT.wire()), lambda inside: roster.read_root(_value(inside), ORGANISATION),
                 cbor.encode(ROOT.wire()), lambda data: roster.read_root(_value(data), ORGANISATION)),
        Specimen("roster admission", cbor.encode(ADMISSION.wire()),
                 lambda inside: roster.read_admission(_value(inside), ORGANISATION), cbor.encode(ADMISSION.wire()),
                 lambda data: roster.read_admission(_value(data), ORGANISATION)),
        Specimen("roster laptop", ENTRIES[2][1], lambda inside: _device(_value(inside)), ENTRIES[2][1],
                 lambda data: _device(_value(data))),
        Specimen("roster replay", cbor.encode([list(entry) for entry in ENTRIES]), _replay),
        Specimen("certificate", certificate, _certificate_file,
                 seal_segment_file(certificate, ENVELOPE, ORGANISATION),
                 lambda data: _certificate_file(_open_envelope(data))),
        Specimen("recovery group", cbor.encode(GROUP.wire()),
                 lambda inside: recovery.read_group(_value(inside), ORGANISATION), cbor.encode(GROUP.wire()),
                 lambda data: recovery.read_group(_value(data), ORGANISATION)),
        Specimen("recovery wrap", cbor.encode(recovery.wrapped_wire(GROUP.mark, KEY.header_hash)),
                 lambda inside: recovery.read_wrapped(_value(inside))),
        Specimen("recovery proof", proof,
                 lambda inside: recovery.read_proof(_value(inside), organisation=ORGANISATION, groups=GROUPS), proof,
                 lambda data: recovery.read_proof(_value(data), organisation=ORGANISATION, groups=GROUPS)),
        Specimen("recovery return", returned,
                 lambda inside: recovery.read_return(_value(inside), organisation=ORGANISATION, groups=GROUPS)),
        Specimen("request", request,
                 lambda inside: invitation.open_request(
                     seal_invited_file(inside, INVITATION_KEY, "request"), INVITATION_KEY, ORGANISATION),
                 invitation.seal_request(REQUEST, INVITATION_KEY),
                 lambda data: invitation.open_request(data, INVITATION_KEY, ORGANISATION)),
        Specimen("admission", admitted, lambda inside: _open_admission(_answer_to_joiner(inside)),
                 _answer_to_joiner(admitted), _open_admission),
        Specimen("pairing request", PAIRING.wire,
                 lambda inside: pairing.read_request(
                     seal_invited_file(inside, INVITATION_KEY, "pair-request"), INVITATION_KEY),
                 pairing.seal_request(PAIRING, INVITATION_KEY),
                 lambda data: pairing.read_request(data, INVITATION_KEY)),
        Specimen("pairing answer", paired, lambda inside: _open_answer(_pair_answer(inside)), _pair_answer(paired),
                 _open_answer),
        Specimen("capsule", capsule, lambda inside: _open_capsule(_capsule(inside)), _capsule(capsule), _open_capsule),
        Specimen("key file", slot, lambda inside: _open_keyslot(_keyslot_file(inside)), _keyslot_file(slot),
                 _open_keyslot),
        Specimen("checking keys", checking, lambda inside: _open_checking(_checking_file(inside)),
                 _checking_file(checking), _open_checking),
        Specimen("invitation", invitation.to_text(INVITED).encode(),
                 lambda data: invitation.from_text(data.decode("utf-8", "surrogateescape")),
                 invitation.to_text(INVITED).encode(), lambda data: invitation.from_text(data.decode()), is_text=True),
        Specimen("pairing code", pairing.code_of(PAIRING, INVITATION_KEY).encode(),
                 lambda data: pairing.read_code(data.decode("utf-8", "surrogateescape")),
                 pairing.code_of(PAIRING, INVITATION_KEY).encode(), lambda data: pairing.read_code(data.decode()),
                 is_text=True),
        Specimen("organisation sheet", boot.sheet_words(SHEET).encode(),
                 lambda data: boot.read_sheet(data.decode("utf-8", "surrogateescape")),
                 boot.sheet_words(SHEET).encode(), lambda data: boot.read_sheet(data.decode()), is_text=True),
    ]  # fmt: skip


def open_invited(data: bytes, purpose: str) -> bytes:
    """What an invited file holds."""
    return open_invited_file(data, INVITATION_KEY, purpose)
