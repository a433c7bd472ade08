"""Watching what is sent to the database."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.store.connection import Connection


def watch(note: Callable[[str, Sequence[Any]], object]) -> Callable[[], None]:
    """Tell `note` the words and values of every statement, before it is sent; those of transactions among them.

    Returns what ends it.
    """
    real = {name: getattr(Connection, name) for name in ("send", "send_many")}

    def told(name: str) -> Callable[..., Any]:
        def send(connection: Connection, words: str, values: Sequence[Any] = ()) -> Any:
            note(words, values)
            return real[name](connection, words, values)

        return send

    def put_back() -> None:
        for name, method in real.items():
            setattr(Connection, name, method)

    for name in real:
        setattr(Connection, name, told(name))
    return put_back


@contextlib.contextmanager
def watching(note: Callable[[str, Sequence[Any]], object]) -> Iterator[None]:
    """As `watch`, for a while."""
    put_back = watch(note)
    try:
        yield
    finally:
        put_back()
