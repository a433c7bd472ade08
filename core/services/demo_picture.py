"""A small picture for the demo: a wall with a scribble on it. Drawn here, of nothing and nobody."""

from __future__ import annotations

import struct
import zlib

WIDE, HIGH = 240, 150
_WALL, _JOINT, _PAINT = (176, 120, 96), (146, 100, 82), (40, 44, 60)
_BRICK_HIGH, _BRICK_WIDE, _THICK = 15, 40, 4


def wall_picture() -> bytes:
    """A PNG of 240 by 150 points."""
    painted = set(_scribble())
    rows = b"".join(b"\0" + b"".join(bytes(_colour(x, y, painted)) for x in range(WIDE)) for y in range(HIGH))
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _colour(x: int, y: int, painted: set[tuple[int, int]]) -> tuple[int, int, int]:
    if (x, y) in painted:
        return _PAINT
    shift = _BRICK_WIDE // 2 if (y // _BRICK_HIGH) % 2 else 0
    is_joint = y % _BRICK_HIGH == 0 or (x + shift) % _BRICK_WIDE == 0
    return _JOINT if is_joint else _WALL


def _scribble() -> list[tuple[int, int]]:
    """A line that goes up and down, as thick as a spray can paints."""
    line = [(x, 75 + abs((x * 3) % 80 - 40) - 20) for x in range(40, 200)]
    reach = range(-_THICK, _THICK + 1)
    return [(x + a, y + b) for x, y in line for a in reach for b in reach if a * a + b * b <= _THICK * _THICK]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
