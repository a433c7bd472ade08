"""The real servers the contract suite talks to, one of each for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.stores import Server, no_proxy, serving


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving("s3", tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def webdav_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving("webdav", tmp_path_factory.mktemp("webdav")) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    no_proxy(monkeypatch)
