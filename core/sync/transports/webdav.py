"""A WebDAV folder (keys-and-sync 2.10), through `webdav4` and `httpx`, which are there only where they were asked for.

Obligations kept here: writing twice is success; a name that already holds other bytes than its own is replaced; what
was written is read back. What is not promised: that a file appears whole. A server may show half of it while it
arrives; a reader knows that by its name, as with any folder. Redirections are not followed, so that the password goes
to the address that was typed and to no other.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from core.foundation.errors import (
    GoneFromFolder,
    NotYetReadable,
    SharedFolderError,
    StoreRefused,
    StoreSupportMissing,
    StoreUnreachable,
)
from core.foundation.ports import FileInfo
from core.sync.transports.names import README_NAME, README_TEXT, checked, checked_parts
from core.sync.transports.pauses import Pause, pause
from core.sync.transports.places import WebDavPlace, is_on_this_laptop

if TYPE_CHECKING:
    import httpx
    from webdav4.client import Client

CONNECT_WITHIN_S = 5.0
PIECE_WITHIN_S = 20.0
BUSY_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
MAX_LISTING_BYTES = 64 * 1024 * 1024
"""More than 100,000 names in one folder."""
MAX_DEPTH = 8

_FOUND, _MADE = (200, 206), (200, 201, 204)
_PARENT_MISSING = (404, 409)
_THERE_ALREADY, _LOCKED = 412, 423


class WebDavTransport:
    """A `SharedStore` on one WebDAV folder."""

    def __init__(self, place: WebDavPlace, *, pause: Pause = pause) -> None:
        """
        Raises:
            StoreSupportMissing: this copy of the program has no `webdav4`.
            SharedFolderError: the address cannot be used.
        """
        self._address = place.words
        self._client = _client_of(place)
        self._base = unquote(urlsplit(place.address).path).strip("/")
        self._pause = pause
        weakref.finalize(self, self._client.http.close)

    def list(self, prefix: str) -> Iterator[FileInfo]:
        """Every file below `prefix`, empty ones left out.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: it cannot be listed.
        """
        start = checked(prefix)
        waiting, met = [start], {start}
        while waiting:
            folder = waiting.pop()
            for name, size in self._entries(folder):
                if size is not None:
                    if size:
                        yield FileInfo(name, size)
                elif name not in met and name.startswith(f"{folder}/") and name.count("/") <= MAX_DEPTH:
                    met.add(name)
                    waiting.append(name)

    def get(self, name: str, max_bytes: int) -> bytes:
        """The bytes of a file.

        Raises:
            NotYetReadable: empty, larger than `max_bytes`, no file, or the answer broke off.
            GoneFromFolder: it is not there any more.
            StoreUnreachable, StoreRefused, SharedFolderError: the server does not answer.
        """
        status, data = self._read(checked(name), max_bytes)
        if status == 404:
            raise GoneFromFolder()
        if status == 405:  # what lies there is a folder
            raise NotYetReadable()
        self._require(status, _FOUND)
        if not data:
            raise NotYetReadable()
        return data

    def put_if_absent(self, name: str, data: bytes) -> None:
        """Write a file, then read it back.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: it could not be written; it may be tried again.
        """
        parts = checked_parts(name)
        path = "/".join(parts)
        status, only_new = _LOCKED, True
        for wait_s in (0.0, *BUSY_PAUSES_S):
            if wait_s:  # somebody writes the same file, or is about to let go of it
                self._pause(wait_s)
                if self._holds(path, data):
                    return
            status = self._write(path, data, only_new=only_new)
            if status in _PARENT_MISSING:
                self._make_folders([parts[:count] for count in range(1, len(parts))])
                status = self._write(path, data, only_new=only_new)
            if status == _THERE_ALREADY:
                if self._holds(path, data):
                    return
                only_new = False
                status = self._write(path, data, only_new=False)
            if status in _MADE and self._holds(path, data):
                return
            if status not in (_LOCKED, *_PARENT_MISSING, *_MADE):
                break
        self._require(status, _MADE)
        raise SharedFolderError(reason="what was written could not be read back")

    def delete(self, name: str) -> None:
        """Remove one file; absent is fine.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: the server refused.
        """
        status = self._ask("DELETE", checked(name)).status_code
        if status != 404:
            self._require(status, (*_MADE, 202))

    def prepare(self) -> None:
        """Make the folder at the address if it is not there, and put the one sentence for people who look into it.

        Raises:
            StoreUnreachable, StoreRefused, SharedFolderError: it cannot be written to.
        """
        text = README_TEXT.encode("utf-8")
        status = self._write(README_NAME, text, only_new=True)
        if status in _PARENT_MISSING:
            self._make_folders([()])
            status = self._write(README_NAME, text, only_new=True)
        if status != _THERE_ALREADY:
            self._require(status, _MADE)

    def sweep(self, now_s: float) -> None:
        """Nothing to clear: no temporary file is written here."""

    # ------------------------------------------------------------------ what is asked

    def _write(self, path: str, data: bytes, *, only_new: bool) -> int:
        headers = {"Content-Type": "application/octet-stream", **({"If-None-Match": "*"} if only_new else {})}
        return self._ask("PUT", path, content=data, headers=headers).status_code

    def _make_folders(self, folders: Sequence[tuple[str, ...]]) -> None:
        for parts in folders:
            status = self._ask("MKCOL", "/".join(parts)).status_code
            if status not in (405, 301, _LOCKED, *_MADE):  # there already, or being made by somebody this moment
                self._require(status, _MADE)

    def _holds(self, path: str, data: bytes) -> bool:
        try:
            status, found = self._read(path, len(data))
        except NotYetReadable:
            return False
        return status in _FOUND and found == data

    def _entries(self, folder: str) -> Sequence[tuple[str, int | None]]:
        """What lies in one folder: (name from our root, size; None for a folder)."""
        from webdav4.multistatus import MultiStatusResponse

        status, body = self._read(folder, MAX_LISTING_BYTES, method="PROPFIND", headers={"Depth": "1"})
        if status == 404:  # a month nobody wrote in; but the place itself must be there
            whole, _ = self._read("", MAX_LISTING_BYTES, method="PROPFIND", headers={"Depth": "0"})
            self._require(whole, (207,))
            return []
        self._require(status, (207,))
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise SharedFolderError(reason="its listing is none")
        try:
            answers = MultiStatusResponse(body.decode("utf-8")).responses.values()
            found = [(answer.path_norm, answer.properties) for answer in answers]
            sizes = [(path, None if each.collection else each.content_length or 0) for path, each in found]
        except Exception as error:  # what a stranger sends may break the reader in any way
            raise SharedFolderError(reason="its listing is none") from error
        named = ((self._relative(path), size) for path, size in sizes)
        return [(name, size) for name, size in named if name.startswith(f"{folder}/")]

    def _relative(self, path: str) -> str:
        """A path of the server as a name from our root; empty if it lies elsewhere."""
        whole = path.strip("/")
        if not self._base:
            return whole
        return whole.removeprefix(f"{self._base}/") if whole.startswith(f"{self._base}/") else ""

    def _read(
        self, path: str, max_bytes: int, *, method: str = "GET", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """(status, body), the body only where there is one of at most `max_bytes`."""
        import httpx

        for last in (False, True):
            try:
                with self._client.http.stream(method, self._client.join_url(path), headers=headers) as answer:
                    if answer.status_code not in (*_FOUND, 207):
                        return answer.status_code, b""
                    return answer.status_code, _body(answer, max_bytes)
            except httpx.TransportError as error:
                if last or isinstance(error, httpx.TimeoutException):
                    raise self._silent() from error
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise NotYetReadable() from error
        raise AssertionError  # the second try returns or raises

    def _ask(
        self, method: str, path: str, *, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        import httpx

        url = self._client.join_url(path, add_trailing_slash=method == "MKCOL")
        for last in (False, True):
            try:
                answer: httpx.Response = self._client.http.request(method, url, content=content, headers=headers)
            except httpx.TransportError as error:
                if last or isinstance(error, httpx.TimeoutException):
                    raise self._silent() from error
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise SharedFolderError(reason="its answer made no sense") from error
            else:
                return answer
        raise AssertionError  # the second try returns or raises

    def _silent(self) -> StoreUnreachable:
        return StoreUnreachable(address=self._address, reason="it does not answer")

    def _require(self, status: int, wanted: tuple[int, ...]) -> None:
        if status in wanted:
            return
        if status == 401:
            raise StoreRefused(address=self._address, reason="the name or the password is not the right one")
        if status == 403:
            raise StoreRefused(address=self._address, reason="this name may not do that there")
        if status in (404, 409):
            raise StoreUnreachable(address=self._address, reason="there is no such folder")
        if status in (405, 501):
            raise StoreUnreachable(address=self._address, reason="what answers there is no WebDAV folder")
        if 300 <= status < 400:
            raise StoreUnreachable(address=self._address, reason="it sends us to another address")
        if status in (413, 507):
            raise SharedFolderError(reason="it is full")
        if status == _LOCKED:
            raise SharedFolderError(reason="another program holds a file there")
        raise SharedFolderError(reason=f"the store has a fault of its own or is busy ({status})")


def _body(answer: httpx.Response, max_bytes: int) -> bytes:
    import httpx

    data = bytearray()
    try:
        for piece in answer.iter_bytes():
            data += piece
            if len(data) > max_bytes:
                raise NotYetReadable()
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise NotYetReadable() from error
    return bytes(data)


def _client_of(place: WebDavPlace) -> Client:
    try:
        import httpx
        from webdav4.client import Client
    except ModuleNotFoundError as error:
        raise StoreSupportMissing() from error
    try:
        return Client(
            place.address.rstrip("/"),
            auth=(place.user, place.password),
            retry=False,
            follow_redirects=False,
            timeout=httpx.Timeout(PIECE_WITHIN_S, connect=CONNECT_WITHIN_S),
            trust_env=not is_on_this_laptop(place.address),
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError) as error:
        raise SharedFolderError(reason="its address cannot be used") from error
