"""Two laptops of one office that share a case, set up once and copied for each test."""

from __future__ import annotations

from pathlib import Path

from core.changes.change import OpId
from core.domain.case import Case
from core.domain.declare import Record
from core.foundation.ids import RecordId
from core.services import streams, sync, versions
from core.services.workspace import Workspace
from tests.support.laptops import Office, Template

ANA, BEN = "Ana Reyes", "Ben Okafor"


def two_laptops(root: Path) -> Template:
    """Ana founded the organisation, Ben joined to look after it with her; nothing else is there."""
    office = Office(root)
    ana = office.found(ANA, "ar")
    ben = office.join(ana, BEN, "bo", role="administrator")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    return Template.of(office, {ANA: ana, BEN: ben})


def shared_case(ana: Workspace, ben: Workspace, kind: type[Record], **values: object) -> tuple[RecordId, RecordId]:
    """(case, record): a case both read, with one record of `kind` in it; both laptops have it."""
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-001", summary="Shouting on the stairs")
        record = case if kind is Case else unit.create(kind, stream, case=case, **values)
        if kind is Case and values:
            unit.update(Case, case, **values)
    swap(ana, ben)
    return case, record


def write(laptop: Workspace, kind: type[Record], record: RecordId, **values: object) -> None:
    """Somebody changes a record on one laptop."""
    with laptop.store.unit("test") as (unit, _):
        unit.update(kind, record, **values)


def swap(*laptops: Workspace) -> None:
    """Each sends and takes in until all have everything."""
    for laptop in (*laptops, *laptops):
        sync.sync_now(laptop)


def asked(laptop: Workspace, case: RecordId) -> versions.Contested:
    """The one choice that waits in a case."""
    (found,) = versions.versions_of_case(laptop, case=case)
    return found


def with_words(found: versions.Contested, words: str) -> OpId:
    """The id of the version that says this."""
    return next(version.id for version in found.versions if version.words == words)


def choose(laptop: Workspace, case: RecordId, words: str) -> None:
    """Somebody keeps the version that says this."""
    found = asked(laptop, case)
    versions.settle_versions(
        laptop, record=found.record, field=found.field, seen=found.ids, chosen=with_words(found, words)
    )
