"""What connections, whoever looks on, and things set apart add to the story of a case."""

from __future__ import annotations

from collections.abc import Iterable

from core.domain.access import ConflictCheck, ConflictDeclaration
from core.domain.audit import AuditKeeper
from core.domain.confidential import CompartmentStub
from core.services.telling import Names, Teller, TimelineEntry, entry


def _tell_check(check: ConflictCheck, names: Names) -> Iterable[TimelineEntry | None]:
    who, about = names.get(check.by, ""), names.get(check.user, "A colleague")
    yield entry(check, check.at, f"{about} has no connection with the case", who, check.reason)


def _tell_declaration(one: ConflictDeclaration, names: Names) -> Iterable[TimelineEntry | None]:
    about = names.get(one.user, "A colleague")
    said = "is connected with somebody in it" if one.connected else "is not connected with anybody in it"
    yield entry(one, one.at, f"{about} said before opening it: {said}", about, one.how, sensitive=bool(one.how))


def _tell_keeper(keeper: AuditKeeper, names: Names) -> Iterable[TimelineEntry | None]:
    about = names.get(keeper.user, "Somebody")
    yield entry(keeper, keeper.at, f"{about} looks on at what is opened and given out", "", keeper.reason)


def _tell_stub(stub: CompartmentStub, names: Names) -> Iterable[TimelineEntry | None]:
    count = stub.readers or 0
    yield entry(stub, stub.at, f"Private interview, {count} readers", names.get(stub.by, ""), "")


TELLERS: dict[str, Teller] = {
    ConflictCheck.SPEC.name: _tell_check, ConflictDeclaration.SPEC.name: _tell_declaration,
    AuditKeeper.SPEC.name: _tell_keeper, CompartmentStub.SPEC.name: _tell_stub,
}  # fmt: skip
