"""Who is in, in which role, with which keys, and from where on a laptop's work is withheld: a pure function.

It is worked out from the set of roster entries and the forks known, never from the order in which they came. Each
entry has an origin (the segment that brought it) and what its author's laptop had seen then; from these, and from
nothing else, follows what came before what.

* A removal or suspension covers laptops and names, for each, the last segment that counts (`cut-off`). It beats
  everything concurrent: it counts unless its author, by what their laptop had seen, was no longer in themself. So two
  administrators who remove each other without knowing of it are both out.
* Any other entry counts if its segment is not beyond a cut-off, its laptop's certificate counts, and its author had
  the right by entries that count themselves. So somebody let in by a person who had been removed is not in either.
* A certificate of one more laptop counts only under keys that were in use: made with older keys, or after another
  laptop of the same person was suspended, it counts only if the newer record or the suspension had seen it.
* Who was removed comes back by an admission that had seen the removal, on laptops certified after it.
* Of several newest changes of somebody's role made apart, the lesser role holds. A role taken away also ends what its
  holder did as an administrator beyond the cut-offs it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.foundation.ids import DeviceId, UserId
from core.sync.engine.certified import (
    Evidence,
    is_under_good_keys,
    that_may_count,
    vouching_for,
    was_ever_theirs,
)
from core.sync.engine.entries import (
    ADMINISTRATOR,
    ADMIT,
    DEVICE,
    REMOVE,
    ROLE,
    ROOT,
    Root,
)
from core.sync.engine.entry import Entry, EntryKey, Index, Origin, Returned, admission_in, certificate_in, role_in
from core.sync.engine.leaving import (
    LEAVING_KINDS,
    NewKeys,
    Removal,
    RoleChange,
)
from core.sync.engine.records import DeviceCertificate, UserRecord
from core.sync.engine.recovery import GROUP, RecoveryGroup, still_counts
from core.sync.engine.roots import chain_of

LESSER_FIRST = ("committee", "officer", ADMINISTRATOR)


class Standing(Index):
    """What a set of entries amounts to. `forks`: the number of each laptop's first doubled segment."""

    def __init__(
        self, entries: Sequence[Entry], *, root: Root | None, forks: Mapping[DeviceId, int] | None = None,
        lifted: frozenset[bytes] = frozenset(), sound: dict[EntryKey, bool] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(entries)
        self._forks = dict(forks or {})
        self._first = root
        self.roots: tuple[Root, ...] = () if root is None else (root,)
        if root is not None and any(entry.kind == ROOT for entry in entries):
            self.roots = chain_of(root, self, entries, self._forks)
        """Every version of the root that holds, from the first to the one in force."""
        lifted |= frozenset(self.root.lifted) if self.root is not None else frozenset()
        self._sound = {} if sound is None else sound
        """Whether a removal counts follows from what its author had seen alone, so every view shares the answers."""
        self._counting: dict[EntryKey, bool] = {}
        self._roles: dict[UserId, str | None] = {}
        self._withheld: dict[DeviceId, int | None] = {}
        self._new_keys: dict[UserId, tuple[Entry, ...]] = {}
        self._cut_devices: dict[DeviceId, int] | None = None
        self.removals: tuple[Entry, ...] = tuple(
            entry
            for entry in entries
            if entry.kind in LEAVING_KINDS and entry.name not in lifted and self._is_sound(entry)
        )
        """Every removal and suspension that counts."""
        self._removing = frozenset(entry.key for entry in self.removals)

    @property
    def root(self) -> Root | None:
        """The root in force."""
        return self.roots[-1] if self.roots else None

    # ------------------------------------------------------------------ people

    def role_of(self, user: UserId) -> str | None:
        """What somebody may do; None if they are not in, or not any more."""
        if user not in self._roles:
            self._roles[user] = None if self._removal_of(user) else self._role(user, lambda _: True)
        return self._roles[user]

    def role_ever_of(self, user: UserId) -> str | None:
        """As `role_of`, as if nobody had been removed: for work that is withheld anyway if they were."""
        return self._role(user, lambda _: True, whoever=True)

    def is_administrator(self, user: UserId) -> bool:
        """Whether they may admit and remove others: named by the root, or in that role."""
        return self.is_named(user) or self.role_of(user) == ADMINISTRATOR

    def is_removed(self, user: UserId) -> bool:
        """Whether they were in and are not any more."""
        return self._removal_of(user) is not None

    def record_of(self, user: UserId) -> UserRecord | None:
        """The newest keys of a person that count; None for somebody never let in."""
        newest = self.keys_of(user)
        if newest is not None:
            return newest.record
        known = self.admissions.get(user)
        first = admission_in(known[0]) if known else None
        return None if first is None else first.record

    def keys_of(self, user: UserId) -> NewKeys | None:
        """The newest change of a person's keys that counts; None if they still use those they came with."""
        found = [
            entry.said
            for entry in self.new_keys.get(user, ())
            if isinstance(entry.said, NewKeys) and entry.confirmed and self.counts(entry)
        ]
        return max(found, key=lambda new: (new.record.user_epoch, new.record.hash), default=None)

    # ------------------------------------------------------------------ laptops

    def withheld_from(self, device: DeviceId) -> int | None:
        """The number of the first segment of a laptop that does not count; None if all do."""
        if device not in self._withheld:
            found = [cut + 1 for removal in self.removals if (cut := self._cut(removal, device)) is not None]
            if device in self._forks:
                found.append(self._forks[device])
            known = self.certifying.get(device)
            if known and not any(self.counts(entry) for entry in known):
                found.append(1)
            self._withheld[device] = min(found, default=None)
        return self._withheld[device]

    def is_withheld(self, origin: Origin) -> bool:
        """Whether a segment does not count."""
        begins = self.withheld_from(origin.device)
        return begins is not None and origin.seq >= begins

    def cut_devices(self) -> dict[DeviceId, int]:
        """Every laptop of which something does not count, with the number of the first such segment."""
        if self._cut_devices is None:
            found = {device: self.withheld_from(device) for device in {*self.certifying, *self._forks}}
            self._cut_devices = {device: begins for device, begins in found.items() if begins is not None}
        return self._cut_devices

    def removals_of(self, device: DeviceId) -> tuple[Entry, ...]:
        """The removals and suspensions that cover a laptop."""
        return tuple(removal for removal in self.removals if self._cut(removal, device) is not None)

    # ------------------------------------------------------------------ entries

    def counts(self, entry: Entry) -> bool:
        """Whether an entry holds. Removals and suspensions: whether it is among `removals`."""
        if entry.kind in LEAVING_KINDS:
            return entry.key in self._removing
        if entry.key not in self._counting:
            self._counting[entry.key] = False  # nothing vouches for itself
            self._counting[entry.key] = self._work_out(entry)
        return self._counting[entry.key]

    def _work_out(self, entry: Entry) -> bool:
        certificate, origin = certificate_in(entry), entry.origin
        if certificate is not None and not self._is_under_good_keys(entry, certificate):
            return False
        if origin is None:
            return True
        by_itself = certificate is not None and certificate.device == origin.device
        certified = [] if by_itself else vouching_for(entry, self)
        if not (by_itself or certified) or self._is_cut(origin):
            return False
        if not by_itself and not any(self.counts(known) for known in certified):
            return False
        if entry.kind == DEVICE and certificate is not None:
            return self._was_let_in(entry, certificate.user)
        author = self.owners.get(origin.device)
        return author is not None and self._might(entry, author)

    def _might(self, entry: Entry, author: UserId) -> bool:
        """Whether an author whose laptop counts had the right to say this."""
        said = entry.said
        if isinstance(said, RoleChange) and said.role != ADMINISTRATOR:
            return self._is_sound(entry)
        if isinstance(said, Returned):
            origin = entry.origin
            return origin is None or still_counts(said.mark, self._uncut_groups(), device=origin.device, seq=origin.seq)
        if entry.kind in {ADMIT, ROLE, GROUP} or (isinstance(said, NewKeys) and said.is_reset):
            return self.was_administrator(entry, author)
        return not isinstance(said, NewKeys) or said.record.user == author

    def groups(self) -> dict[bytes, RecoveryGroup]:
        """Every edition of every recovery group that counts, by its mark."""
        found = (entry for entry in self.entries if entry.kind == GROUP and self.counts(entry))
        return {entry.said.mark: entry.said for entry in found if isinstance(entry.said, RecoveryGroup)}

    def _uncut_groups(self) -> dict[bytes, RecoveryGroup]:
        """As `groups`, without asking whether their authors still count: whoever came back by one may be the author of
        the next."""
        known = (one for one in self.entries if not (one.origin and self._is_cut(one.origin)))
        return {entry.said.mark: entry.said for entry in known if isinstance(entry.said, RecoveryGroup)}

    def was_administrator(self, entry: Entry, author: UserId) -> bool:
        """Whether `author` was an administrator where they wrote `entry`, by entries that count."""
        if self._was_named(entry, author):
            return True
        if self._role(author, entry.follows) != ADMINISTRATOR:
            return False
        return not any(self._ends_office(change, entry) for change in self.role_entries.get(author, ()))

    def _was_named(self, entry: Entry, author: UserId) -> bool:
        """Whether the root that was in force where they wrote `entry` named them."""
        if not any(_is_named_by(self, root, author) for root in self.roots):
            return False
        if len(self.roots) == 1 or self._first is None:
            return True
        before = [one for one in self.entries if entry.follows(one)]
        return _is_named_by(self, chain_of(self._first, self, before, self._forks)[-1], author)

    def _ends_office(self, change: Entry, act: Entry) -> bool:
        """Whether a lesser role makes an act as an administrator beyond its cut-offs void."""
        said, origin = change.said, act.origin
        if not isinstance(said, RoleChange) or said.role == ADMINISTRATOR or origin is None:
            return False
        if origin.seq <= said.cut_of(origin.device) or not self.counts(change):
            return False
        again = (
            later for later in self.role_entries.get(said.user, ())
            if later.strictly_follows(change) and act.follows(later)
        )  # fmt: skip
        return not any(role_in(later) == ADMINISTRATOR and self.counts(later) for later in again)

    # ------------------------------------------------------------------ removals

    def _is_sound(self, entry: Entry) -> bool:
        """Whether its author had the right by what their laptop had seen, they themselves still being in."""
        if not entry.confirmed:
            return False
        known = self._sound.get(entry.key)
        if known is None:
            known = self._sound[entry.key] = entry.origin is None or self._had_the_right(entry, entry.origin)
        return known

    def _had_the_right(self, entry: Entry, origin: Origin) -> bool:
        before = [
            other
            for other in self.entries
            if entry.strictly_follows(other)
            or (other.origin == origin and other.kind not in LEAVING_KINDS and other.kind != ROLE)
        ]
        view = Standing(before, root=self._first, sound=self._sound)
        author = view.owners.get(origin.device)
        if author is None or view.is_withheld(origin):
            return False
        said = entry.said
        own_laptop = isinstance(said, Removal) and said.device is not None and said.user == author
        return (own_laptop and view.role_of(author) is not None) or view.is_administrator(author)

    def _cut(self, removal: Entry, device: DeviceId) -> int | None:
        """The last segment of a laptop that counts in spite of a removal; None if it does not cover the laptop."""
        said = removal.said
        assert isinstance(said, Removal)
        if said.device is not None:
            return said.cut_of(device) if said.device == device else None
        if self.owners.get(device) != said.user or self._came_back(removal, device):
            return None
        return said.cut_of(device)

    def _came_back(self, removal: Entry, device: DeviceId) -> bool:
        """Whether a laptop was certified with or after an admission that had seen the removal."""
        owner = self.owners[device]
        for admission in self.admissions.get(owner, ()):
            if not admission.strictly_follows(removal) or admission.origin is None:
                continue
            if self.owners.get(admission.origin.device) == owner:
                continue  # nobody lets themselves in again
            # A laptop known from before stays where it was cut off: only one that is new with the admission comes in.
            certified = [entry for entry in self.certifying[device] if entry.confirmed]
            new = bool(certified) and all(one is admission or one.strictly_follows(admission) for one in certified)
            if new and self.counts(admission):
                return True
        return False

    def _is_cut(self, origin: Origin) -> bool:
        fork = self._forks.get(origin.device)
        if fork is not None and origin.seq >= fork:
            return True
        cuts = (self._cut(removal, origin.device) for removal in self.removals)
        return any(cut is not None and origin.seq > cut for cut in cuts)

    def _removal_of(self, user: UserId) -> Entry | None:
        for removal in self.removals:
            said = removal.said
            if removal.kind == REMOVE and isinstance(said, Removal) and said.user == user:
                again = (one for one in self.admissions.get(user, ()) if one.strictly_follows(removal))
                if not any(self.counts(one) for one in again):
                    return removal
        return None

    # ------------------------------------------------------------------ certificates and roles

    def _was_let_in(self, entry: Entry, user: UserId) -> bool:
        known = self.admissions.get(user, ())
        return any(self.counts(one) for one in known if one.confirmed and entry.follows(one))

    def _is_under_good_keys(self, entry: Entry, certificate: DeviceCertificate) -> bool:
        if admission_in(entry) is not None:
            return True
        user = certificate.user
        return is_under_good_keys(
            entry, certificate, changes=self._changes_of(user), suspensions=self._suspensions_of(user),
            records=self.records_of(user), in_force=lambda record: was_ever_theirs(record, self, self.counts),
        )  # fmt: skip

    def _suspensions_of(self, user: UserId) -> list[Entry]:
        return [one for one in self.removals if isinstance(one.said, Removal) and one.said.user == user]

    def _changes_of(self, user: UserId) -> tuple[Entry, ...]:
        """The changes of somebody's keys that may make void what older keys certify."""
        if user not in self._new_keys:
            changes = [
                e for e in self.new_keys.get(user, ()) if e.confirmed and not (e.origin and self._is_cut(e.origin))
            ]
            evidence = Evidence(user, self, self._suspensions_of(user), self._is_firm)
            self._new_keys[user] = that_may_count(changes, evidence) if changes else ()
        return self._new_keys[user]

    def _is_firm(self, entry: Entry) -> bool:
        origin = entry.origin
        if origin is None or (author := self.owners.get(origin.device)) is None:
            return origin is None
        came_with = any(admission_in(one) for one in self.certifying.get(origin.device, ()))
        return came_with and not self._is_cut(origin) and self._was_named(entry, author)

    def is_named(self, user: UserId) -> bool:
        """Whether the root names them as an administrator."""
        return _is_named_by(self, self.root, user)

    def _role(self, user: UserId, among: Callable[[Entry], bool], *, whoever: bool = False) -> str | None:
        known = [
            entry
            for entry in self.role_entries.get(user, ())
            if entry.confirmed and among(entry) and (whoever or self.counts(entry))
        ]
        if not any(admission_in(entry) for entry in known):
            return None
        newest = [one for one in known if not any(other.strictly_follows(one) for other in known)]
        return min(filter(None, map(role_in, newest)), key=LESSER_FIRST.index, default=None)


def _is_named_by(index: Index, root: Root | None, user: UserId) -> bool:
    named = None if root is None else dict(root.admins).get(user)
    if named is None:
        return False
    known = index.records_of(user)
    return not known or any(record.sign_public == named for record in known)
