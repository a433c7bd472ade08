"""PROTOCOL 12 from the page: the organisation sheet, the capsule it opens with two share sheets, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.independent.formats import Refused, decode, expand, h, open_file, parts, unwrap, wrap_key

CUSTOMISATION = "cwf1/organisation-sheet"
_GENERATORS = (
    0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What the organisation sheet says."""

    boot: bytes
    root: bytes
    group: bytes


def read_sheet(words: str, every_word: Sequence[str]) -> Sheet:
    """Thirty-one words of ten bits and three of a checksum. `every_word`: the list of SLIP-39."""
    numbers = [every_word.index(word) for word in words.split()]
    if len(numbers) != 31 + 3 or _rs1024([*CUSTOMISATION.encode(), *numbers]) != 1:
        raise Refused("a mistyped sheet")
    whole = 0
    for number in numbers[:31]:
        whole = whole << 10 | number
    if whole & 63:
        raise Refused("bits beyond the end")
    data = (whole >> 6).to_bytes(38, "big")
    return Sheet(data[:16], data[16:27], data[27:38])


def capsules(folder: Path, sheet: Sheet, seed: bytes) -> list[dict[int, Any]]:
    """What every capsule in a folder gives to whoever has the sheet and the group's seed."""
    key = expand(h(b"cwf1/boot\0" + sheet.boot), "cwf1/capsule")
    private = wrap_key(seed)
    found = []
    for path in sorted((folder / "cwf1").rglob("*")):
        try:
            content = decode(open_file(path.read_bytes(), key, ["cwf1/capsule"])) if path.is_file() else None
        except Refused:
            continue
        if content is not None:
            label, mark, wrapped = parts(content, str, bytes, bytes)
            inside = decode(unwrap(private, ["cwf1/boot", mark], wrapped))
            if label != "cwf1/capsule" or inside[5] != mark or h(inside[2])[:11] != sheet.root:
                raise Refused("a capsule of another group or organisation")
            found.append(inside)
    return found


def _rs1024(values: Sequence[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 20
        checksum = (checksum & 0xFFFFF) << 10 ^ value
        for place, generator in enumerate(_GENERATORS):
            checksum ^= generator if top >> place & 1 else 0
    return checksum
