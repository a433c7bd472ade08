"""Who may still do what where two people have to be two (policy 7.1 to 7.3), also where only a handful are left.

1. A duty that needs a second pair of eyes is never done by somebody connected with the case, nor by whoever did the
   thing it looks at.
2. In a small organisation the duty passes on: first the holder of its office, then anybody else who can, and if
   everybody is connected or involved, the independent reviewer by name. If there is none either, that is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.case import ONE_OF_US, Party
from core.domain.governance import OfficeHeld
from core.policy.keeps import keeps
from core.policy.pack import Office, PolicyPack

WRITES = frozenset({"administrator", "officer"})
ADMINISTERS = frozenset({"administrator"})


@dataclass(frozen=True, slots=True)
class SharedDuty:
    """Something that takes people who are not the ones concerned. `offices` come first, in this order."""

    code: str
    words: str
    clause: str
    needed: int
    roles: frozenset[str]
    offices: tuple[str, ...]
    of_a_case: bool = True


SHARED_DUTIES = (
    SharedDuty(
        "second-person", "Agree as the second person to judging lower", "4.3", 1, WRITES, ("development-worker",)
    ),
    SharedDuty("close", "Close a case that somebody else leads", "4.29", 1, WRITES, ("development-worker",)),
    SharedDuty("appeal", "Decide an appeal", "4.29", 1, WRITES, ("chairperson", "finance-officer")),
    SharedDuty("override", "Sign that somebody kept out is let in", "4.31", 2, ADMINISTERS, ("chairperson",)),
    SharedDuty("pack", "Agree to a change of a pack", "7.1", 1, WRITES, ("chairperson",), of_a_case=False),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with keys: their role, and the offices they hold today. `outside`: only as a reviewer."""

    user: bytes
    name: str
    role: str
    offices: frozenset[str] = frozenset()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class WhoCan:
    """Who can do one duty now. `by_reviewer`: some of them only as independent reviewer; `short`: too few."""

    duty: SharedDuty
    able: tuple[Person, ...]
    by_reviewer: bool
    short: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an office on a day; `user` empty: somebody without a workbook here."""

    office: Office
    user: bytes
    name: str
    since: date | None


@keeps("7.1", "Who is Chairperson on a day", on=("Organisation",))
@keeps("7.2", "Who is Co-op Development Worker on a day", on=("Organisation",))
@keeps("7.3", "Who is Finance Officer on a day", on=("Organisation",))
def holders_on(records: Iterable[OfficeHeld], pack: PolicyPack, on: date) -> tuple[Holder, ...]:
    """Policy 7.1, 7.2, 7.3: who holds which office on a day, in the order of the pack; several may hold one."""
    found = []
    for office in pack.offices:
        held = [one for one in records if one.office == office.code and _holds(one, on)]
        found += [
            Holder(office, one.user, one.name, one.since)
            for one in sorted(held, key=lambda one: (one.since or date.min, one.id))
        ]
    return tuple(found)


@keeps("7.1", "An office nobody holds is said", on=("Today", "Organisation"))
def vacant_offices(records: Iterable[OfficeHeld], pack: PolicyPack, on: date) -> tuple[Office, ...]:
    """Policy 7.1, 7.2, 7.3: offices of the policy that nobody holds."""
    held = {holder.office.code for holder in holders_on(records, pack, on)}
    return tuple(office for office in pack.offices if office.code not in held)


@keeps("7.1", "Who can still do what takes another; if nobody, the independent reviewer", on=("Organisation", "Access"))
def who_can(  # who is left out, by name
    duty: SharedDuty, people: Collection[Person], *, involved: Collection[bytes] = (),
    connected: Collection[bytes] = (), besides: int = 0,
) -> WhoCan:  # fmt: skip
    """Policy 7.1, 7.2, 7.3: who can do a duty when some are `involved` in it and some `connected` with the case.

    `besides`: how many more people there must be because one of those able may be the one concerned.
    """
    free = [one for one in people if one.user not in involved and one.user not in connected and one.role in duty.roles]
    inside = sorted((one for one in free if not one.outside), key=lambda one: _rank(duty, one))
    reviewers = sorted((one for one in free if one.outside), key=lambda one: (one.name.casefold(), one.user))
    needed = duty.needed + besides
    if len(inside) >= needed:
        return WhoCan(duty, tuple(inside), False, False, _named(inside))
    able = (*inside, *reviewers)
    if len(able) >= needed:
        said = f"{_named(able)}. Nobody else is free to: this is for the independent reviewer."
        return WhoCan(duty, able, True, False, said)
    said = "Nobody is free to. Invite an independent reviewer from outside, and let them hold that office."
    if able:
        takes = "it takes two people" if needed == 2 else f"it takes {needed} people"
        said = f"Only {_named(able)}, and {takes}. Invite an independent reviewer from outside."
    return WhoCan(duty, able, False, True, said)


def everything_still_possible(
    people: Collection[Person], *, involved: Collection[bytes] = (), connected: Collection[bytes] = ()
) -> tuple[WhoCan, ...]:
    """Policy 7.1: every shared duty and who can do it. As long as nobody is `involved`, one of them may come to be."""
    besides = 0 if involved else 1
    return tuple(
        who_can(duty, people, involved=involved, connected=connected, besides=besides) for duty in SHARED_DUTIES
    )


@keeps("4.31", "Everybody with keys says first whether they are connected with the case", on=("Access",))
def must_declare(*, user: bytes, opened_by: bytes, declared: Collection[bytes], harmed: bool = False) -> bool:
    """Policy 4.31 and 7.1: before opening a case for the first time, everybody with keys says whether they are
    connected with anybody in it. Whoever took the report knows who it is about and says so on their own account.

    Who was `harmed` and works here (3.1) was given a key because it is their own case: they are asked nothing.
    """
    return user not in declared and user != opened_by and not harmed


@keeps("3.1", "One of us who was harmed may be given a key to their own case", on=("Access",))
def is_their_own(people: Iterable[Party], name: str) -> bool:
    """Policy 1.3 and 3.1: whether somebody who works here, by name, is the one harmed in a case, and not complained
    about in it."""
    said = name.strip().casefold()
    return bool(said) and any(
        one.sort in ONE_OF_US and "harmed" in one.roles and "alleged-perpetrator" not in one.roles
        and said in {own.strip().casefold() for own in (one.name, *one.also_known_as)}
        for one in people
    )  # fmt: skip


@keeps("4.31", "Who declared a connection is kept out by key", on=("Access",))
def to_keep_out(*, connected: Collection[bytes], reads: Collection[bytes], lead: bytes) -> tuple[bytes, ...]:
    """Policy 4.31: who declared a connection and still reads the case. Whoever leads hands over first."""
    return tuple(sorted(user for user in connected if user in reads and user != lead))


def _holds(one: OfficeHeld, on: date) -> bool:
    begun = one.since is None or one.since <= on
    return begun and (one.until is None or one.until >= on)


def _rank(duty: SharedDuty, one: Person) -> tuple[int, str, bytes]:
    places = [place for place, office in enumerate(duty.offices) if office in one.offices]
    return (min(places, default=len(duty.offices)), one.name.casefold(), one.user)


def _named(people: Collection[Person]) -> str:
    names = [one.name or "a colleague" for one in people]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else "Nobody"
