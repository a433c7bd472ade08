"""Formats and rules of CWF/1: what is written is read back, and everything else is refused with a reason."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.changes import cbor
from core.changes.change import Change, Op, OpKind
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import (
    EncodingRejected,
    EnvelopeRejected,
    IntegrityError,
    KeyRejected,
    PeerError,
    SegmentRejected,
    SignatureRejected,
)
from core.foundation.ids import ChangeId, DeviceId, OrganisationId, RecordId, StreamId, UserId
from core.sync.engine import envelope, epochs, invitation, roster, segment
from core.sync.engine.epochs import EpochHeader, EpochKey, Membership, StreamRole, StreamType
from core.sync.engine.roster import Admission, Origin, Root, Roster
from core.sync.engine.segment import Head, Place, RosterMark, SectionContent

ORG = OrganisationId(b"o" * 16)
ANA, BEN, CAT = (UserId(letter * 16) for letter in (b"a", b"b", b"c"))
STREAM = StreamId(b"s" * 16)
LAPTOP, OTHER = DeviceId(b"1" * 16), DeviceId(b"2" * 16)
KEYS = ((1, SecretBytes(b"k" * 32)),)


def seed(letter: bytes) -> SecretBytes:
    return SecretBytes(letter * 32)


def person(user: UserId, device: DeviceId, role: str = "officer") -> Admission:
    letter = user[:1]
    signer = SigningKey.from_seed(seed(letter))
    record = roster.make_user_record(
        user=user, signer=signer, wrap_public=WrapPrivateKey.from_seed(seed(letter.upper())).public
    )
    certificate = roster.make_device_certificate(
        organisation=ORG, user=user, user_signer=signer, device=device,
        device_signer=SigningKey.from_seed(seed(device[:1])),
    )  # fmt: skip
    return Admission(record, certificate, role)


# ------------------------------------------------------------------ envelope


@given(st.binary(max_size=5_000))
def test_a_file_opens_to_what_was_sealed_and_its_size_says_little(content: bytes) -> None:
    data = envelope.seal_segment_file(content, KEYS, ORG)
    assert envelope.open_segment_file(data, KEYS, ORG) == content
    padded = envelope.padded_size(len(content) + 4)
    assert padded >= 1024 and padded <= max(1024, (len(content) + 4) * 1.13)
    assert padded.bit_count() <= padded.bit_length().bit_length() + 1


def test_a_file_opens_only_with_its_key_its_organisation_and_all_its_bytes() -> None:
    data = envelope.seal_segment_file(b"x" * 40_000, KEYS, ORG)
    wrong = [
        (data, ((1, SecretBytes(b"z" * 32)),), ORG), (data, ((2, KEYS[0][1]),), ORG),
        (data, KEYS, OrganisationId(b"p" * 16)),
        (data[:-1], KEYS, ORG), (data + b"\0", KEYS, ORG), (data[: 56 + 16 * 1024 + 16], KEYS, ORG), (b"", KEYS, ORG),
        (data[:100] + bytes([data[100] ^ 1]) + data[101:], KEYS, ORG),
    ]  # fmt: skip
    for untrusted, keys, organisation in wrong:
        with pytest.raises(EnvelopeRejected):
            envelope.open_segment_file(untrusted, keys, organisation)


def test_requests_and_admissions_open_only_as_what_they_are() -> None:
    key = SecretBytes(b"i" * 16)
    data = envelope.seal_invited_file(b"please", key, "request")
    assert envelope.open_invited_file(data, key, "request") == b"please"
    for other_key, purpose in ((key, "admission"), (SecretBytes(b"j" * 16), "request")):
        with pytest.raises(EnvelopeRejected):
            envelope.open_invited_file(data, other_key, purpose)


# ------------------------------------------------------------------ segments and sections


def change(number: int = 1, actor: UserId = ANA) -> Change:
    op = Op(OpKind.SET, RecordId(b"r" * 16), "case", "summary", "words")
    return Change(ChangeId(number.to_bytes(16, "big")), 5 << 16, actor, "test", (op,))


def made_segment(*, seq: int = 1, previous: bytes = bytes(32), key: EpochKey | None = None) -> tuple[bytes, Place]:
    signer = SigningKey.from_seed(seed(b"1"))
    place = Place(ORG, signer.public, seq, previous)
    key = key or EpochKey(STREAM, 1, bytes(32), SecretBytes(b"e" * 32))
    content = SectionContent(STREAM, key.number, (key.header_hash,), (change(),))
    section = segment.seal_section(
        content, key=key.key, tag_key=epochs.tag_key(key.key), place=place, index=0, nonce=b"n" * 16
    )
    data, _ = segment.make_segment(
        place=place, device=LAPTOP, hlc=5 << 16, mark=RosterMark(1, bytes(32), bytes(32)),
        seen=[Head(OTHER, 3, b"h" * 32)], sections=[section], grants=[], signer=signer,
    )  # fmt: skip
    return data, place


def test_a_segment_is_read_back_and_its_signature_covers_everything() -> None:
    data, place = made_segment()
    read = segment.read_segment(data)
    segment.check_signature(read, place.device_public)
    assert (read.device, read.seq, read.seen) == (LAPTOP, 1, (Head(OTHER, 3, b"h" * 32),))
    with pytest.raises(SignatureRejected):
        segment.check_signature(read, SigningKey.from_seed(seed(b"2")).public)
    body, signature = cbor.decode(data, max_bytes=1 << 20)  # type: ignore[misc]  # two byte strings
    for position in range(0, len(body), 7):
        changed = bytearray(body)
        changed[position] ^= 1
        try:
            forged = segment.read_segment(cbor.encode([bytes(changed), signature]))
        except EncodingRejected:
            continue
        with pytest.raises(SignatureRejected):
            segment.check_signature(forged, place.device_public)


def test_a_section_opens_only_at_its_place_with_its_key() -> None:
    data, place = made_segment()
    (section,) = segment.read_segment(data).sections
    key = EpochKey(STREAM, 1, bytes(32), SecretBytes(b"e" * 32))
    assert segment.open_section(section, key=key, place=place, index=0).changes == (change(),)
    for wrong_place, index in (
        (replace(place, seq=2), 0), (replace(place, previous=b"p" * 32), 0), (place, 1),
        (replace(place, device_public=b"d" * 32), 0), (replace(place, organisation=OrganisationId(b"p" * 16)), 0),
    ):  # fmt: skip
        with pytest.raises(EnvelopeRejected):
            segment.open_section(section, key=key, place=wrong_place, index=index)
    with pytest.raises(EnvelopeRejected):
        segment.open_section(section, key=replace(key, key=SecretBytes(b"f" * 32)), place=place, index=0)
    elsewhere = replace(key, stream=StreamId(b"t" * 16))
    for wrong in (elsewhere, replace(key, number=2), replace(key, header_hash=b"h" * 32)):
        with pytest.raises(EncodingRejected):
            segment.open_section(section, key=wrong, place=place, index=0)


def test_a_small_file_cannot_fill_the_memory() -> None:
    bomb = zlib.compress(bytes(segment.MAX_SECTION_BYTES + 10), 9)
    assert len(bomb) < 64 * 1024
    with pytest.raises(EncodingRejected):
        segment._unpack(bomb)
    for spoiled in (zlib.compress(b"x")[:-1], zlib.compress(b"x") + b"y", b"not packed"):
        with pytest.raises(EncodingRejected):
            segment._unpack(spoiled)


def test_a_grant_is_for_one_person_at_one_place() -> None:
    _, place = made_segment()
    key = EpochKey(STREAM, 4, b"h" * 32, SecretBytes(b"e" * 32))
    mine, other = WrapPrivateKey.from_seed(seed(b"A")), WrapPrivateKey.from_seed(seed(b"B"))
    grant = segment.make_grant(key, place=place, recipient=ANA, user_epoch=0, recipient_public=mine.public)

    def tried(private: WrapPrivateKey, at: Place, user: UserId, user_epoch: int = 0) -> EpochKey | None:
        return segment.try_grant(grant, private=private, place=at, recipient=user, user_epoch=user_epoch)

    assert tried(mine, place, ANA) == key
    assert tried(other, place, ANA) is None and tried(mine, place, BEN) is None and tried(mine, place, ANA, 1) is None
    assert tried(mine, replace(place, seq=2), ANA) is None
    assert tried(mine, replace(place, device_public=b"x" * 32), ANA) is None


@settings(max_examples=150)
@given(st.data())
def test_whatever_bytes_come_they_are_refused_in_one_way(data: st.DataObject) -> None:
    whole, _ = made_segment()
    mutated = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(mutated) - 1))
        mutated[position] = data.draw(st.integers(0, 255))
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    for untrusted in (bytes(mutated), cut, data.draw(st.binary(max_size=80))):
        try:
            read = segment.read_segment(untrusted)
            segment.labelled(untrusted)
            assert read.body in untrusted
        except (IntegrityError, PeerError):
            continue


# ------------------------------------------------------------------ epochs


def first(*, conflicted: frozenset[UserId] = frozenset(), members: tuple[Membership, ...] | None = None) -> EpochHeader:
    key = SecretBytes(b"1" * 32)
    lead = Membership(ANA, 0, StreamRole.LEAD)
    return epochs.first_header(
        stream=STREAM, kind=StreamType.CASE, members=members or (lead, Membership(BEN, 0, StreamRole.WRITE)), key=key,
        conflicted=conflicted,
    )  # fmt: skip


def after(
    *parents: EpochHeader, members: tuple[UserId, ...], conflicted: frozenset[UserId] = frozenset()
) -> EpochHeader:
    return epochs.following_header(
        organisation=ORG, parents=parents, members=[Membership(user, 0, StreamRole.WRITE) for user in members],
        key=SecretBytes(sha256(repr((members, len(parents))).encode())), earlier=[], conflicted=conflicted,
    )  # fmt: skip


def by_hash(*headers: EpochHeader) -> dict[bytes, EpochHeader]:
    return {epochs.hash_of(header): header for header in headers}


def test_a_header_is_read_back_and_has_one_spelling() -> None:
    header = first(conflicted=frozenset({CAT}))
    assert epochs.decode(epochs.encode(header)) == header
    wire = epochs.to_wire(header)
    members = wire[5]
    assert isinstance(members, list)
    for spoiled in (
        {**wire, 5: members[::-1]}, {**wire, 5: []}, {**wire, 5: [members[0], members[0]]}, {**wire, 3: 0},
        {**wire, 2: 9}, {**wire, 8: b"short"}, {**wire, 11: 1}, {key: value for key, value in wire.items() if key != 6},
    ):  # fmt: skip
        with pytest.raises(EncodingRejected):
            epochs.from_wire(spoiled)


def test_the_rules_of_epochs() -> None:
    one = first(conflicted=frozenset({CAT}))
    known = by_hash(one)
    two = after(one, members=(ANA, BEN))
    epochs.check_header(one, author=ANA, parents={})
    epochs.check_header(two, author=ANA, parents=known)
    dev = Membership(UserId(b"d" * 16), 0, StreamRole.WRITE)
    adds = replace(two, members=(*one.members, dev))
    epochs.check_header(adds, author=BEN, parents=known)
    assert two.conflicted == {CAT}, "a wall is inherited"
    wrong = [
        (one, BEN, {}),  # the author is not the lead of what they begin
        (first(members=(Membership(ANA, 0, StreamRole.WRITE),)), ANA, {}),
        (after(one, members=(ANA, CAT)), ANA, known),  # names somebody walled off
        (replace(two, conflicted=frozenset()), ANA, known),  # takes the wall down
        (two, CAT, known),  # may not write there
        (two, ANA, {}),  # the parent is not known
        (replace(two, number=3), ANA, known),
        (replace(two, stream=StreamId(b"t" * 16)), ANA, known),
        (replace(two, kind=StreamType.ORGANISATION), ANA, known),
        (replace(one, number=2), ANA, {}),
        (two, BEN, known),  # takes the lead's rights
        (replace(adds, members=one.members[1:]), BEN, known),  # shuts the lead out
        (replace(adds, members=(one.members[0], replace(one.members[1], role=StreamRole.LEAD))), BEN, known),
        (replace(adds, conflicted=two.conflicted | {UserId(b"e" * 16)}), BEN, known),  # puts up a wall
        (replace(one, kind=StreamType.ORGANISATION), ANA, {}),  # walls somebody off from the organisation
    ]
    for header, author, parents in wrong:
        with pytest.raises(SegmentRejected):
            epochs.check_header(header, author=author, parents=parents)


def test_a_different_key_for_one_member_is_found_out() -> None:
    epochs.check_key(first(), SecretBytes(b"1" * 32))
    with pytest.raises(SegmentRejected):
        epochs.check_key(first(), SecretBytes(b"2" * 32))


def test_earlier_keys_open_with_the_new_key_only() -> None:
    one, key = first(), SecretBytes(b"2" * 32)
    older = EpochKey(STREAM, 1, epochs.hash_of(one), SecretBytes(b"1" * 32))
    two = epochs.following_header(
        organisation=ORG, parents=[one], members=one.members, key=key, earlier=[older], reason="x"
    )
    assert epochs.earlier_keys(two, key, organisation=ORG) == (older,)
    with pytest.raises(EnvelopeRejected):
        epochs.earlier_keys(two, SecretBytes(b"1" * 32), organisation=ORG)
    with pytest.raises(EnvelopeRejected):
        epochs.earlier_keys(replace(two, number=3), key, organisation=ORG)


def test_two_changes_of_readers_at_once_add_both_and_remove_wins() -> None:
    dev = UserId(b"d" * 16)
    one = first()
    adds = after(one, members=(ANA, BEN, dev))
    removes = after(one, members=(ANA,))
    walls = after(one, members=(ANA, BEN), conflicted=frozenset({dev}))
    assert set(epochs.effective_members(by_hash(one, adds))) == {ANA, BEN, dev}
    assert set(epochs.effective_members(by_hash(one, adds, removes))) == {ANA, dev}
    assert set(epochs.effective_members(by_hash(one, adds, walls))) == {ANA, BEN}
    settled = after(adds, removes, members=(ANA, dev))
    everything = by_hash(one, adds, removes, settled)
    assert epochs.leaves(everything) == (epochs.hash_of(settled),)
    assert settled.number == 3


# ------------------------------------------------------------------ roster


def founded() -> tuple[Roster, Root]:
    ana = person(ANA, LAPTOP, roster.ADMINISTRATOR)
    root = Root(ORG, 1, bytes(32), ((ANA, ana.record.sign_public),), 1)
    start = Roster(ORG, root.hash).with_root(root)
    start.check_admission(ana, author=ANA)
    return start.with_admission(ana, origin=Origin(LAPTOP, 1)), root


def test_admissions_are_read_back_with_every_signature_checked() -> None:
    ben = person(BEN, OTHER)
    assert roster.read_admission(ben.wire(), ORG) == ben == roster.stored_admission(ben.wire())
    cat = person(CAT, OTHER)
    spoiled = [
        Admission(replace(ben.record, signature=cat.record.signature), ben.certificate, "officer"),
        Admission(ben.record, cat.certificate, "officer"),
        Admission(ben.record, replace(ben.certificate, by_user=ben.certificate.by_device), "officer"),
        Admission(ben.record, replace(ben.certificate, by_device=ben.certificate.by_user), "officer"),
    ]
    for wrong in spoiled:
        with pytest.raises(SignatureRejected):
            roster.read_admission(wrong.wire(), ORG)
    with pytest.raises(SignatureRejected):
        roster.read_admission(ben.wire(), OrganisationId(b"p" * 16))
    with pytest.raises(EncodingRejected):
        roster.read_admission(replace(ben, role="chief").wire(), ORG)
    identity_point = b"\x01" + bytes(31)
    body = cbor.encode([BEN, identity_point, ben.record.wrap_public, 0, bytes(32)])
    with pytest.raises(KeyRejected):
        roster.read_user_record([body, identity_point + bytes(32)])


def test_only_an_administrator_lets_people_in_and_only_from_where_they_were_one() -> None:
    known, _ = founded()
    ben, cat = person(BEN, OTHER, roster.ADMINISTRATOR), person(CAT, DeviceId(b"3" * 16))
    known.check_admission(ben, author=ANA)
    with pytest.raises(SegmentRejected):
        known.check_admission(cat, author=BEN)
    known = known.with_admission(ben, origin=Origin(LAPTOP, 5))
    known.as_seen({LAPTOP: 5}).check_admission(cat, author=BEN)
    with pytest.raises(SegmentRejected):  # written before Ben had seen that he was let in
        known.as_seen({LAPTOP: 4}).check_admission(cat, author=BEN)
    announced = founded()[0].with_admission(ben, origin=None, admitted=False)
    with pytest.raises(SegmentRejected):  # the admission file alone gives nobody any rights
        announced.check_admission(cat, author=BEN)


def test_keys_are_never_swapped_under_a_known_person_or_laptop() -> None:
    known, _ = founded()
    known = known.with_admission(person(BEN, OTHER), origin=None)
    evil = person(UserId(b"e" * 16), DeviceId(b"9" * 16))
    with pytest.raises(SegmentRejected):
        known.with_admission(replace(evil, record=replace(evil.record, user=BEN)), origin=None)
    with pytest.raises(SegmentRejected):
        known.with_device(replace(evil.certificate, device=LAPTOP), origin=None)


def test_another_root_is_refused() -> None:
    known, root = founded()
    with pytest.raises(SegmentRejected):
        known.with_root(replace(root, words="changed"))
    with pytest.raises(SegmentRejected):
        roster.read_root(root.wire(), OrganisationId(b"p" * 16))
    with pytest.raises(SegmentRejected):  # one of two is no majority
        roster.read_root(replace(root, admins=(*root.admins, (BEN, person(BEN, OTHER).record.sign_public))).wire(), ORG)
    impostor = person(BEN, OTHER, roster.ADMINISTRATOR)
    with pytest.raises(SegmentRejected):
        Roster(ORG, root.hash).with_root(root).check_admission(impostor, author=ANA)


# ------------------------------------------------------------------ letting in


def test_an_admission_opens_for_one_person_and_must_come_from_the_inviter() -> None:
    ana, ben = person(ANA, LAPTOP, roster.ADMINISTRATOR), person(BEN, OTHER)
    known, root = founded()
    key = SecretBytes(b"i" * 16)
    invited = invitation.Invitation(ORG, root.hash, key, "officer", "", 0, ana.record.hash)
    request = invitation.JoiningRequest(ben.record, ben.certificate, "Ben", "BO", "")
    assert invitation.open_request(invitation.seal_request(request, key), key, ORG) == request
    content = invitation.AdmissionContent(
        ana.record, ((roster.ROOT, cbor.encode(root.wire())), (roster.ADMIT, cbor.encode(ana.wire()))),
        ((1, SecretBytes(b"k" * 32)),), STREAM, (EpochKey(STREAM, 1, b"h" * 32, SecretBytes(b"e" * 32)),),
    )  # fmt: skip
    signer = SigningKey.from_seed(seed(b"a"))
    data = invitation.seal_admission(request, content, key=key, organisation=ORG, signer=signer)
    private = WrapPrivateKey.from_seed(seed(b"B"))
    assert invitation.open_admission(data, invited, joiner=BEN, private=private) == content
    with pytest.raises(IntegrityError):
        invitation.open_admission(data, invited, joiner=CAT, private=private)
    with pytest.raises(IntegrityError):
        invitation.open_admission(data, invited, joiner=BEN, private=WrapPrivateKey.from_seed(seed(b"C")))
    # Whoever intercepted the invitation holds its key, and still cannot pose as the inviter.
    eve = replace(content, inviter=person(CAT, OTHER).record)
    for false_content in (eve, content):
        forged = invitation.seal_admission(
            request, false_content, key=key, organisation=ORG, signer=SigningKey.from_seed(seed(b"c"))
        )
        with pytest.raises(SignatureRejected):
            invitation.open_admission(forged, invited, joiner=BEN, private=private)
    assert known.root is not None


def test_the_words_depend_on_both_records_and_the_key() -> None:
    words = invitation.words_for(b"a" * 32, b"b" * 32, SecretBytes(b"i" * 16))
    assert len(words) == 8
    others = [
        invitation.words_for(b"x" * 32, b"b" * 32, SecretBytes(b"i" * 16)),
        invitation.words_for(b"a" * 32, b"x" * 32, SecretBytes(b"i" * 16)),
        invitation.words_for(b"a" * 32, b"b" * 32, SecretBytes(b"x" * 16)),
    ]
    assert words not in others
