"""Who counts, when people are removed: rule by rule, and in whatever order the entries became known."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from core.changes import cbor
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import SegmentRejected, SignatureRejected
from core.foundation.ids import DeviceId, OrganisationId, UserId
from core.sync.engine import leaving, roster
from core.sync.engine.entries import (
    ADMIT,
    DEVICE,
    ENVELOPE_KEY,
    NEW_KEYS,
    REMOVE,
    ROLE,
    SUSPEND,
    Admission,
    Root,
)
from core.sync.engine.judging import Spoken, cut_offs, suspended_by, take_entry
from core.sync.engine.leaving import CutOff, Removal, RoleChange
from core.sync.engine.records import UserRecord
from core.sync.engine.roster import Origin, Roster

ORG = OrganisationId(b"o" * 16)
NAMES = ("ana", "ben", "cat", "dev", "eve", "fay")


def user_of(name: str) -> UserId:
    return UserId(name.encode().ljust(16, b"."))


def seed(text: str) -> SecretBytes:
    return SecretBytes(text.encode().ljust(32, b"-"))


def signer_of(name: str, epoch: int = 0) -> SigningKey:
    return SigningKey.from_seed(seed(f"{name} signs {epoch}"))


def record_of(name: str, epoch: int = 0) -> UserRecord:
    previous = record_of(name, epoch - 1).hash if epoch else bytes(32)
    return roster.make_user_record(
        user=user_of(name), signer=signer_of(name, epoch), user_epoch=epoch, previous=previous,
        wrap_public=WrapPrivateKey.from_seed(seed(f"{name} wraps {epoch}")).public,
    )  # fmt: skip


def laptop_of(label: str) -> DeviceId:
    """`ben` is Ben's first laptop; `ben2` a later one, whose number is that of its key."""
    if label.isalpha():
        return DeviceId(label.encode().ljust(16, b"#"))
    return roster.laptop_number(SigningKey.from_seed(seed(f"laptop {label}")).public)


def certificate_of(label: str, epoch: int = 0) -> roster.DeviceCertificate:
    name = label.rstrip("0123456789")
    return roster.make_device_certificate(
        organisation=ORG, user=user_of(name), user_signer=signer_of(name, epoch), device=laptop_of(label),
        device_signer=SigningKey.from_seed(seed(f"laptop {label}")),
    )  # fmt: skip


def admission_of(label: str, role: str = "officer") -> Admission:
    return Admission(record_of(label.rstrip("0123456789")), certificate_of(label), role)


ROOT = Root(ORG, 1, bytes(32), ((user_of("ana"), signer_of("ana").public),), 1)


