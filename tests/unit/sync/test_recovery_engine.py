"""Recovery groups and capsules by themselves: what is sound comes back, anything else is refused in one way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.changes import cbor
from core.crypto.secrets import SecretBytes
from core.foundation.errors import (
    EncodingRejected,
    EnvelopeRejected,
    IntegrityError,
    PeerError,
    SegmentRejected,
    SignatureRejected,
)
from core.foundation.ids import DeviceId, OrganisationId, StreamId, UserId
from core.sync.engine import boot, recovery
from core.sync.engine.boot import Boot
from core.sync.engine.epochs import EpochKey
from core.sync.engine.recovery import Holder, RecoveryGroup

ORGANISATION = OrganisationId(b"o" * 16)
SEED = SecretBytes(bytes(range(32)))
KEYS = recovery.keys_of_seed(SEED)
LAPTOP = DeviceId(b"d" * 16)


def group(edition: int = 1, *, counted: tuple[tuple[DeviceId, int], ...] = (), seed: int = 0) -> RecoveryGroup:
    keys = KEYS if not seed else recovery.keys_of_seed(SecretBytes(bytes([seed]) * 32))
    return recovery.make_group(
        organisation=ORGANISATION, group=b"g" * 16, edition=edition, name="Officers",
        holders=[Holder("A", UserId(b"a" * 16)), Holder("B"), Holder("C")], keys=keys,
        boot_key=SecretBytes(b"k" * 16), counted=counted,
    )  # fmt: skip


ONE = group()
BOOT = Boot(
    ORGANISATION, b"r" * 32, StreamId(b"s" * 16), ((1, SecretBytes(b"e" * 32)),), ONE.mark, (),
    (EpochKey(StreamId(b"s" * 16), 1, b"h" * 32, SecretBytes(b"q" * 32)),), 1,
)  # fmt: skip
SHEET = boot.sheet_of(ONE, BOOT.root_hash)
CAPSULE = boot.seal_capsule(BOOT, ONE)


def test_a_group_is_read_back_and_bound_to_its_organisation_and_every_part() -> None:
    assert recovery.read_group(ONE.wire(), ORGANISATION) == ONE
    with pytest.raises(SignatureRejected):
        recovery.read_group(ONE.wire(), OrganisationId(b"x" * 16))
    for part, value in ((2, 2), (4, "Others"), (7, b"x" * 16), (8, [[LAPTOP, 1]])):
        with pytest.raises((SignatureRejected, EncodingRejected)):
            recovery.read_group({**ONE.wire(), part: value}, ORGANISATION)


def test_a_proof_holds_for_one_header_one_edition_and_one_organisation() -> None:
    groups = {ONE.mark: ONE}
    proof = recovery.make_proof(KEYS, organisation=ORGANISATION, mark=ONE.mark, header_hash=b"h" * 32)
    assert recovery.read_proof(proof, organisation=ORGANISATION, groups=groups) == (ONE.mark, b"h" * 32)
    for organisation, known, changed in (
        (OrganisationId(b"x" * 16), groups, proof),
        (ORGANISATION, {}, proof),
        (ORGANISATION, groups, {**proof, 2: b"i" * 32}),
        (ORGANISATION, {ONE.mark: replace(group(seed=9), signature=ONE.signature)}, proof),
    ):
        with pytest.raises((SignatureRejected, SegmentRejected)):
            recovery.read_proof(changed, organisation=organisation, groups=known)
    admission = recovery.make_return(KEYS, organisation=ORGANISATION, mark=ONE.mark, admission={1: b"x"})
    with pytest.raises((SignatureRejected, EncodingRejected)):
        recovery.read_proof({**proof, 3: admission[3]}, organisation=ORGANISATION, groups=groups)


def test_a_newer_edition_voids_what_its_author_had_not_seen() -> None:
    two = group(2, counted=((LAPTOP, 7),), seed=2)
    groups = {ONE.mark: ONE, two.mark: two}
    assert recovery.newest(groups.values()) == {ONE.group: two}
    assert recovery.still_counts(ONE.mark, groups, device=LAPTOP, seq=7)
    assert not recovery.still_counts(ONE.mark, groups, device=LAPTOP, seq=8)
    assert not recovery.still_counts(ONE.mark, groups, device=DeviceId(b"e" * 16), seq=1)
    assert recovery.still_counts(two.mark, groups, device=LAPTOP, seq=99)
    assert not recovery.still_counts(b"?" * 48, groups, device=LAPTOP, seq=1)
    recovery.check_group(two, [ONE])
    for wrong in (ONE, group(3, seed=3)):
        with pytest.raises(SegmentRejected):
            recovery.check_group(wrong, [ONE])


def test_a_capsule_opens_with_its_sheets_and_is_held_against_the_organisation_sheet() -> None:
    assert boot.read_sheet(boot.sheet_words(SHEET)) == SHEET
    assert boot.open_capsule(CAPSULE, SHEET, KEYS.wrap) == BOOT
    assert boot.fits(SHEET, KEYS.wrap.public) and not boot.fits(SHEET, bytes(1216))
    with pytest.raises(EnvelopeRejected):
        boot.open_capsule(CAPSULE, SHEET, recovery.keys_of_seed(SecretBytes(bytes(32))).wrap)
    with pytest.raises(EnvelopeRejected):
        boot.open_capsule(CAPSULE, replace(SHEET, boot_key=SecretBytes(b"x" * 16)), KEYS.wrap)
    with pytest.raises(SegmentRejected):
        boot.open_capsule(CAPSULE, replace(SHEET, root_check=bytes(11)), KEYS.wrap)


@given(st.integers(0, len(CAPSULE) - 1), st.integers(1, 255))
@settings(max_examples=60)
def test_a_changed_capsule_is_refused(place: int, change: int) -> None:
    changed = bytearray(CAPSULE)
    changed[place] ^= change
    with pytest.raises(EnvelopeRejected):
        boot.open_capsule(bytes(changed), SHEET, KEYS.wrap)


WIRE = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**40) | st.binary(max_size=64) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(1, 10), inner, max_size=10),
    max_leaves=20,
)


@given(WIRE, st.sampled_from(range(1, 10)))
@settings(max_examples=150)
def test_whatever_comes_in_their_place_is_refused_in_one_way(value: object, part: int) -> None:
    readers = (
        lambda given: recovery.read_group(given, ORGANISATION),
        lambda given: recovery.read_proof(given, organisation=ORGANISATION, groups={ONE.mark: ONE}),
        lambda given: recovery.read_return(given, organisation=ORGANISATION, groups={ONE.mark: ONE}),
        recovery.read_wrapped,
    )
    for read in readers:
        for given_value in (value, {**ONE.wire(), part: value}):
            if given_value == ONE.wire():
                continue
            with pytest.raises((IntegrityError, PeerError)):
                read(given_value)


def test_a_mark_names_exactly_one_edition() -> None:
    assert ONE.mark[:16] == ONE.group and len(ONE.mark) == recovery.MARK_BYTES
    assert group(seed=5).mark != ONE.mark
    assert cbor.decode(cbor.encode(ONE.wire()), max_bytes=10_000) == ONE.wire()
