"""A PDF of the shaping engine taken apart into objects, so that its pages can stand among ours, structure and all.

Only what that engine writes is read (one revision, a plain table of places, no object streams); anything else is our
own bug, never guessed at. Source: ISO 32000-1 7.5 (file structure), 14.7 (logical structure).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.foundation.errors import BugError

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+")
_OBJECT = re.compile(rb"\s*(\d+) 0 obj\s")
_REFERENCE = re.compile(rb"(\d+) 0 R\b")
# Strings: what looks like a reference inside words is none.
_STRING = re.compile(rb"(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\([^()]*\))*\))*\))", re.DOTALL)
_SPLIT = b"\nstream\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One object: its text, and its stream with the words around it, or nothing."""

    text: bytes
    stream: bytes = b""


@dataclass(frozen=True, slots=True)
class TakenApart:
    """The objects by number; pages in order; for each page the object that lists the elements of its content.

    `top` are the elements directly under the document's own, each with the number of its first page from 0.
    """

    parts: Mapping[int, Part]
    pages: tuple[int, ...]
    page_tree: int
    marks: tuple[int, ...]
    document: int
    top: tuple[tuple[int, int], ...]
    roles: Mapping[bytes, bytes]
    left_behind: frozenset[int]


def taken_apart(data: bytes) -> TakenApart:
    """Every object of a file of the shaping engine.

    Raises:
        BugError: it is not built as that engine builds files.
    """
    try:
        return _taken_apart(data)
    except (AttributeError, KeyError, ValueError, IndexError) as error:
        raise BugError(rule="the shaping engine's file is built as it always was") from error


def renumbered(text: bytes, number_of: Callable[[int], int]) -> bytes:
    """`text` with every reference changed, those inside strings left alone."""
    pieces = _STRING.split(text)
    for at in range(0, len(pieces), 2):
        pieces[at] = _REFERENCE.sub(lambda found: b"%d 0 R" % number_of(int(found[1])), pieces[at])
    return b"".join(pieces)


def _taken_apart(data: bytes) -> TakenApart:
    parts = _parts(data)
    trailer = data[data.rindex(b"trailer") :]
    catalog = _reference(trailer, b"Root")
    info = _reference(trailer, b"Info")
    page_tree = _reference(parts[catalog].text, b"Pages")
    tree = _reference(parts[catalog].text, b"StructTreeRoot")
    pages = tuple(_references(_array(parts[page_tree].text, b"Kids")))
    keys = {int(key): int(value) for key, value in re.findall(rb"(\d+) (\d+) 0 R", _array(parts[tree].text, b"Nums"))}
    marks = tuple(keys[int(_value(parts[page].text, rb"StructParents (\d+)"))] for page in pages)
    (document,) = _references(_array(parts[tree].text, b"K"))
    places = {page: at for at, page in enumerate(pages)}
    top, at = [], 0
    for kid in _kids(parts[document].text):
        page = _first_page(parts, kid)
        at = at if page is None else places[page]
        top.append((kid, at))
    found = re.search(rb"/RoleMap<<(.*?)>>", parts[tree].text)
    roles = dict(re.findall(rb"/(\w+)/(\w+)", found[1])) if found else {}
    ours = {catalog, info, page_tree, tree, document, *marks, *_references(parts[catalog].text)}
    return TakenApart(parts, pages, page_tree, marks, document, tuple(top), roles, frozenset(ours - {0}))


def _parts(data: bytes) -> dict[int, Part]:
    start = _START.search(data)
    table = _TABLE.match(data, int(start[1])) if start else None
    if start is None or table is None:
        raise BugError(rule="the shaping engine's file has one table of places")
    lines = data[table.end() :].split(b"\n", int(table[1]))[: int(table[1])]
    places = sorted((int(line[:10]), number) for number, line in enumerate(lines) if b" n" in line)
    ends = [at for at, _ in places[1:]] + [int(start[1])]
    found = {}
    for (at, number), end in zip(places, ends, strict=True):
        raw = data[at:end]
        head = _OBJECT.match(raw)
        if head is None or int(head[1]) != number:
            raise BugError(rule="the shaping engine's table points at its objects")
        body = raw[head.end() : raw.rindex(b"endobj")].rstrip()
        if body.startswith(b"<<") and _SPLIT in body:
            text, stream = body.split(_SPLIT, 1)
            found[number] = Part(text, _SPLIT + stream)
        else:
            found[number] = Part(body)
    return found


def _first_page(parts: Mapping[int, Part], element: int) -> int | None:
    """The page of an element's first content, however deep; None for one without any."""
    text = parts[element].text
    if found := re.search(rb"/Pg (\d+) 0 R", text):
        return int(found[1])
    kids = _kids(text) if b"/K" in text else []
    return next((page for kid in kids if (page := _first_page(parts, kid)) is not None), None)


def _kids(text: bytes) -> list[int]:
    return _references(_array(text, b"K"))


def _array(text: bytes, key: bytes) -> bytes:
    """What stands in the brackets after a key."""
    return bytes(_value(text, rb"/" + key + rb"\s*\[([^\]]*)\]"))


def _reference(text: bytes, key: bytes) -> int:
    return int(_value(text, rb"/" + key + rb" (\d+) 0 R"))


def _references(text: bytes) -> list[int]:
    return [int(found) for found in _REFERENCE.findall(text)]


def _value(text: bytes, pattern: bytes) -> bytes:
    found = re.search(pattern, text)
    if found is None:
        raise BugError(rule="the shaping engine's file names what belongs to it")
    return bytes(found[1])
