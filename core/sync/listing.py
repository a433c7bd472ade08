"""What a listing of the shared folder says: where new things are, and which files lie under which names."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from core.foundation.ports import FileInfo, SharedStore
from core.sync.engine.blob import is_blob_path
from core.sync.engine.envelope import NAME_LENGTH, is_name

ROOT = "cwf1"


@runtime_checkable
class Glancing(Protocol):
    """A store that can tell names without looking at the files. Nothing depends on it but the time a round takes."""

    def names(self, prefix: str) -> Sequence[str]: ...
    def info(self, name: str) -> FileInfo | None: ...


def new_files(store: SharedStore, prefix: str, known: Container[str]) -> tuple[int, Sequence[FileInfo]]:
    """How many files lie below `prefix`, and those whose names are not `known`."""
    if isinstance(store, Glancing):
        names = store.names(prefix)
        new = [name for name in names if name[-NAME_LENGTH:] not in known]
        return len(names), [info for name in new if (info := store.info(name)) is not None]
    listed = list(store.list(prefix))
    return len({info.name for info in listed}), [info for info in listed if last_part(info) not in known]


def month_of(moment: datetime) -> str:
    """As it stands in the folder: 2026-11."""
    return f"{moment:%Y-%m}"


def recent(now: datetime) -> tuple[str, str]:
    """Where everything new is: this month and the last."""
    this_month = now.replace(day=1)
    return f"{ROOT}/{month_of(this_month)}", f"{ROOT}/{month_of(this_month - timedelta(days=1))}"


def entries(listed: Iterable[FileInfo]) -> list[FileInfo]:
    """What may hold entries: everything but attached files."""
    return [info for info in listed if not is_blob_path(info.name)]


def canonical(listed: Iterable[FileInfo]) -> dict[str, list[FileInfo]]:
    """The files under names of the one form, by name; each may lie in several places."""
    found: dict[str, list[FileInfo]] = {}
    for info in entries(listed):
        name = last_part(info)
        if is_name(name):
            found.setdefault(name, []).append(info)
    return found


def strange(listed: Iterable[FileInfo]) -> Sequence[FileInfo]:
    """Files under other names, such as the copies a sync program makes; they are always read."""
    return [info for info in entries(listed) if not is_name(last_part(info))]


def last_part(info: FileInfo) -> str:
    """The name without its folders."""
    return info.name.rpartition("/")[2]
