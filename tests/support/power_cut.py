"""What a disk may hold after the power went: everything flushed, and any part of what was not.

A program runs under `strace`, which writes down every write with its bytes and every flush. From that log the folder
can be put together as a power cut at any moment may leave it. A write that was not flushed is there or not,
sector by sector and in any order; so is a length; a new name, a rename and a deletion come in their order, up to any of
them. What the program said before the cut must hold in every such folder.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR_BYTES = 512
CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,openat"
_LINE = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+=\s+(-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_AT = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the program did below its folder, or (`said`) told the world."""

    what: str
    name: str = ""
    data: bytes = b""
    at: int = 0
    other: str = ""


@dataclass(slots=True)
class _File:
    """What is flushed, and what was done since."""

    flushed: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)

    def as_left(self, dice: random.Random, *, all_of_it: bool = False) -> bytearray:
        content = bytearray(self.flushed)
        for step in self.since:
            if step.what == "length":
                if all_of_it or dice.random() < 0.5:
                    content = content[: step.at] + bytes(max(0, step.at - len(content)))
                continue
            for start in range(0, len(step.data), SECTOR_BYTES):
                if all_of_it or dice.random() < 0.5:
                    piece, place = step.data[start : start + SECTOR_BYTES], step.at + start
                    content += bytes(max(0, place + len(piece) - len(content)))
                    content[place : place + len(piece)] = piece
        return content

    def flush(self) -> None:
        self.flushed = self.as_left(random.Random(0), all_of_it=True)
        self.since.clear()


def trace(command: Sequence[str], folder: Path, log: Path) -> list[Step]:
    """Run `command` to its end and give what it did below `folder` and said on its standard output."""
    watched = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={CALLS}", "-o", str(log), *command]
    done = subprocess.run(watched, capture_output=True, text=True, timeout=100, check=False)
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    with log.open(encoding="ascii") as lines:
        return [step for line in lines if (step := _step(line, folder)) is not None]


def cut(steps: Sequence[Step], start: Path, into: Path, *, after: int, dice: random.Random) -> list[bytes]:
    """Put the folder together as a power cut after `after` steps may leave it; gives what was said before."""
    files = {path.name: _File(bytearray(path.read_bytes())) for path in start.iterdir() if path.is_file()}
    names = dict(files)
    pending: list[Step] = []
    said: list[bytes] = []
    opened = dict(files)
    for step in steps[:after]:
        if step.what == "said":
            said.append(step.data)
        elif step.what in ("write", "length"):
            opened.setdefault(step.name, _File()).since.append(step)
        elif step.what == "flush":
            if step.name == "":
                _settle(names, opened, pending)
                pending = []
            elif step.name in opened:
                opened[step.name].flush()
                if step.name not in names:  # flushing a new file makes its name durable too on the systems we know
                    names[step.name] = opened[step.name]
        else:
            _note_name(step, opened, pending)
    _settle(names, opened, pending[: dice.randint(0, len(pending))])
    into.mkdir(mode=0o700)
    for name, file in names.items():
        (into / name).write_bytes(file.as_left(dice))
    return said


def _note_name(step: Step, opened: dict[str, _File], pending: list[Step]) -> None:
    if step.what == "begin":
        if step.name not in opened:
            opened[step.name] = _File()
            pending.append(step)
    elif step.what == "rename":
        opened[step.other] = opened.pop(step.name, _File())
        pending.append(Step("rename", step.name, other=step.other))
    elif step.what == "delete":
        opened.pop(step.name, None)
        pending.append(step)


def _settle(names: dict[str, _File], opened: dict[str, _File], pending: Sequence[Step]) -> None:
    """Names as they stand after these steps, in order."""
    for step in pending:
        if step.what == "begin":
            if step.name in opened:
                names.setdefault(step.name, opened[step.name])
        elif step.what == "rename":
            moved = names.pop(step.name, None) or opened.get(step.other)
            if moved is not None:
                names[step.other] = moved
        else:
            names.pop(step.name, None)


def _step(line: str, folder: Path) -> Step | None:
    found = _LINE.match(line)
    if found is None or int(found[3]) < 0:
        return None
    call, told = found[1], found[2]
    texts = [_bytes(text) for text in _TEXT.findall(told)]
    if call in ("openat", "rename", "renameat", "renameat2", "unlink", "unlinkat"):
        inside = [name for text in texts if (name := _inside(text, folder)) is not None]
        return _of_names(call, inside, begins="O_CREAT" in told) if inside else None
    at = _AT.match(told)
    if at is None:
        return None
    if call == "write" and at[1] == "1":
        return Step("said", data=texts[0])
    name = _inside(_bytes(at[2]), folder)
    return None if name is None or name.endswith("-shm") else _of_content(call, name, texts, told)


def _of_names(call: str, inside: list[str], *, begins: bool) -> Step | None:
    if call == "openat":
        return Step("begin", inside[0]) if begins else None
    return Step("rename", inside[0], other=inside[1]) if "rename" in call else Step("delete", inside[0])


def _of_content(call: str, name: str, texts: list[bytes], told: str) -> Step:
    if call in ("fsync", "fdatasync"):
        return Step("flush", name)
    place = int(told.rsplit(",", 1)[1]) if call != "write" else 0
    return Step("length", name, at=place) if call == "ftruncate" else Step("write", name, texts[0], place)


def _inside(path: bytes, folder: Path) -> str | None:
    text = path.decode()
    if text == str(folder):
        return ""
    return text[len(str(folder)) + 1 :] if text.startswith(f"{folder}/") else None


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