@dataclass
class World:
    """Laptops that write roster entries and see each other's when told to."""

    said: list[tuple[int, object, Spoken]] = field(default_factory=list)
    heads: dict[str, dict[DeviceId, tuple[int, bytes]]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    proven: dict[str, dict[DeviceId, int]] = field(default_factory=dict)

    def writes(self, label: str) -> Spoken:
        """One more segment of a laptop."""
        number = self.numbers[label] = self.numbers.get(label, 0) + 1
        heads = self.heads.setdefault(label, {})
        before = self.proven.get(label, {})
        self.proven[label] = {device: seq for device, (seq, _) in heads.items()}
        return Spoken(user_of(label.rstrip("0123456789")), Origin(laptop_of(label), number), dict(heads), before)

    def says(self, label: str, kind: int, value: object) -> bytes:
        spoken = self.writes(label)
        self.said.append((kind, value, spoken))
        return cbor.encode(value)

    def sees(self, label: str, *others: str) -> None:
        heads = self.heads.setdefault(label, {})
        for other in others:
            theirs = {**self.heads.get(other, {}), laptop_of(other): (self.numbers[other], bytes(32))}
            for device, head in theirs.items():
                if device != laptop_of(label):
                    heads[device] = max(head, heads.get(device, (0, b"")))

    def everybody_sees(self, *labels: str) -> None:
        for label, other in itertools.permutations(labels or tuple(self.numbers), 2):
            self.sees(label, other)

    def roster(self, *, shuffled: int | None = None) -> Roster:
        """All entries taken in, in some order in which causes come before effects."""
        known = Roster(ORG, ROOT.hash).with_root(ROOT)
        waiting = list(self.said)
        dice = random.Random(shuffled)
        taken: dict[DeviceId, int] = {}
        last = {
            device: max(s.origin.seq for _, _, s in self.said if s.origin.device == device)
            for device in {s.origin.device for _, _, s in self.said}
        }
        while waiting:
            if shuffled is not None:
                dice.shuffle(waiting)
            ready = next(item for item in waiting if self._ready(item[2], waiting))
            waiting.remove(ready)
            kind, value, spoken = ready
            taken[spoken.origin.device] = spoken.origin.seq
            known = take_entry(known, kind, value, spoken)
        assert taken.keys() == last.keys()
        return known

    @staticmethod
    def _ready(spoken: Spoken, waiting: list[tuple[int, object, Spoken]]) -> bool:
        return not any(
            other.origin != spoken.origin and spoken.seen.get(other.origin.device, 0) >= other.origin.seq
            for _, _, other in waiting
        )

    def remove(self, by: str, who: str) -> bytes:
        spoken = self.writes(by)
        before = self.roster().as_seen(spoken.seen)
        value = Removal(user_of(who), None, cut_offs(before, spoken.heads, user_of(who)), "left").wire()
        self.said.append((REMOVE, value, spoken))
        return cbor.encode(value)

    def suspend(self, by: str, laptop: str) -> None:
        spoken = self.writes(by)
        owner = user_of(laptop.rstrip("0123456789"))
        self.said.append((SUSPEND, suspended_by(owner, laptop_of(laptop), spoken.heads, "lost").wire(), spoken))

    def role(self, by: str, who: str, role: str) -> None:
        spoken = self.writes(by)
        before = self.roster().as_seen(spoken.seen)
        value = RoleChange(user_of(who), role, cut_offs(before, spoken.heads, user_of(who))).wire()
        self.said.append((ROLE, value, spoken))

    def new_keys(self, by: str, epoch: int, *, vouched: bool = True) -> None:
        name = by.rstrip("0123456789")
        record = record_of(name, epoch)
        by_previous = leaving.sign_next_record(record, signer_of(name, epoch - 1)) if vouched else b""
        self.says(by, NEW_KEYS, leaving.NewKeys(record, by_previous).wire())


def founded(*, admins: tuple[str, ...] = (), officers: tuple[str, ...] = ()) -> World:
    world = World()
    world.says("ana", ADMIT, admission_of("ana", roster.ADMINISTRATOR).wire())
    for name in (*admins, *officers):
        role = roster.ADMINISTRATOR if name in admins else "officer"
        world.says("ana", ADMIT, admission_of(name, role).wire())
        world.sees(name, "ana")
        world.writes(name)
        world.sees("ana", name)
    world.everybody_sees()
    return world


def in_every_order(world: World) -> Roster:
    """The roster, after checking that no order of arrival makes another one."""
    known = world.roster()
    facts = _facts(known)
    for number in range(6):
        assert _facts(world.roster(shuffled=number)) == facts
    return known


def _facts(known: Roster) -> tuple[object, ...]:
    users = sorted(known.users)
    return (
        {user: known.role_of(user) for user in users},
        {user: known.users[user].record.hash for user in users},
        {device: known.withheld_from(device) for device in sorted(known.devices)},
        {entry.key for entry in known.entries if known.standing.counts(entry)},
    )


def role(known: Roster, name: str) -> str | None:
    return known.role_of(user_of(name))


def begins(known: Roster, label: str) -> int | None:
    return known.withheld_from(laptop_of(label))


# ------------------------------------------------------------------ removing


def test_a_person_removed_is_out_and_only_what_the_remover_had_seen_counts() -> None:
    world = founded(officers=("ben", "cat"))
    world.writes("ben")
    world.sees("ana", "ben")
    world.writes("ben")  # Ana has not seen this one
    world.remove("ana", "ben")
    known = in_every_order(world)
    assert role(known, "ben") is None and role(known, "cat") == "officer"
    assert begins(known, "ben") == 3 and begins(known, "cat") is None and begins(known, "ana") is None
    assert user_of("ben") in known.users, "his signatures are still to be checked"


@pytest.mark.parametrize("wrong", ["earlier", "later", "another hash", "none", "of another"])
def test_a_cut_off_says_exactly_what_its_author_had_seen(wrong: str) -> None:
    world = founded(officers=("ben",))
    world.writes("ben")
    world.sees("ana", "ben")
    world.writes("ana")
    true = CutOff(laptop_of("ben"), 2, bytes(32))
    named = {
        "earlier": (CutOff(laptop_of("ben"), 1, bytes(32)),), "later": (CutOff(laptop_of("ben"), 3, bytes(32)),),
        "another hash": (CutOff(laptop_of("ben"), 2, b"x" * 32),), "none": (),
        "of another": (true, CutOff(laptop_of("zoe"), 1, bytes(32))),
    }[wrong]  # fmt: skip
    world.says("ana", REMOVE, Removal(user_of("ben"), None, named, "").wire())
    with pytest.raises(SegmentRejected):
        world.roster()


@pytest.mark.parametrize(
    "misdeed",
    [
        lambda world: world.remove("ben", "cat"),
        lambda world: world.suspend("ben", "cat"),
        lambda world: world.remove("dev", "ana"),
        lambda world: world.remove("dev", "dev"),
        lambda world: world.suspend("ben", "ben"),
        lambda world: world.role("ben", "cat", "committee"),
        lambda world: world.role("dev", "dev", "officer"),
        lambda world: world.role("dev", "ana", "officer"),
        lambda world: world.says("ben", NEW_KEYS, leaving.NewKeys(record_of("cat", 1), b"").wire()),
    ],
    ids=[
        "an officer removes", "an officer suspends another's laptop", "removing whom the root names",
        "removing oneself", "a laptop suspends itself", "an officer gives a role", "one's own role",
        "the role of whom the root names", "another's keys",
    ],
)  # fmt: skip
def test_what_may_not_be_said_is_refused(misdeed: Callable[[World], object]) -> None:
    world = founded(admins=("dev",), officers=("ben", "cat"))
    misdeed(world)
    with pytest.raises(SegmentRejected):
        world.roster()


def test_claiming_not_to_have_seen_what_an_entry_rests_on_is_refused() -> None:
    world = founded(admins=("dev",), officers=("ben",))
    world.writes("ben")
    world.sees("dev", "ben")
    world.says("dev", ADMIT, admission_of("eve").wire())
    spoken = world.writes("ana")
    # Names Dev's newest segment, which had seen Ben's second, and not that one.
    heads = {**spoken.heads, laptop_of("dev"): (world.numbers["dev"], bytes(32))}
    forged = Spoken(spoken.user, spoken.origin, heads, spoken.proven)
    world.said.append((ADMIT, admission_of("fay").wire(), forged))
    with pytest.raises(SegmentRejected):
        world.roster()


def test_what_a_removed_administrator_does_afterwards_counts_for_nothing() -> None:
    world = founded(admins=("ben", "dev"), officers=("cat",))
    world.remove("ana", "ben")
    world.says("ben", ADMIT, admission_of("eve", roster.ADMINISTRATOR).wire())
    world.role("ben", "cat", "committee")
    world.sees("eve", "ben")
    world.writes("eve")
    world.says("eve", ADMIT, admission_of("fay").wire())
    known = in_every_order(world)
    assert role(known, "eve") is None and role(known, "fay") is None and role(known, "cat") == "officer"
    assert begins(known, "eve") == 1, "whatever the stranger writes is withheld from the first segment on"
    assert known.public_of(laptop_of("eve")) is not None, "and can still be checked, so that nobody waits for ever"


def test_a_stranger_s_removal_counts_for_nothing_once_its_author_had_seen_the_removal() -> None:
    world = founded(admins=("ben",), officers=("cat",))
    world.remove("ana", "ben")
    world.sees("ben", "ana")
    world.remove("ben", "cat")
    known = in_every_order(world)
    assert role(known, "cat") == "officer" and role(known, "ben") is None


def test_two_administrators_who_remove_each_other_unknowingly_are_both_out() -> None:
    world = founded(admins=("ben", "dev"))
    world.remove("ben", "dev")
    world.remove("dev", "ben")
    known = in_every_order(world)
    assert role(known, "ben") is None and role(known, "dev") is None and role(known, "ana") == roster.ADMINISTRATOR


def test_whom_an_administrator_removes_while_being_removed_is_out_too() -> None:
    world = founded(admins=("ben", "dev"), officers=("cat",))
    world.remove("ana", "ben")
    world.remove("ben", "cat")  # has not heard of it
    assert role(in_every_order(world), "cat") is None


def test_the_smallest_of_several_cut_offs_holds() -> None:
    world = founded(admins=("dev",), officers=("ben",))
    world.remove("dev", "ben")
    world.writes("ben")
    world.sees("ana", "ben")
    world.remove("ana", "ben")
    assert begins(in_every_order(world), "ben") == 2


def test_somebody_comes_back_with_a_new_laptop_and_the_old_one_stays_cut_off() -> None:
    world = founded(officers=("ben",))
    world.remove("ana", "ben")
    world.says("ana", ADMIT, admission_of("ben2").wire())
    world.sees("ben2", "ana")
    world.writes("ben2")
    known = in_every_order(world)
    assert role(known, "ben") == "officer"
    assert begins(known, "ben") == 2 and begins(known, "ben2") is None


def test_an_admission_made_apart_from_the_removal_does_not_bring_back() -> None:
    world = founded(admins=("dev",), officers=("ben",))
    world.remove("dev", "ben")
    world.says("ana", ADMIT, admission_of("ben", "officer").wire())
    assert role(in_every_order(world), "ben") is None


def test_nobody_comes_back_by_certifying_a_laptop_themselves() -> None:
    world = founded(officers=("ben",))
    world.remove("ana", "ben")
    world.sees("ben2", "ana")
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2")))
    known = in_every_order(world)
    assert begins(known, "ben2") == 1 and role(known, "ben") is None


# ------------------------------------------------------------------ suspending, new keys


def test_a_suspended_laptop_is_cut_off_and_its_owner_stays_in() -> None:
    world = founded(officers=("ben", "cat"))
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2")))
    world.heads["ben2"] = {laptop_of("ana"): (world.numbers["ana"], bytes(32))}
    spoken = Spoken(user_of("ben"), Origin(laptop_of("ben2"), 1), world.heads["ben2"], {})
    world.said[-1] = (DEVICE, world.said[-1][1], spoken)
    world.sees("ben2", "ben", "ana")
    world.suspend("ben2", "ben")
    known = in_every_order(world)
    assert role(known, "ben") == "officer" and begins(known, "ben") == 2 and begins(known, "ben2") is None


def test_whoever_holds_a_suspended_laptop_cannot_bring_in_another() -> None:
    world = founded(officers=("ben",))
    world.suspend("ana", "ben")
    world.heads["ben2"] = dict(world.heads["ben"])
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2")))
    known = in_every_order(world)
    assert begins(known, "ben2") == 1


def test_whoever_holds_a_suspended_laptop_vouches_for_no_other_with_new_keys_of_its_own() -> None:
    world = founded(officers=("ben",))
    world.suspend("ana", "ben")
    world.heads["ben2"] = dict(world.heads["ben"])
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2")))
    world.new_keys("ben2", 1)
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2", 1)))
    known = in_every_order(world)
    assert begins(known, "ben2") == 1
    assert known.users[user_of("ben")].record == record_of("ben", 0)


def stolen_keys(world: World, label: str, name: str, epochs: int, *, certified_by: int = 0) -> None:
    """Whoever has `name`'s keys of an epoch makes a laptop of their own and new keys in it, one set after the other."""
    world.says(label, DEVICE, roster.device_wire(certificate_of(label, certified_by)))
    before, signer = record_of(name, certified_by), signer_of(name, certified_by)
    for number in range(certified_by + 1, certified_by + 1 + epochs):
        own = SigningKey.from_seed(seed(f"stolen {label} {number}"))
        record = roster.make_user_record(
            user=user_of(name), signer=own, user_epoch=number, previous=before.hash,
            wrap_public=WrapPrivateKey.from_seed(seed(f"stolen wraps {label} {number}")).public,
        )  # fmt: skip
        value = leaving.NewKeys(record, leaving.sign_next_record(record, signer)).wire()
        world.says(label, NEW_KEYS, value)
        before, signer = record, own


@pytest.mark.parametrize("renewed_before", [False, True])
@pytest.mark.parametrize("on", ["ben", "ben2"])
def test_new_keys_of_whoever_holds_a_suspended_laptop_make_no_other_void(on: str, renewed_before: bool) -> None:
    """They pretend to have seen nothing, and number their keys as high as they like."""
    world = founded(officers=("ben",))
    epoch = 1 if renewed_before else 0
    if renewed_before:
        world.new_keys("ben", 1)
    for label in ("ben2", "ben3"):
        world.sees(label, "ben", "ana")
        world.says(label, DEVICE, roster.device_wire(certificate_of(label, epoch)))
        world.sees("ana", label)
        world.sees("ben", label)
    world.sees("ben2", "ben3")
    world.heads["ben5"] = dict(world.heads["ben3"])  # what the thief admits to have seen
    for head in ("ben2", "ben3"):
        world.heads["ben5"].pop(laptop_of(head), None)
    world.suspend("ana", "ben3")
    world.sees(on, "ana")
    world.new_keys(on, epoch + 1)
    world.sees("ben4", on, "ana")
    world.says("ben4", DEVICE, roster.device_wire(certificate_of("ben4", epoch + 1)))
    stolen_keys(world, "ben5", "ben", 4, certified_by=epoch)
    known = in_every_order(world)
    assert begins(known, "ben5") == 1
    assert [begins(known, label) for label in ("ben", "ben2", "ben4")] == [None, None, None]
    assert begins(known, "ben3") is not None
    assert known.users[user_of("ben")].record == record_of("ben", epoch + 1)


def test_keys_certified_by_stolen_keys_that_do_not_count_make_no_other_void_either() -> None:
    """A second laptop of the thief, certified by the first one's new keys, brings in more."""
    world = founded(officers=("ben",))
    world.heads["ben5"] = dict(world.heads["ben"])
    world.suspend("ana", "ben")
    stolen_keys(world, "ben5", "ben", 1)
    taken = SigningKey.from_seed(seed("stolen ben5 1"))
    certificate = roster.make_device_certificate(
        organisation=ORG, user=user_of("ben"), user_signer=taken, device=laptop_of("ben6"),
        device_signer=SigningKey.from_seed(seed("laptop ben6")),
    )  # fmt: skip
    world.sees("ben6", "ben5")
    world.says("ben6", DEVICE, roster.device_wire(certificate))
    before = next(value for kind, value, spoken in world.said if kind == NEW_KEYS)
    first = leaving.read_new_keys(before).record
    record = roster.make_user_record(
        user=user_of("ben"), signer=signer_of("ben", 7), user_epoch=2, previous=first.hash,
        wrap_public=WrapPrivateKey.from_seed(seed("ben wraps 7")).public,
    )  # fmt: skip
    world.says("ben6", NEW_KEYS, leaving.NewKeys(record, leaving.sign_next_record(record, taken)).wire())
    world.says("ana", NEW_KEYS, leaving.NewKeys(record_of("ben", 1), b"").wire())
    world.sees("ben3", "ana")
    world.says("ben3", DEVICE, roster.device_wire(certificate_of("ben3", 1)))
    known = in_every_order(world)
    assert (begins(known, "ben5"), begins(known, "ben6"), begins(known, "ben3")) == (1, 1, None)
    assert known.users[user_of("ben")].record == record_of("ben", 1)


def test_old_keys_that_leaked_make_nothing_void_once_they_were_renewed() -> None:
    """No laptop was suspended: somebody had a copy of the key file, and its owner made new keys."""
    world = founded(officers=("ben",))
    world.sees("ben2", "ben", "ana")
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2")))
    world.sees("ben", "ben2")
    world.heads["ben5"] = {laptop_of("ana"): (world.numbers["ana"], bytes(32))}
    world.new_keys("ben", 1)
    world.sees("ben3", "ben")
    world.says("ben3", DEVICE, roster.device_wire(certificate_of("ben3", 1)))
    stolen_keys(world, "ben5", "ben", 3)
    known = in_every_order(world)
    assert begins(known, "ben5") == 1
    assert [begins(known, label) for label in ("ben", "ben2", "ben3")] == [None, None, None]
    assert known.users[user_of("ben")].record == record_of("ben", 1)


def test_of_two_laptops_that_renew_keys_without_knowing_of_each_other_neither_counts() -> None:
    world = founded(officers=("ben",))
    for label in ("ben2", "ben3"):
        world.sees(label, "ben", "ana")
        world.says(label, DEVICE, roster.device_wire(certificate_of(label)))
    world.new_keys("ben2", 1)
    stolen_keys(world, "ben3", "ben", 1)
    world.sees("ana", "ben2", "ben3")
    known = in_every_order(world)
    assert (begins(known, "ben"), begins(known, "ben2"), begins(known, "ben3")) == (None, 1, 1)
    assert known.users[user_of("ben")].record == record_of("ben", 0)


def test_new_keys_are_vouched_for_by_the_old_and_end_what_the_old_ones_certify() -> None:
    world = founded(officers=("ben",))
    world.new_keys("ben", 1)
    world.heads["ben2"] = {**world.heads["ben"], laptop_of("ben"): (2, bytes(32))}
    world.says("ben2", DEVICE, roster.device_wire(certificate_of("ben2", 0)))
    world.heads["ben3"] = {**world.heads["ben"], laptop_of("ben"): (2, bytes(32))}
    world.says("ben3", DEVICE, roster.device_wire(certificate_of("ben3", 1)))
    known = in_every_order(world)
    assert known.users[user_of("ben")].record == record_of("ben", 1)
    assert begins(known, "ben") is None, "the laptop that made them goes on"
    assert begins(known, "ben2") == 1 and begins(known, "ben3") is None


def test_new_keys_without_the_old_ones_signature_are_an_administrator_s_and_marked() -> None:
    world = founded(officers=("ben", "cat"))
    world.says("ana", NEW_KEYS, leaving.NewKeys(record_of("ben", 1), b"").wire())
    known = in_every_order(world)
    newest = known.standing.keys_of(user_of("ben"))
    assert newest is not None and newest.is_reset
    forged = founded(officers=("ben", "cat"))
    forged.says("ben", NEW_KEYS, leaving.NewKeys(record_of("ben", 1), b"s" * 64).wire())
    with pytest.raises(SignatureRejected):
        forged.roster()


def test_new_keys_from_a_laptop_that_was_cut_off_before_do_not_count() -> None:
    world = founded(officers=("ben",))
    world.suspend("ana", "ben")
    world.new_keys("ben", 1)
    known = in_every_order(world)
    assert known.users[user_of("ben")].record == record_of("ben", 0)


def test_new_keys_follow_the_old_by_one_and_change_both() -> None:
    world = founded(officers=("ben",))
    record = record_of("ben", 2)
    value = leaving.NewKeys(record, leaving.sign_next_record(record, signer_of("ben", 0))).wire()
    world.says("ben", NEW_KEYS, value)
    with pytest.raises(SegmentRejected):
        world.roster()


# ------------------------------------------------------------------ roles


def test_a_role_follows_the_order_of_causes_and_of_two_made_apart_the_lesser_holds() -> None:
    world = founded(admins=("dev",), officers=("ben",))
    world.role("ana", "ben", roster.ADMINISTRATOR)
    assert role(in_every_order(world), "ben") == roster.ADMINISTRATOR
    world.role("dev", "ben", "committee")  # has not seen Ana's
    assert role(in_every_order(world), "ben") == "committee"
    world.sees("ana", "dev")
    world.role("ana", "ben", "officer")
    assert role(in_every_order(world), "ben") == "officer"


def test_an_administrator_no_more_lets_nobody_in_any_more_whatever_they_pretend_not_to_have_heard() -> None:
    world = founded(admins=("ben",))
    world.says("ben", ADMIT, admission_of("cat").wire())
    world.sees("ana", "ben")
    world.role("ana", "ben", "officer")
    world.says("ben", ADMIT, admission_of("eve").wire())
    known = in_every_order(world)
    assert role(known, "ben") == "officer" and role(known, "cat") == "officer" and role(known, "eve") is None
    world.role("ana", "ben", roster.ADMINISTRATOR)
    world.sees("ben", "ana")
    world.says("ben", ADMIT, admission_of("fay").wire())
    assert role(in_every_order(world), "fay") == "officer"


# ------------------------------------------------------------------ forks


def test_what_comes_after_a_fork_does_not_count_but_a_removal_does() -> None:
    world = founded(admins=("ben",), officers=("cat",))
    world.remove("ben", "cat")
    world.says("ben", ADMIT, admission_of("eve").wire())
    known = world.roster().with_forks({laptop_of("ben"): 2})
    assert role(known, "cat") is None and role(known, "eve") is None and begins(known, "ben") == 2


def test_the_same_said_again_by_somebody_cut_off_takes_nothing_away() -> None:
    world = founded(admins=("dev", "ben"))
    value = admission_of("eve").wire()
    world.remove("ana", "ben")
    world.says("ben", ADMIT, value)
    world.says("dev", ADMIT, value)
    assert role(in_every_order(world), "eve") == "officer"


def test_nothing_a_stranger_says_counts_not_even_what_everybody_may_say() -> None:
    world = founded(admins=("ben",))
    world.remove("ana", "ben")
    world.says("ben", ADMIT, admission_of("eve").wire())
    world.sees("eve", "ben")
    said = leaving.EnvelopeKeyEntry(9, b"k" * 32).wire()
    world.says("eve", ENVELOPE_KEY, said)
    world.heads["eve2"] = {**world.heads["eve"], laptop_of("eve"): (world.numbers["eve"], bytes(32))}
    world.says("eve2", DEVICE, roster.device_wire(certificate_of("eve2")))
    known = in_every_order(world)
    (key,) = [entry for entry in known.entries if entry.kind == ENVELOPE_KEY]
    assert not known.standing.counts(key), "nobody seals with a key a stranger chose"
    assert begins(known, "eve") == 1 and begins(known, "eve2") == 1


def test_a_suspended_laptop_of_an_administrator_removes_nobody_once_it_has_heard_of_it() -> None:
    world = founded(admins=("ben",), officers=("cat",))
    world.suspend("ana", "ben")
    world.sees("ben", "ana")
    world.remove("ben", "cat")
    assert role(in_every_order(world), "cat") == "officer"
