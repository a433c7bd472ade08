"""What a laptop ought to show, said again by the second reader from the bare files: the oracle beside the reducer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.domain.catalogue import RECORD_TYPES
from core.domain.values import holds, to_wire
from core.services.workspace import Workspace
from core.store import schema
from core.store.mailbox import VaultMailbox
from tests.independent.formats import Keys, decode
from tests.independent.reader import Folder

APPLIED = ("applied", "withheld", "outbox", "published")


def keys_of(workspace: Workspace) -> Keys:
    """The keys of an open workbook as the second reader wants them, without paying for the passphrase."""
    with workspace.store.reading() as connection:
        meta = dict([tuple(row) for row in connection.execute(select(schema.META.c.name, schema.META.c.value))])
    with VaultMailbox(workspace.store.engine).reading() as box:
        epochs, entries, envelope = box.epochs(), box.roster_entries(), box.envelope_keys()
    return Keys(
        organisation=workspace.keys.organisation,
        user=workspace.keys.user,
        wrap_seeds={0: workspace.keys.user_wrap_seed.reveal()},
        root_hash=meta["root-hash"],
        organisation_stream=meta["organisation-stream"],
        envelope=[(number, key.reveal()) for number, key in envelope],
        streams={row.header_hash: (row.stream, row.number, row.key.reveal()) for row in epochs if row.key},
        roster=[(entry.kind, decode(entry.value)) for entry in entries],
    )


def shown_by(workspace: Workspace) -> dict[str, Any]:
    """Every field of every record as the program gives it to its screens, in wire values."""
    found: dict[str, Any] = {}
    for kind in RECORD_TYPES:
        for record in workspace.store.select(kind):
            values = {}
            for name, spec in kind.SPEC.fields.items():
                value = getattr(record, name)
                values[name] = {to_wire(spec, item) for item in value} if spec.kind.many else to_wire(spec, value)
            found[f"{kind.SPEC.name} {record.id.hex()}"] = {"stream": record.stream, **values}
    return found


def read_by(folder: Folder) -> dict[str, Any]:
    """The same out of the second reader; a field nobody set has the declared default."""
    found: dict[str, Any] = {}
    kinds = {kind.SPEC.name: kind for kind in RECORD_TYPES}
    for entity, record in folder.records().items():
        if record.deleted:
            continue
        kind, values = kinds[record.type], {}
        for name, spec in kind.SPEC.fields.items():
            default = kind.__dataclass_fields__[name].default
            standing = [value for value in record.fields.get(name, []) if value is not None and holds(spec, value)]
            if spec.kind.many:
                values[name] = set(standing) if name in record.fields else {to_wire(spec, item) for item in default}
            else:
                values[name] = standing[0] if standing else to_wire(spec, default)
        found[f"{record.type} {entity.hex()}"] = {"stream": record.stream, **values}
    return found


def write_applied(workspace: Workspace, folder: Path) -> None:
    """The files a vault has applied or made, and no others, as a folder of their own."""
    target = folder / "cwf1" / "2026-01"
    target.mkdir(parents=True)
    with workspace.store.reading() as connection:
        rows = connection.execute(
            select(schema.SEGMENT.c.name, schema.SEGMENT.c.file).where(
                schema.SEGMENT.c.state.in_(APPLIED), schema.SEGMENT.c.file.is_not(None)
            )
        )
        for name, data in rows:
            (target / name).write_bytes(data)
