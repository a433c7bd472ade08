"""A small D-Bus client, so that a test can listen as a screen reader does without installing one.

Blocking, little-endian, no file descriptors, no signals: what AT-SPI needs and no more.
https://dbus.freedesktop.org/doc/dbus-specification.html (message format, EXTERNAL authentication).
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Any

METHOD_CALL, METHOD_RETURN, ERROR = 1, 2, 3
PATH, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE = range(1, 9)
NO_AUTO_START = 2
BUS = "org.freedesktop.DBus"

FIXED = {"y": "B", "n": "h", "q": "H", "i": "i", "u": "I", "x": "q", "t": "Q", "d": "d", "b": "I", "h": "I"}
ALIGNED = {"y": 1, "n": 2, "q": 2, "i": 4, "u": 4, "x": 8, "t": 8, "d": 8, "b": 4, "h": 4,
           "s": 4, "o": 4, "g": 1, "a": 4, "(": 8, "{": 8, "v": 1}  # fmt: skip


class CallRefused(Exception):
    """The other side answered with an error; `.args` are its name and its words."""


class Connection:
    """One connection to a bus."""

    def __init__(self, address: str, *, timeout_s: float = 20.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._socket.connect(_where(address))
        self._socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        answer = b""
        while not answer.endswith(b"\r\n"):
            answer += self._socket.recv(256)
        if not answer.startswith(b"OK "):
            raise CallRefused("authentication", answer.decode())
        self._socket.sendall(b"BEGIN\r\n")
        self._serial = 0
        self._ask_bus("Hello")

    def close(self) -> None:
        self._socket.close()

    def call(self, to: str, path: str, interface: str, member: str, signature: str = "", *values: Any) -> Any:
        """The answer: None, one value, or a tuple. Raises `CallRefused` for an error."""
        self._serial += 1
        body = _Writer()
        for one, value in zip(_split(signature), values, strict=True):
            body.put(one, value)
        fields: list[tuple[int, tuple[str, Any]]] = [
            (PATH, ("o", path)), (INTERFACE, ("s", interface)), (MEMBER, ("s", member)), (DESTINATION, ("s", to)),
        ]  # fmt: skip
        if signature:
            fields.append((SIGNATURE, ("g", signature)))
        head = _Writer()
        first = (ord("l"), METHOD_CALL, NO_AUTO_START, 1, len(body.bytes), self._serial)
        for one, value in zip("yyyyuu", first, strict=True):
            head.put(one, value)
        head.put("a(yv)", fields)
        head.pad(8)
        self._socket.sendall(bytes(head.bytes + body.bytes))
        return self._answer(self._serial)

    def property(self, to: str, path: str, interface: str, name: str) -> Any:
        return self.call(to, path, "org.freedesktop.DBus.Properties", "Get", "ss", interface, name)

    def process_of(self, name: str) -> int:
        """The process that owns a name on this bus."""
        return int(self._ask_bus("GetConnectionUnixProcessID", "s", name))

    def _ask_bus(self, member: str, signature: str = "", *values: Any) -> Any:
        return self.call(BUS, "/org/freedesktop/DBus", BUS, member, signature, *values)

    def _answer(self, serial: int) -> Any:
        while True:
            kind, fields, body = self._message()
            if fields.get(REPLY_SERIAL) != serial or kind not in (METHOD_RETURN, ERROR):
                continue
            reader = _Reader(body)
            values = tuple(reader.take(one) for one in _split(fields.get(SIGNATURE, "")))
            if kind == ERROR:
                raise CallRefused(fields.get(ERROR_NAME, ""), *values)
            return None if not values else values[0] if len(values) == 1 else values

    def _message(self) -> tuple[int, dict[int, Any], bytes]:
        first = self._exactly(16)
        order, kind, _, _, body_bytes, _, fields_bytes = struct.unpack("<BBBBIII", first)
        if order != ord("l"):
            raise CallRefused("byte order", "only little-endian messages are read")
        padded = -(-fields_bytes // 8) * 8
        rest = self._exactly(padded)
        fields = dict(_Reader(first + rest[:fields_bytes], at=12).take("a(yv)"))
        return kind, fields, self._exactly(body_bytes)

    def _exactly(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            piece = self._socket.recv(count - len(got))
            if not piece:
                raise ConnectionResetError("the bus went away")
            got += piece
        return bytes(got)


class _Writer:
    def __init__(self) -> None:
        self.bytes = bytearray()

    def pad(self, to: int) -> None:
        self.bytes += bytes(-len(self.bytes) % to)

    def put(self, signature: str, value: Any) -> None:
        kind = signature[0]
        self.pad(ALIGNED[kind])
        if kind in FIXED:
            self.bytes += struct.pack("<" + FIXED[kind], value)
        elif kind in "so":
            data = value.encode()
            self.bytes += struct.pack("<I", len(data)) + data + b"\0"
        elif kind == "g":
            self.bytes += bytes([len(value)]) + value.encode() + b"\0"
        elif kind == "v":
            self.put("g", value[0])
            self.put(value[0], value[1])
        elif kind == "(":
            for one, part in zip(_split(signature[1:-1]), value, strict=True):
                self.put(one, part)
        else:
            length_at = len(self.bytes)
            self.bytes += bytes(4)
            self.pad(ALIGNED[signature[1]])
            start = len(self.bytes)
            for item in value:
                self.put(signature[1:], item)
            self.bytes[length_at : length_at + 4] = struct.pack("<I", len(self.bytes) - start)


class _Reader:
    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self._at = data, at

    def take(self, signature: str) -> Any:
        kind = signature[0]
        self._at += -self._at % ALIGNED[kind]
        if kind in FIXED:
            (value,) = struct.unpack_from("<" + FIXED[kind], self._data, self._at)
            self._at += struct.calcsize(FIXED[kind])
            return bool(value) if kind == "b" else value
        if kind in "so":
            return self._text(self.take("u"))
        if kind == "g":
            return self._text(self.take("y"))
        if kind == "v":
            return self.take(self.take("g"))
        if kind in "({":
            return tuple(self.take(one) for one in _split(signature[1:-1]))
        size = self.take("u")
        self._at += -self._at % ALIGNED[signature[1]]
        end, items = self._at + size, []
        while self._at < end:
            items.append(self.take(signature[1:]))
        return items

    def _text(self, size: int) -> str:
        text = self._data[self._at : self._at + size].decode()
        self._at += size + 1
        return text


def _split(signature: str) -> list[str]:
    """The complete types of a signature, one by one: 'a(so)u' -> ['a(so)', 'u']."""
    parts, start, depth = [], 0, 0
    for at, letter in enumerate(signature):
        depth += (letter in "({") - (letter in ")}")
        if depth == 0 and letter != "a":
            parts.append(signature[start : at + 1])
            start = at + 1
    return parts


def _where(address: str) -> str:
    """The socket of the first 'unix:' address; a leading NUL for an abstract one."""
    kind, _, rest = address.split(";", maxsplit=1)[0].partition(":")
    keys = dict(pair.split("=", 1) for pair in rest.split(","))
    if kind != "unix":
        raise CallRefused("address", address)
    return keys["path"] if "path" in keys else "\0" + keys["abstract"]
