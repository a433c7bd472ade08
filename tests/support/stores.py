"""Real stores for tests: rclone's S3 and WebDAV servers on loopback, and a small server that misbehaves on demand."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from core.foundation.system import SystemRandomness
from core.sync.transports.opening import Transport, open_place
from core.sync.transports.places import FolderPlace, ObjectStorePlace, Place, WebDavPlace

BUCKET = "casework"
SAID = re.compile(r"started on \[(http://[^\]/]+)/?\]|server on \[(http://[^\]/]+)/?\]")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stores of the tests are on this machine, whatever proxy it is told to use for others."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def rclone() -> str:
    """The program that came with the test environment."""
    return str(Path(sys.executable).parent / ("rclone.exe" if os.name == "nt" else "rclone"))


@dataclass
class Server:
    """One `rclone serve`, on a port of its own, with a name and a password of its own."""

    kind: str
    root: Path
    name: str = field(default_factory=lambda: "n" + SystemRandomness().bytes(6).hex())
    secret: str = field(default_factory=lambda: SystemRandomness().bytes(12).hex())
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Serve; a second start uses the same port again."""
        (self.root / BUCKET if self.kind == "s3" else self.root).mkdir(parents=True, exist_ok=True)
        listen = self.address.removeprefix("http://") or "127.0.0.1:0"
        secrets = {
            "s3": {"RCLONE_AUTH_KEY": f'"{self.name},{self.secret}"'},
            "webdav": {"RCLONE_USER": self.name, "RCLONE_PASS": self.secret},
        }
        self.process = subprocess.Popen(
            [rclone(), "serve", self.kind, "--config", os.devnull, "--addr", listen, "--dir-cache-time", "20ms",
             "--log-level", "NOTICE", str(self.root)],
            env={**os.environ, **secrets[self.kind]}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := SAID.search(line):
                self.address = found.group(1) or found.group(2)
                break
        else:
            raise AssertionError("rclone did not start: " + "".join(said))
        threading.Thread(target=self._drain, daemon=True).start()

    def stop(self) -> None:
        """Gone at once, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def place(self, part: str) -> Place:
        """A place of its own in this store."""
        if self.kind == "s3":
            return ObjectStorePlace(self.address, BUCKET, part, self.name, self.secret)
        return WebDavPlace(f"{self.address}/{part}", self.name, self.secret)

    def files(self, part: str) -> Path:
        """Where the server keeps what lies in that place."""
        return self.root / BUCKET / part if self.kind == "s3" else self.root / part

    def _drain(self) -> None:
        process = self.process
        if process is not None and process.stderr is not None:
            with contextlib.suppress(ValueError):
                for _ in process.stderr:
                    pass
            process.stderr.close()


@contextlib.contextmanager
def serving(kind: str, root: Path) -> Iterator[Server]:
    """A server for as long as the block runs."""
    server = Server(kind, root)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def transport_on(place: Place) -> Transport:
    """The product's transport of a place, with the real dice."""
    return open_place(place, randomness=SystemRandomness())


def with_wrong_secret(place: Place) -> Place:
    """The same place, asked for with a secret that is not the right one."""
    match place:
        case ObjectStorePlace():
            return replace(place, secret="not the secret")
        case WebDavPlace():
            return replace(place, password="not the password")
        case FolderPlace():
            return place


# ------------------------------------------------------------------ a server that misbehaves


@dataclass
class Manners:
    """How the small server behaves; every test turns one thing."""

    conditional: str = "yes"
    """"yes": 412 where something is; "no": the condition is not understood (501)."""
    truncate: bool = False
    """Says how long the answer is, and closes half-way."""
    short: bool = False
    """Says a shorter length, and sends only that."""
    status: int = 0
    """Answers everything with this."""
    code: str = ""
    listing: str = ""
    """Answers a listing with this."""
    garble: bool = False
    """Keeps other bytes than were sent."""
    location: str = ""
    wait_s: float = 0.0


class SmallServer(ThreadingHTTPServer):
    """An object store and a WebDAV folder in memory, both under the same names; asks for no password."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.manners = Manners()
        self.held: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def place(self, kind: str) -> Place:
        if kind == "s3":
            return ObjectStorePlace(self.address, BUCKET, "", "name", "hidden words")
        return WebDavPlace(f"{self.address}/{BUCKET}", "name", "hidden words")


@contextlib.contextmanager
def small_server() -> Iterator[SmallServer]:
    """The small server for as long as the block runs."""
    server = SmallServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SmallServer

    def log_message(self, *_: object) -> None:
        return

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        manners = self.server.manners
        said = body
        if manners.short and self.command == "GET":
            said = body[: len(body) // 2]
        self.send_header("Content-Length", str(len(said)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if manners.truncate and len(said) > 1:
            self.wfile.write(said[: len(said) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(said)

    def _serve(self) -> None:
        server, manners = self.server, self.server.manners
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        parts = urlsplit(self.path)
        name = unquote(parts.path).strip("/").removeprefix(BUCKET).strip("/")
        query = parse_qs(parts.query)
        with server.lock:
            server.asked.append((self.command, name))
        if manners.wait_s:
            time.sleep(manners.wait_s)
        if manners.location:
            self._answer(302, Location=manners.location)
        elif manners.status:
            self._answer(manners.status, f"<Error><Code>{manners.code}</Code></Error>".encode())
        elif self.command == "PUT":
            self._put(name, sent)
        elif self.command == "DELETE":
            with server.lock:
                self._answer(204 if server.held.pop(name, None) is not None else 404)
        elif self.command == "POST" and "delete" in parse_qs(parts.query, keep_blank_values=True):
            with server.lock:
                keys = re.findall(r"<Key>([^<]+)</Key>", sent.decode())
                for key in keys:
                    server.held.pop(key, None)
            rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            self._answer(200, f"<DeleteResult>{rows}</DeleteResult>".encode(), Content_Type="application/xml")
        elif self.command == "MKCOL":
            self._answer(201)
        elif self.command == "PROPFIND":
            self._answer(207, (manners.listing or self._multistatus(name)).encode(), Content_Type="application/xml")
        elif self.command in ("GET", "HEAD") and "list-type" in query:
            listing = manners.listing or self._bucket(query["prefix"][0])
            self._answer(200, listing.encode(), Content_Type="application/xml")
        else:
            self._get(name)

    def _put(self, name: str, sent: bytes) -> None:
        with self.server.lock:
            if self.headers.get("If-None-Match") and self.server.manners.conditional == "no":
                self._answer(501, b"<Error><Code>NotImplemented</Code></Error>")
            elif self.headers.get("If-None-Match") and name in self.server.held:
                self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            else:
                self.server.held[name] = sent[::-1] if self.server.manners.garble else sent
                self._answer(201 if self.server.manners.conditional == "dav" else 200, ETag='"x"')

    def _get(self, name: str) -> None:
        with self.server.lock:
            data = self.server.held.get(name)
        if data is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, data, ETag='"x"', Last_Modified="Fri, 20 Nov 2026 09:00:00 GMT")

    def _multistatus(self, folder: str) -> str:
        rows = [f"<D:response><D:href>/{BUCKET}/{folder}/</D:href>{_prop('<D:collection/>', 0)}</D:response>"]
        below = sorted(name for name in self.server.held if name.startswith(f"{folder}/"))
        folders = sorted({name[len(folder) + 1 :].split("/")[0] for name in below if "/" in name[len(folder) + 1 :]})
        rows += [f"<D:response><D:href>/{BUCKET}/{folder}/{each}/</D:href>{_prop('<D:collection/>', 0)}</D:response>"
                 for each in folders]  # fmt: skip
        rows += [f"<D:response><D:href>/{BUCKET}/{name}</D:href>{_prop('', len(self.server.held[name]))}</D:response>"
                 for name in below if "/" not in name[len(folder) + 1 :]]  # fmt: skip
        return f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{"".join(rows)}</D:multistatus>'

    def _bucket(self, prefix: str) -> str:
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(data)}</Size>"
            "<LastModified>2026-11-20T09:00:00.000Z</LastModified></Contents>"
            for name, data in sorted(self.server.held.items()) if name.startswith(prefix)
        )  # fmt: skip
        return f'<?xml version="1.0"?><ListBucketResult>{rows}<IsTruncated>false</IsTruncated></ListBucketResult>'

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PROPFIND = do_MKCOL = _serve


def _prop(kind: str, size: int) -> str:
    return (
        f"<D:propstat><D:prop><D:resourcetype>{kind}</D:resourcetype>"
        f"<D:getcontentlength>{size}</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
    )
