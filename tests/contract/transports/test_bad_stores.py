"""Stores that misbehave: cut answers, lies, floods, redirections. Each is one of our sentences, and loses nothing."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from core.foundation.errors import (
    AppError,
    EncodingRejected,
    NotYetReadable,
    SharedFolderError,
    StoreRefused,
    StoreSupportMissing,
    StoreUnreachable,
)
from core.sync.engine.envelope import name_of
from core.sync.transports.opening import Transport
from core.sync.transports.places import (
    FolderPlace,
    ObjectStorePlace,
    Place,
    WebDavPlace,
    is_on_this_laptop,
    pack,
    problems_of,
    tidy,
    unpack,
)
from tests.support.stores import BUCKET, SmallServer, small_server, transport_on

DATA = b"sealed bytes" * 2_000
NAME = f"cwf1/2026-11/{name_of(DATA)}"
MAX = 1 << 20


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with small_server() as running:
        yield running


@pytest.fixture(params=["s3", "webdav"])
def store(request: pytest.FixtureRequest, server: SmallServer) -> Transport:
    return transport_on(server.place(request.param))


def everything(store: Transport) -> list[Callable[[], object]]:
    return [
        lambda: list(store.list("cwf1")), lambda: store.get(NAME, MAX), lambda: store.put_if_absent(NAME, DATA),
        lambda: store.delete(NAME), store.prepare,
    ]  # fmt: skip


def test_a_store_that_creates_only_what_is_absent_is_asked_to(server: SmallServer, store: Transport) -> None:
    store.put_if_absent(NAME, DATA)
    store.put_if_absent(NAME, DATA)
    assert server.held[NAME] == DATA
    server.held[NAME] = b"other bytes"
    store.put_if_absent(NAME, DATA)
    assert server.held[NAME] == DATA
    assert [info.name for info in store.list("cwf1")] == [NAME] and store.get(NAME, MAX) == DATA


def test_a_store_without_conditions_is_written_plainly(server: SmallServer) -> None:
    server.manners.conditional = "no"
    store = transport_on(server.place("s3"))
    for data in (DATA, b"second"):
        store.put_if_absent(f"cwf1/2026-11/{name_of(data)}", data)
    second = f"cwf1/2026-11/{name_of(b'second')}"
    assert server.asked.count(("PUT", second)) == 1, "refused for the first file, then never asked again"
    assert server.held[NAME] == DATA


@pytest.mark.parametrize("manner", ["truncate", "short"])
def test_an_answer_that_is_cut_short_is_never_taken_for_the_file(
    server: SmallServer, store: Transport, manner: str
) -> None:
    server.held[NAME] = DATA
    setattr(server.manners, manner, True)
    try:
        found = store.get(NAME, MAX)
    except NotYetReadable:
        return
    assert manner == "short" and name_of(found) != name_of(DATA), "the runner knows it by its name"


def test_a_listing_that_is_cut_short_is_an_error_and_not_a_short_listing(
    server: SmallServer, store: Transport
) -> None:
    server.held.update({f"cwf1/2026-11/{number:064x}": b"x" for number in range(50)})
    server.manners.truncate = True
    with pytest.raises(SharedFolderError):
        list(store.list("cwf1"))


@pytest.mark.parametrize(
    "listing",
    [
        "not xml at all",
        "<html><body>Please sign in</body></html>",
        '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]><D:multistatus xmlns:D="DAV:">&d;</D:multistatus>',
        '<D:multistatus xmlns:D="DAV:"><D:response><D:propstat/></D:response></D:multistatus>',
        f"""<D:multistatus xmlns:D="DAV:"><D:response><D:href>/{BUCKET}/cwf1/x</D:href><D:propstat><D:prop>
        <D:getcontentlength>many</D:getcontentlength></D:prop></D:propstat></D:response></D:multistatus>""",
    ],
)
def test_a_listing_that_is_none_is_refused_in_one_way(server: SmallServer, listing: str) -> None:
    server.manners.listing = listing
    for kind in ("s3", "webdav"):
        try:
            assert list(transport_on(server.place(kind)).list("cwf1")) == []
        except SharedFolderError:
            continue


def test_a_listing_that_declares_words_of_its_own_is_not_read(server: SmallServer) -> None:
    """A few such words, each made of the one before, fill any memory."""
    row = f"<D:response><D:href>/{BUCKET}/cwf1/{'1' * 64}</D:href><D:propstat/></D:response>"
    server.manners.listing = f'<!DOCTYPE a [<!ENTITY b "cc">]><D:multistatus xmlns:D="DAV:">{row}</D:multistatus>'
    with pytest.raises(SharedFolderError, match="listing is none"):
        list(transport_on(server.place("webdav")).list("cwf1"))


def test_what_a_webdav_server_keeps_otherwise_does_not_count_as_written(
    server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sync.transports.pauses.time.sleep", lambda seconds: None)
    server.manners.garble = True
    with pytest.raises(SharedFolderError, match="read back"):
        transport_on(server.place("webdav")).put_if_absent(NAME, DATA)


def test_a_webdav_listing_leads_nowhere_else(server: SmallServer) -> None:
    """Names outside the folder asked for, parents and the folder itself do not send us round in circles."""
    rows = "".join(
        f"<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:resourcetype>{kind}</D:resourcetype>"
        "<D:getcontentlength>5</D:getcontentlength></D:prop></D:propstat></D:response>"
        for href, kind in [
            (f"/{BUCKET}/cwf1/", "<D:collection/>"), (f"/{BUCKET}/", "<D:collection/>"), ("/", "<D:collection/>"),
            ("/etc/passwd", ""), (f"/{BUCKET}/other/x", ""), ("https://elsewhere.example/cwf1/x", ""),
            (f"/{BUCKET}/cwf1/2026-11/", "<D:collection/>"), (f"/{BUCKET}/cwf1/{'1' * 64}", ""),
        ]
    )  # fmt: skip
    server.manners.listing = f'<D:multistatus xmlns:D="DAV:">{rows}</D:multistatus>'
    found = [info.name for info in transport_on(server.place("webdav")).list("cwf1")]
    assert found == ["cwf1/" + "1" * 64]
    assert [name for verb, name in server.asked if verb == "PROPFIND"] == ["cwf1", "cwf1/2026-11"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 423, 429, 500, 502, 503, 507])
def test_whatever_a_store_answers_it_is_one_of_our_sentences(
    server: SmallServer, store: Transport, status: int
) -> None:
    server.manners.status, server.manners.code = status, "Whatever"
    for attempt in everything(store):
        try:
            attempt()
        except SharedFolderError as error:
            assert "Whatever" not in str(error) and "hidden words" not in str(error)


def test_no_permission_a_full_store_and_a_wrong_clock_are_told_apart(server: SmallServer) -> None:
    store = transport_on(server.place("s3"))
    for status, code, kind, words in [
        (403, "AccessDenied", StoreRefused, "may not do that"),
        (403, "RequestTimeTooSkewed", StoreRefused, "clock of this laptop"),
        (403, "SignatureDoesNotMatch", StoreRefused, "secret is not the right one"),
        (507, "XMinioStorageFull", SharedFolderError, "full"),
    ]:
        server.manners.status, server.manners.code = status, code
        with pytest.raises(kind, match=words):
            store.put_if_absent(NAME, DATA)


def test_a_redirection_is_not_followed_with_the_password(server: SmallServer) -> None:
    with small_server() as elsewhere:
        server.manners.location = f"{elsewhere.address}/{BUCKET}/x"
        store = transport_on(server.place("webdav"))
        for attempt in everything(store):
            with pytest.raises(SharedFolderError):
                attempt()
        assert elsewhere.asked == []


def test_a_store_that_nobody_runs_is_unreachable(server: SmallServer, store: Transport) -> None:
    server.shutdown()
    server.server_close()
    for attempt in everything(store):
        with pytest.raises(StoreUnreachable, match="does not answer"):
            attempt()


# ------------------------------------------------------------------ the address


S3 = ObjectStorePlace("https://s3.example.org", BUCKET, "ours", "key", "hidden words")
DAV = WebDavPlace("https://files.example.org/casework", "ana", "hidden words")


@pytest.mark.parametrize("place", [S3, DAV, FolderPlace(__import__("pathlib").Path("shared"))])
def test_a_place_is_kept_and_read_back_and_never_shows_its_secret(place: Place) -> None:
    assert unpack(pack(place)) == place
    assert problems_of(place) == {}
    assert "hidden words" not in repr(place) and "hidden words" not in place.words


def test_what_is_no_place_is_refused() -> None:
    from core.changes import cbor

    for wire in ([], [4, "x"], [2, "x"], {1: "x"}, "x"):
        with pytest.raises(EncodingRejected):
            unpack(cbor.encode(wire))  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://files.example.org/casework", "https"),
        ("http://192.0.2.10:9000", "https"),
        ("http://127.0.0.1.example.org", "https"),
        ("ftp://files.example.org", "no address"),
        ("files.example.org", "no address"),
        ("https://", "no address"),
        ("https://files.example.org:99999", "no address"),
        ("https://ana:hush@files.example.org", "Leave the name"),
        ("https://files.example.org/?a=b", "Leave out"),
        ("https://files .example.org", "no address"),
    ],
)
def test_an_address_that_would_give_the_password_away_is_refused(address: str, words: str) -> None:
    assert words in problems_of(replace(DAV, address=address))["address"]
    assert words in problems_of(replace(S3, endpoint=address))["endpoint"]


@pytest.mark.parametrize("kind", ["s3", "webdav"])
def test_whoever_hands_over_an_address_without_https_gets_no_password_sent(kind: str) -> None:
    address = "http://files.example.org"
    place = replace(S3, endpoint=address) if kind == "s3" else replace(DAV, address=address)
    with pytest.raises(SharedFolderError):
        transport_on(place)


@pytest.mark.parametrize("address", ["http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000"])
def test_on_this_laptop_itself_nobody_can_listen(address: str) -> None:
    assert is_on_this_laptop(address)
    assert problems_of(replace(DAV, address=address)) == {}


def test_every_empty_field_is_named() -> None:
    assert set(problems_of(ObjectStorePlace("", "", "", "", ""))) == {"endpoint", "bucket", "key_id", "secret"}
    assert set(problems_of(WebDavPlace("", "", ""))) == {"address", "user", "password"}
    assert set(problems_of(replace(S3, bucket="a b"))) == {"bucket"}
    assert set(problems_of(replace(S3, prefix="../x"))) == {"prefix"}
    assert set(problems_of(replace(S3, secret="x" * 3_000))) == {"secret"}


def test_spaces_around_what_was_pasted_do_not_matter() -> None:
    assert tidy(replace(S3, endpoint=" https://s3.example.org/ ", prefix="/ours/", secret=" hidden words\n")) == S3
    assert tidy(replace(DAV, address=" https://files.example.org/casework/ ")) == DAV
    assert tidy(replace(DAV, password=" with spaces ")).password == " with spaces "  # type: ignore[union-attr]


@pytest.mark.parametrize("place", [S3, DAV])
def test_without_the_libraries_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in ("obstore", "webdav4", "httpx")]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def without(name: str, *args: object, **others: object) -> object:
        if name.split(".", maxsplit=1)[0] in ("obstore", "webdav4", "httpx"):
            raise ModuleNotFoundError(name=name)
        return real(name, *args, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreSupportMissing) as missing:
        transport_on(place)
    said: AppError = missing.value
    assert "installer/start.py stores" in said.explain().next_step
