"""A second reader of a shared folder, written only from the pages: opens, verifies, judges and folds it on its own."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.independent.formats import (
    NONE,
    Keys,
    Refused,
    decode,
    encode,
    expand,
    h,
    open_file,
    padded,
    parts,
    signed,
    unpack,
    unseal,
    unwrap,
    wrap_key,
)
from tests.independent.governing import Ballot, Given, came_back, follows, had, office_ended, role_of, roots

ORGANISATION, CASE, PERSONAL, COMPARTMENT, AUDIT = 1, 2, 3, 4, 5
READ, WRITE, LEAD = 1, 2, 3
SET, ADD, REMOVE, TOMBSTONE, TEXT, EPOCH, FAREWELL = 1, 2, 3, 4, 5, 7, 15
ADOPT, RETIRED, ENVELOPE_KEY = 8, 12, 28
ROOT, VOTE, ADMISSION, ROLE, SUSPENSION, REMOVAL, LAPTOP, NEW_KEYS, ABANDON = 20, 21, 22, 23, 24, 25, 26, 27, 30
RECORD_OPS = {SET, ADD, REMOVE, TOMBSTONE, TEXT}
ROSTER_OPS = {ROOT, ADMISSION, LAPTOP}


@dataclass
class Segment:
    """One signed step; `seen` is cumulated when it is applied."""

    file: str
    body: bytes
    signature: bytes
    organisation: bytes
    device: bytes
    seq: int
    previous: bytes
    mark: list[Any]
    heads: list[tuple[bytes, int, bytes]]
    sections: list[list[bytes]]
    grants: list[bytes]
    seen: dict[bytes, int] = field(default_factory=dict)

    @property
    def name(self) -> bytes:
        """What others call it."""
        return h(self.body)


@dataclass
class Section:
    """One opened section."""

    segment: Segment
    header: bytes
    stream: bytes
    changes: list[Any]


@dataclass
class Record:
    """One record as it is to be shown. `fields`: what each field shows; a set field a list of elements."""

    type: str
    stream: bytes
    deleted: bool
    fields: dict[str, list[Any]]
    """Per field the values that stand, the one to show first."""


@dataclass
class Person:
    """Somebody admitted."""

    signing: bytes
    role: str
    origin: tuple[bytes, int] | None


@dataclass
class Leaving:
    """A removal, or with a device a suspension: who says it where, and the last segment of each laptop that counts."""

    user: bytes
    device: bytes
    cuts: dict[bytes, int]
    author: bytes
    segment: Segment
    name: bytes

    def follows(self, other: Leaving) -> bool:
        """Whether its author had seen another."""
        origin = other.segment
        return self is not other and self.segment.seen.get(origin.device, 0) >= origin.seq


class Folder:
    """Everything the keys at hand say about a folder."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.keys = keys
        self.problems: list[str] = []
        self.strangers = 0
        self.segments: dict[bytes, Segment] = {}
        self._packs: list[tuple[str, list[Segment]]] = []
        self.laptops: dict[bytes, tuple[bytes, bytes]] = {}
        """device -> (owner, key), from the vault's roster: to be proven again from the log"""
        self.proven: dict[bytes, tuple[bytes, int] | None] = {}
        self.people: dict[bytes, Person] = {}
        self.admins: dict[bytes, bytes] = {}
        self.headers: dict[bytes, dict[int, Any]] = {}
        self.taken: list[tuple[Any, Section]] = []
        self.refused: list[str] = []
        self.farewells: list[tuple[bytes, bytes]] = []
        """(stream, header without this person)"""
        self._announced()
        self._read(folder)
        self.order = self._chains()
        self.forks = self._forks()
        self._open_all()
        self.adopted: set[bytes] = set()
        self.idle: set[bytes] = set()
        """Headers that decide nothing: beyond a cut-off, and not the first of a stream."""
        self.given = list(self._given())
        self.roots = list(self._roots())
        self.lifted: set[bytes] = set(self.roots[-1].get(9, ())) if self.roots else set()
        self.leavings = [one for one in self._leavings() if one.name not in self.lifted and self._may_say(one)]
        self.cuts = self._cuts()
        self._judge()

    # -------------------------------------------------------------- files (2, 3)

    def _announced(self) -> None:
        for kind, value in self.keys.roster:
            if kind in (ADMISSION, LAPTOP):
                certificate = value[2] if kind == ADMISSION else value[1]
                _, user, device, public = parts(decode(certificate[0]), bytes, bytes, bytes, bytes)
                self.laptops[device] = (user, public)

    def _read(self, folder: Path) -> None:
        for path in sorted((folder / "cwf1").rglob("*")):
            if not path.is_file() or folder / "cwf1" / "b" in path.parents:
                continue
            data = path.read_bytes()
            if path.name != h(data).hex():
                self.problems.append(f"{path.name}: its bytes are not its name")
            try:
                content = self._content(data)
            except Refused:
                self.strangers += 1
                continue
            try:
                self._file(path.name, content)
            except (Refused, ValueError, TypeError, KeyError) as error:
                self.problems.append(f"{path.name}: {error}")
        for file, segments in self._packs:
            try:
                self._take_pack(segments)
            except Refused as error:
                self.problems.append(f"{file}: {error}")

    def _content(self, data: bytes) -> bytes:
        for number, key in self.keys.envelope:
            try:
                return open_file(data, key, ["cwf1/env", self.keys.organisation, number])
            except Refused:
                continue
        raise Refused("a stranger")

    def _file(self, file: str, content: bytes) -> None:
        value = decode(content)
        if isinstance(value, list) and value and isinstance(value[0], str):
            if value[0] == "cwf1/device":
                _, user, device, public = parts(decode(value[1][0]), bytes, bytes, bytes, bytes)
                self.laptops.setdefault(device, (user, public))
            if value[0] == "cwf1/pack":
                self._packs.append((file, self._packed(file, value)))
            return
        made = self._segment(file, value)
        self.segments.setdefault(made.name, made)

    def _segment(self, file: str, value: Any) -> Segment:
        body, signature = parts(value, bytes, bytes)
        found = parts(decode(body), int, bytes, bytes, int, bytes, int, list, list, list, list)
        if found[0] != 1 or found[1] != self.keys.organisation:
            raise Refused("of another format or organisation")
        heads = [tuple(parts(head, bytes, int, bytes)) for head in found[7]]
        if [head[0] for head in heads] != sorted({head[0] for head in heads}):
            raise Refused("heads out of order")
        sections = [parts(section, bytes, bytes, bytes) for section in found[8]]
        return Segment(
            file, body, signature, found[1], found[2], found[3], found[4], found[6], heads, sections, found[9]
        )

    # -------------------------------------------------------------- packs (31)

    def _packed(self, file: str, value: Any) -> list[Segment]:
        _, contents = parts(value, str, list)
        found = [self._segment(file, decode(content)) for content in contents]
        if len({one.device for one in found}) != 1:
            raise Refused("a pack of nothing or of several laptops")
        return found

    def _take_pack(self, segments: list[Segment]) -> None:
        """Take the segments in as if each had been met alone; a file that only says to be one of them counts less."""
        for one in segments:
            known = self.segments.get(one.name)
            if known is not None and known.signature != one.signature and self._is_signed(known):
                raise Refused("a pack with a segment in other bytes")
        for one in segments:
            known = self.segments.get(one.name)
            if known is None or not self._is_signed(known):
                self.segments[one.name] = one

    def _is_signed(self, one: Segment) -> bool:
        try:
            signed(self.laptops[one.device][1], "seg", one.body, one.signature)
        except (Refused, KeyError):
            return False
        return True

    # -------------------------------------------------------------- chains (3, 7)

    def _chains(self) -> list[Segment]:
        waiting = sorted(self.segments.values(), key=lambda one: (one.seq, one.device, one.name))
        applied: dict[bytes, Segment] = {}
        order: list[Segment] = []
        moved = True
        while moved:
            moved = False
            for one in list(waiting):
                rests = [name for name in (one.previous, *(head[2] for head in one.heads)) if name != NONE]
                if one.device not in self.laptops or any(name not in applied for name in rests):
                    continue
                waiting.remove(one)
                moved = True
                try:
                    self._check(one, applied)
                except Refused as error:
                    self.problems.append(f"{one.file}: {error}")
                    continue
                before = applied[one.previous].seen if one.previous != NONE else {}
                one.seen = {**before, **{device: seq for device, seq, _ in one.heads}, one.device: one.seq}
                applied[one.name] = one
                order.append(one)
        self.problems += [f"{one.file}: something it rests on is missing" for one in waiting]
        return order

    def _check(self, one: Segment, applied: dict[bytes, Segment]) -> None:
        signed(self.laptops[one.device][1], "seg", one.body, one.signature)
        if one.mark[0] == 1 and one.mark[1] != self.keys.root_hash:
            raise Refused("another root")
        if (one.seq == 1) != (one.previous == NONE):
            raise Refused("a chain that does not begin")
        if one.seq > 1 and (applied[one.previous].device, applied[one.previous].seq) != (one.device, one.seq - 1):
            raise Refused("a chain that does not fit")
        for device, seq, name in one.heads:
            if (applied[name].device, applied[name].seq) != (device, seq):
                raise Refused("a head that does not fit")

    def _forks(self) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        numbers: set[tuple[bytes, int]] = set()
        for one in self.order:
            if (one.device, one.seq) in numbers:
                found[one.device] = min(one.seq, found.get(one.device, one.seq))
            numbers.add((one.device, one.seq))
        return found

    def withheld(self, segment: Segment) -> bool:
        """Whether a segment lies at or after a fork, or beyond a cut-off."""
        beyond = segment.seq > self.cuts.get(segment.device, segment.seq)
        return beyond or segment.seq >= self.forks.get(segment.device, segment.seq + 1)

    def _entries(self, *kinds: int) -> Iterator[tuple[int, Any, bytes, Segment]]:
        """Every entry of the roster of some kinds: (kind, value, author, segment)."""
        for section in (self.opened[key] for key in self._in_order()):
            if section.stream != self.keys.organisation_stream:
                continue
            author = self.laptops[section.segment.device][0]
            for op in (op for change in section.changes for op in change[4] if op[0] in kinds):
                yield op[0], op[4], author, section.segment

    def _leavings(self) -> Iterator[Leaving]:
        for _, value, author, segment in self._entries(SUSPENSION, REMOVAL):
            cuts = {device: seq for device, seq, _ in value[3]}
            yield Leaving(value[1], value[2], cuts, author, segment, h(encode(value)))

    def _given(self) -> Iterator[Given]:
        for kind, value, author, segment in self._entries(ADMISSION, ROLE):
            if kind == ROLE:
                cuts = {device: seq for device, seq, _ in value[3]}
                yield Given(value[1], value[2], author, segment, cuts, admits=False)
            else:
                yield Given(decode(value[1][0])[0], value[3], author, segment, {}, admits=True)

    def _certificates(self, device: bytes) -> list[tuple[Segment, bool]]:
        found = []
        for kind, value, _, segment in self._entries(ADMISSION, LAPTOP):
            certificate = value[2] if kind == ADMISSION else value[1]
            if decode(certificate[0])[2] == device:
                found.append((segment, kind == ADMISSION))
        return found

    # -------------------------------------------------------------- who administers (5a)

    def _roots(self) -> Iterator[dict[int, Any]]:
        proposals = {h(encode(value)): value for _, value, _, _ in self._entries(ROOT)}
        first = proposals.pop(self.keys.root_hash, None)
        if first is None:
            return
        said = []
        for kind, value, author, segment in self._entries(VOTE, ABANDON):
            if value[1] != author or segment.seq >= self.forks.get(segment.device, segment.seq + 1):
                continue
            choice = value[4] if kind == VOTE else b""
            said.append(Ballot(author, value[2], value[3], choice, segment, self._descent(segment.device)))
        later = {name: root for name, root in proposals.items() if set(root) == set(range(1, 10))}
        yield from roots(first, later, said, lambda root: h(encode(root)))

    def _descent(self, device: bytes) -> frozenset[bytes]:
        """The key that certified a laptop, and those before it as far as each vouched for the next."""
        bodies = [value[1][0] for _, value, _, _ in self._entries(ADMISSION, NEW_KEYS)]
        records = {h(body): decode(body) for body in bodies}
        vouched = {h(value[1][0]) for _, value, _, _ in self._entries(NEW_KEYS) if value[2]}
        found: set[bytes] = set()
        for kind, value, _, _ in self._entries(ADMISSION, LAPTOP):
            certificate = value[2] if kind == ADMISSION else value[1]
            _, owner, named, _ = decode(certificate[0])
            if named != device:
                continue
            for signer, record in records.items():
                if record[0] == owner and _is_signed(record[1], "device", certificate[0], certificate[1]):
                    found.add(record[1])
                    name = signer
                    while name in vouched and records[name][4] in records:
                        name = records[name][4]
                        found.add(records[name][1])
        return frozenset(found)

    def _may_say(self, one: Leaving) -> bool:
        """Whether its author, by what they had seen, was neither out nor cut off; whether they may is judged later."""
        return not any(
            one.follows(other) and other.user == one.author and other.device in (b"", one.segment.device)
            and self._may_say(other)
            for other in self._leavings()
        )  # fmt: skip

    def _cuts(self) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for one in self.leavings:
            for device, (owner, _) in self.laptops.items():
                covers = not one.device and owner == one.user
                if covers and came_back(one.segment, owner, self._certificates(device), self.given):
                    continue
                if device == one.device or covers:
                    found[device] = min(one.cuts.get(device, 0), found.get(device, one.cuts.get(device, 0)))
        return found

    def _gone(self, segment: Segment) -> set[bytes]:
        """Who was out by what a segment's author had seen."""
        return {
            one.user for one in self.leavings
            if not one.device and had(segment, one.segment) and not any(
                given.admits and given.user == one.user and follows(given.at, one.segment) and had(segment, given.at)
                for given in self.given
            )
        }  # fmt: skip

    # -------------------------------------------------------------- keys (3, 4)

    def _open_all(self) -> None:
        self.opened: dict[tuple[bytes, int], Section] = {}
        private = {epoch: wrap_key(seed) for epoch, seed in self.keys.wrap_seeds.items()}
        for one in self.order:
            for grant in one.grants:
                for epoch, key in private.items():
                    self._grant(one, grant, epoch, key)
        before = -1
        while before != len(self.keys.streams) + len(self.opened):
            before = len(self.keys.streams) + len(self.opened)
            tags = [(name, expand(key, "cwf1/tag")) for name, (_, _, key) in self.keys.streams.items()]
            for one in self.order:
                for index, (nonce, tag, sealed) in enumerate(one.sections):
                    if (one.name, index) in self.opened:
                        continue
                    for name, key in tags:
                        if hmac.digest(key, nonce, "sha256")[:12] == tag:
                            self._open(one, index, nonce, sealed, name)
                            break
        self.closed = sum(len(one.sections) for one in self.order) - len(self.opened)

    def _grant(self, one: Segment, grant: bytes, epoch: int, private: Any) -> None:
        keys = self.keys
        public = self.laptops[one.device][1]
        info = ["cwf1/grant", keys.organisation, public, keys.user, epoch, one.seq, one.previous]
        try:
            stream, number, name, key = parts(decode(unwrap(private, info, grant)), bytes, int, bytes, bytes)
        except Refused:
            return
        keys.streams.setdefault(name, (stream, number, key))

    def _open(self, one: Segment, index: int, nonce: bytes, sealed: bytes, name: bytes) -> None:
        public = self.laptops[one.device][1]
        context = ["cwf1/sec", self.keys.organisation, public, one.seq, one.previous, index, nonce]
        stream, number, key = self.keys.streams[name]
        try:
            plain = decode(unpack(unseal(expand(key, "cwf1/sec"), context, sealed)))
            said, epoch, headers, changes = parts(plain, bytes, int, list, list)
            if (said, epoch, headers[:1]) != (stream, number, [name]):
                raise Refused("a section of another stream than its key")
            for change in changes:
                parts(change, bytes, int, bytes, str, list)
                for op in change[4]:
                    if not isinstance(op, list) or len(op) != 6:
                        raise Refused("another shape")
        except Refused as error:
            self.refused.append(f"{one.file}: {error}")
            return
        self.opened[(one.name, index)] = Section(one, name, stream, changes)
        for op in (op for change in changes for op in change[4] if op[0] == EPOCH):
            self._earlier(op[4])

    def _earlier(self, header: dict[int, Any]) -> None:
        name = h(encode(header))
        if name not in self.keys.streams or not header[9]:
            return
        stream, number, key = self.keys.streams[name]
        if h(b"cwf1/sekc\0" + key) != header[8]:
            return
        context = ["cwf1/prev", self.keys.organisation, stream, number, header[8]]
        for older_number, older_name, older in decode(unseal(expand(key, "cwf1/prev"), context, header[9])):
            self.keys.streams.setdefault(older_name, (stream, older_number, older))

    # -------------------------------------------------------------- judging (4, 5, 7)

    def _judge(self) -> None:
        waiting = [self.opened[key] for key in self._in_order()]
        moved = True
        while moved:
            moved = False
            for one in list(waiting):
                before = (dict(self.people), dict(self.proven), dict(self.admins), dict(self.headers))
                try:
                    taken = self._section(one)
                except Refused as error:
                    self.refused.append(f"{one.segment.file}: {error}")
                    taken = None
                if not taken:
                    self.people, self.proven, self.admins, self.headers = before
                if taken is not False:
                    waiting.remove(one)
                    moved = True
        self.refused += [f"{one.segment.file}: no header says who may write" for one in waiting]
        for one in self.order:
            if one.device not in self.proven and not self.withheld(one):
                self.problems.append(f"{one.file}: nobody let in the laptop that wrote it")

    def _in_order(self) -> Iterator[tuple[bytes, int]]:
        for one in self.order:
            for index in range(len(one.sections)):
                if (one.name, index) in self.opened:
                    yield one.name, index

    def _section(self, one: Section) -> bool:
        """Whether a section counts; False if its header is not known yet."""
        author = self.laptops[one.segment.device][0]
        ours = one.stream == self.keys.organisation_stream
        ops = [op for change in one.changes for op in change[4]]
        for change in one.changes:
            self._names(change, one.stream, author)
        if not ours and any(op[0] in ROSTER_OPS for op in ops):
            raise Refused("a roster entry in the wrong stream")
        for op in ops:
            if op[0] in ROSTER_OPS and not self.withheld(one.segment):
                self._roster(op, one, author)
            if op[0] == RETIRED:
                _retired(op[4])
        for op in ops:
            if op[0] == EPOCH:
                self._header(op, one, author)
        header = self.headers.get(one.header)
        if header is None:
            return False
        if h(b"cwf1/sekc\0" + self.keys.streams[one.header][2]) != header[8]:
            raise Refused("a key that was not promised")
        self._right(one, header, author, ops, ours=ours)
        self._farewell(one, header, author, ops)
        for change in one.changes:
            self.taken.append((change, one))
        for op in (op for op in ops if op[0] == ADOPT):
            role = self._role(author, one.segment.seen)
            if not (role == "administrator" if ours else _role_in(header, author) == LEAD):
                raise Refused("takes over late work and may not")
            self.adopted |= set() if self.withheld(one.segment) else set(op[4])
        return True

    def _names(self, change: list[Any], stream: bytes, author: bytes) -> None:
        name, hlc, actor, _, ops = change
        if actor != author:
            raise Refused("in another's name")
        if name[4:] != h(b"cwf1/change\0" + actor + stream + hlc.to_bytes(8, "big") + name[:4])[:12]:
            raise Refused("another's change number")
        for kind, entity, table, *_ in ops:
            proof = h(b"cwf1/record\0" + stream + table.encode() + b"\0" + entity[:7])[:9]
            if kind in RECORD_OPS and entity[7:] != proof:
                raise Refused("a record of another stream")

    def _role(self, user: bytes, seen: dict[bytes, int]) -> str | None:
        person = self.people.get(user)
        if person is None or (person.origin and seen.get(person.origin[0], 0) < person.origin[1]):
            return None
        return role_of(user, self.given, seen) or person.role

    def _in(self, segment: Segment) -> set[bytes]:
        """Who was in by what a segment's author had seen."""
        return {user for user in self.people if self._role(user, segment.seen)} - self._gone(segment)

    def _right(self, one: Section, header: dict[int, Any], author: bytes, ops: list[Any], *, ours: bool) -> None:
        if not ours:
            if _role_in(header, author) < WRITE:
                raise Refused("only reads there")
            return
        role = self._role(author, one.segment.seen)
        everybody_s = (LAPTOP, SUSPENSION, NEW_KEYS, ENVELOPE_KEY, VOTE, ABANDON, EPOCH, RETIRED)
        if role not in ("administrator", "officer") and any(op[0] not in everybody_s for op in ops):
            raise Refused("only reads the organisation's records")
        others = [op for op in ops if op[0] in (REMOVAL, ROLE) or (op[0] == SUSPENSION and op[4][1] != author)]
        if (others or any(op[0] == ROOT for op in ops)) and role != "administrator":
            raise Refused("removes people and may not")
        if role != "administrator" and any(op[0] in RECORD_OPS and op[2] in ("organisation", "member") for op in ops):
            raise Refused("only administrators say who we are")

    def _farewell(self, one: Section, header: dict[int, Any], author: bytes, ops: list[Any]) -> None:
        for op in (op for op in ops if op[0] == FAREWELL):
            if _role_in(header, author) != LEAD or header[2] == ORGANISATION:
                raise Refused("a farewell by somebody who does not lead")
            if op[1] != header[1] or author in op[4][1] or op[4][3] != one.header:
                raise Refused("a farewell in the wrong place")
            if self.keys.user in op[4][1] and not self.withheld(one.segment):
                self.farewells.append((one.stream, op[4][2]))

    @property
    def forgotten(self) -> set[bytes]:
        """Streams this person reads no more: told so, and not given the epoch without them again; or walled off."""
        told = {stream for stream, without in self.farewells if without not in self.keys.streams}
        return told | {header[1] for header in self.headers.values() if self.keys.user in header[6]}

    def _roster(self, op: list[Any], one: Section, author: bytes) -> None:
        origin = (one.segment.device, one.segment.seq)
        if op[0] == ROOT:
            if op[4][2] != 1:
                return  # a later version: it holds by votes
            if h(encode(op[4])) != self.keys.root_hash:
                raise Refused("another root")
            self.admins = dict(op[4][4])
            return
        if op[0] == LAPTOP:
            certificate = op[4][1]
            ever = [decode(value[1][0]) for _, value, _, _ in self._entries(ADMISSION, NEW_KEYS)]
            signing = [record[1] for record in ever if record[0] == author]
            right = [key for key in signing if _is_signed(key, "device", certificate[0], certificate[1])]
            self._certified(certificate, author, (right or [self.people[author].signing])[0], origin)
            return
        record, certificate, role = op[4][1], op[4][2], op[4][3]
        user, signing, _, _, _ = parts(decode(record[0]), bytes, bytes, bytes, int, bytes)
        signed(signing, "user", record[0], record[1])
        known = self._role(author, one.segment.seen)
        if known != "administrator" and not (author in self.admins and (known is None or self.people)):
            raise Refused("let in by somebody who may not")
        if not self.people and self.admins.get(user) != signing:
            raise Refused("another founder")
        if office_ended(author, one.segment, self.given):
            return  # what they did as an administrator ended before
        if user in self.people and self.people[user].signing != signing:
            raise Refused("another's keys")
        self.people.setdefault(user, Person(signing, role, origin))
        self._certified(certificate, user, signing, origin)

    def _certified(self, certificate: list[bytes], user: bytes, signing: bytes, origin: tuple[bytes, int]) -> None:
        body, by_user, by_device = parts(certificate, bytes, bytes, bytes)
        organisation, owner, device, public = parts(decode(body), bytes, bytes, bytes, bytes)
        signed(signing, "device", body, by_user)
        signed(public, "device-self", body, by_device)
        if (organisation, owner) != (self.keys.organisation, user) or self.laptops[device] != (user, public):
            raise Refused("a laptop of somebody else")
        self.proven.setdefault(device, origin)

    # -------------------------------------------------------------- epochs (4)

    def _header(self, op: list[Any], one: Section, author: bytes) -> None:
        header = op[4]
        name = h(encode(header))
        if name in self.headers:
            return
        if set(header) != set(range(1, 11)) or header[1] != one.stream or op[1] != one.stream:
            raise Refused("a header of another shape or stream")
        members, walled = {member[0]: member[2] for member in header[5]}, set(header[6])
        ordered = [header[5], header[6], header[4]]
        if any(items != sorted(items) for items in ordered) or not members or len(members) != len(header[5]):
            raise Refused("a header with lists out of order")
        if walled & set(members) or (header[2] == ORGANISATION and walled):
            raise Refused("a key for somebody walled off")
        of_stream = {key: item for key, item in self.headers.items() if item[1] == one.stream}
        if not header[4]:
            self._first(header, one, author, of_stream)
        else:
            self._following(header, one, author, of_stream, members, walled)
            if self.withheld(one.segment):
                self.idle.add(name)
        self.headers[name] = header

    def _first(self, header: dict[int, Any], one: Section, author: bytes, of_stream: dict[bytes, Any]) -> None:
        role = self._role(author, one.segment.seen)
        leads = {member[0] for member in header[5] if member[2] == LEAD}
        if of_stream or header[3] != 1 or _role_in(header, author) != LEAD or leads != {author}:
            raise Refused("a stream begins a second time, or for another lead")
        if (header[2] == ORGANISATION) != (one.stream == self.keys.organisation_stream):
            raise Refused("another kind of stream")
        opens = ("administrator", "officer")
        allowed = {ORGANISATION: ("administrator",), CASE: opens, COMPARTMENT: opens}
        if header[2] in allowed and role not in allowed[header[2]]:
            raise Refused("a stream begun by somebody who may not")
        if header[2] == PERSONAL and {member[0] for member in header[5]} != {author}:
            raise Refused("a personal stream that is shared")
        if header[2] == COMPARTMENT and len(header[5]) < 2:
            raise Refused("a private interview of one reader")
        if header[2] == AUDIT and [member[0] for member in header[5] if member[2] >= WRITE] != [author]:
            raise Refused("a list of deeds in which another writes")

    def _following(
        self, header: dict[int, Any], one: Section, author: bytes, known: dict[bytes, Any], members: dict[bytes, int],
        walled: set[bytes],
    ) -> None:  # fmt: skip
        if any(name not in known for name in header[4]):
            raise Refused("follows a header that is not known")
        before = [known[name] for name in header[4]]
        if header[3] != 1 + max(one[3] for one in before) or any(one[2] != header[2] for one in before):
            raise Refused("miscounts, or changes the kind")
        if header[2] == ORGANISATION:
            in_before = self._in(self.segments[one.segment.previous]) if one.segment.previous != NONE else set()
            if author not in self.people or not self._in(one.segment) & in_before <= members.keys():
                raise Refused("somebody is left out of the organisation's records who is in it")
            if not members.keys() <= self.people.keys():
                raise Refused("readers of the organisation's records whom nobody let in")
            return
        if any(_role_in(one, author) < WRITE for one in before):
            raise Refused("by somebody who may not write")
        walls = {user for one in before for user in one[6]}
        if not walls <= walled:
            raise Refused("takes down a wall")
        if all(_role_in(one, author) == LEAD for one in before):
            return
        stays = readers({name: known[name] for name in _ancestry(header[4], known)}, self.idle)
        stays = {user: role for user, role in stays.items() if user not in self._gone(one.segment)}
        if walled != walls or any(members.get(user, 0) < role for user, role in stays.items()):
            raise Refused("takes away what only a lead may")
        led = LEAD in stays.values()
        if led and any(role == LEAD and stays.get(user) != LEAD for user, role in members.items()):
            raise Refused("makes a lead")

    def readers_of(self, stream: bytes) -> set[bytes]:
        """Who reads a stream as things stand."""
        return set(readers({name: item for name, item in self.headers.items() if item[1] == stream}, self.idle))

    # -------------------------------------------------------------- attached files (11)

    def file_of(self, record: Record, folder: Path) -> bytes:
        """An attached file, put together from its parts and verified."""
        value = {name: versions[0] for name, versions in record.fields.items()}
        size, names = value["size_bytes"], value["parts"]
        whole = b""
        for place in range(len(names) // 32):
            name = names[32 * place : 32 * place + 32].hex()
            (path,) = (folder / "cwf1" / "b").rglob(name)
            data = path.read_bytes()
            if h(data).hex() != name:
                raise Refused("a part that is not its name")
            context = ["cwf1/att", self.keys.organisation, record.stream, value["blob_id"], place]
            whole += unseal(value["key"], context, data)
        if len(whole) != padded(size) or any(whole[size:]) or h(whole[:size]) != value["sha256"]:
            raise Refused("not the file that was attached")
        first = next(h(encode(one)) for one in self.headers.values() if one[1] == record.stream and not one[4])
        name_key = expand(self.keys.streams[first][2], "cwf1/name")
        if hmac.digest(name_key, value["sha256"], "sha256")[:20] != value["blob_id"]:
            raise Refused("a blob id of another stream")
        return whole[:size]

    # -------------------------------------------------------------- records (7.1)

    def records(self) -> dict[bytes, Record]:
        """Every record there is, deleted ones included."""
        placed: dict[bytes, list[tuple[bytes, int, list[Any], list[bytes], bool, bytes]]] = {}
        done: set[bytes] = set()
        for change, section in self.taken:
            if change[0] in done or section.stream in self.forgotten:
                continue
            done.add(change[0])
            for place, op in enumerate(change[4]):
                if op[0] not in RECORD_OPS:
                    continue
                name = change[0] + place.to_bytes(2, "big")
                hidden = self.withheld(section.segment) and change[0] not in self.adopted
                item = (name, change[1], op, op[5], hidden, section.stream)
                placed.setdefault(op[1], []).append(item)
        return {entity: _fold(ops) for entity, ops in placed.items()}


def _fold(ops: list[tuple[bytes, int, list[Any], list[bytes], bool, bytes]]) -> Record:
    named = {name: deps for name, _, _, deps, _, _ in ops}
    hidden = {name for name, _, _, _, withheld, _ in ops if withheld}
    replaced: set[bytes] = set()
    waiting = [dep for name, deps in named.items() if name not in hidden for dep in deps]
    while waiting:
        dep = waiting.pop()
        if dep not in replaced:
            replaced.add(dep)
            waiting += named[dep] if dep in hidden else []
    heads: dict[str, list[tuple[int, bytes, Any]]] = {}
    tombstones = []
    for name, hlc, op, _, withheld, _ in ops:
        if withheld or name in replaced or op[0] == REMOVE:
            continue
        if op[0] == TOMBSTONE:
            tombstones.append(op[4])
        else:
            heads.setdefault(op[3], []).append((hlc, name, op[4]))
    standing = {name for versions in heads.values() for _, name, _ in versions}
    deleted = any(standing <= set(saw) for saw in tombstones) or not (standing or tombstones)
    ordered = {name: sorted(versions, key=lambda one: one[:2], reverse=True) for name, versions in heads.items()}
    shown = {name: [value for _, _, value in versions] for name, versions in ordered.items()}
    return Record(ops[0][2][2], ops[0][5], deleted, shown)


def _retired(value: Any) -> None:
    """An entry that says what a pack replaces (31): information, of one shape."""
    if not isinstance(value, dict) or set(value) != {1, 2}:
        raise Refused("retired files of another shape")
    names = [value[1], *value[2]]
    if any(not isinstance(name, bytes) or len(name) != 32 for name in names) or value[1] in value[2]:
        raise Refused("retired files under other names than files have")
    if value[2] != sorted(value[2]):
        raise Refused("retired files out of order")


def _is_signed(public: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
    try:
        signed(public, purpose, message, signature)
    except Refused:
        return False
    return True


def _role_in(header: dict[int, Any], user: bytes) -> int:
    return next((int(role) for member, _, role in header[5] if member == user), 0)


def _ancestry(names: list[bytes], known: dict[bytes, Any]) -> set[bytes]:
    found: set[bytes] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting += known[name][4]
    return found


def readers(headers: dict[bytes, dict[int, Any]], idle: set[bytes]) -> dict[bytes, int]:
    """Of epochs made apart the readers are those of all, without anybody one of them removed or walled off."""
    headers = {name: header for name, header in headers.items() if name not in idle}
    followed = {parent for header in headers.values() for parent in header[4]}
    leaves = sorted((header[3], name) for name, header in headers.items() if name not in followed)
    found: dict[bytes, int] = {}
    gone: set[bytes] = set()
    for _, name in leaves:
        header = headers[name]
        found.update({user: role for user, _, role in header[5]})
        before = {user for older in _ancestry(header[4], headers) for user, _, _ in headers[older][5]}
        gone |= set(header[6]) | (before - {user for user, _, _ in header[5]})
    return {user: role for user, role in found.items() if user not in gone}
