"""Two laptops that meet in an object store and in a WebDAV folder: real servers, the same story as in a folder.

Founding, inviting, joining from an empty laptop with the store's code, exchanging both ways, the check of all files,
a store that forgets or goes away, and moving from a folder to a store and back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli.main import main
from core.domain.case import Case, Note
from core.foundation.errors import StoreUnreachable
from core.services import attachments, opening, organisation, place, streams, sync
from core.services.attachment_copies import open_for_view
from core.services.attachments import AttachmentForm, GivenFile
from core.services.place import FolderPlace, Place
from core.services.workspace import Workspace
from tests.support.files import noise
from tests.support.laptops import CHEAP, PASSPHRASE, Office, change_ids_of, records_of
from tests.support.stores import Server, no_proxy, serving, transport_on


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    no_proxy(monkeypatch)


@pytest.fixture(params=["s3", "webdav"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with serving(request.param, tmp_path / "server") as running:
        yield running


def new_case(ana: Workspace, ben: Workspace, reference: str = "2026-AR-1") -> None:
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference=reference, summary="Shouting on the stairs")


def note(laptop: Workspace, words: str) -> None:
    (case,) = laptop.store.select(Case)
    with laptop.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def photograph(laptop: Workspace, data: bytes) -> None:
    (case,) = laptop.store.select(Case)
    form = AttachmentForm(what="photo", about="The stairwell")
    attachments.attach(laptop, case=case.id, given=GivenFile(data=data, name="stairs.jpg"), form=form)


def seen(laptop: Workspace) -> list[bytes]:
    (case,) = laptop.store.select(Case)
    rows = attachments.list_attachments(laptop, case=case.id)
    return [open_for_view(laptop, attachment=row.id).data for row in rows]


def test_an_office_lives_in_a_store_from_its_first_day(server: Server, tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    store = server.place("hazel")
    form = opening.FoundingForm("Hazel Tree Co-operative", "Ana Reyes", "ar", "Housing officer", PASSPHRASE)
    ana = opening.found_organisation(office.root / "ana", form, parts=office.parts, cost=CHEAP)
    place.choose_place(ana, place=store)
    assert sync.sync_now(ana).sent > 0

    invitation = organisation.invite(ana, role="officer", folder_hint="the store; its code comes with this").text
    asked = opening.JoiningForm(
        invitation, "Ben Okafor", "bo", "Officer", PASSPHRASE, Path(place.code_of(ana))
    )
    waiting = opening.ask_to_join(office.root / "ben", asked, parts=office.parts, cost=CHEAP)
    sync.sync_now(ana)
    (request,) = organisation.waiting_requests(ana)
    assert request.words == waiting.words
    organisation.admit(ana, request=request.id)
    sync.sync_now(ana)
    ben = opening.finish_joining(office.root / "ben", PASSPHRASE, parts=office.parts)
    assert place.place_of(ben) == store

    new_case(ana, ben)
    sync.sync_now(ana)
    sync.sync_now(ben)
    for number in range(3):
        note(ben, f"Ben's note {number}")
        note(ana, f"Ana's note {number}")
        for laptop in (ben, ana, ben):
            sync.sync_now(laptop)
    assert records_of(ana) == records_of(ben) and change_ids_of(ana) == change_ids_of(ben)
    assert ana.store.count(Note) == 6
    picture = noise(9_000_000)
    photograph(ana, picture)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    assert seen(ben) == [picture]
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    assert sync.sync_now(ana).received == 0, "nothing new: nothing is read again"
    assert sync.verify_shared_folder(ana).problems == ()

    # The store forgets a month; the next one who looks puts it back.
    for path in server.files("hazel").rglob("*"):
        if path.is_file() and path.name != "README.txt":
            path.unlink()
    sync.sync_now(ben, everything=True, answer=True)
    sync.sync_now(ana, everything=True, answer=True)
    assert sync.verify_shared_folder(ben).problems == ()

    # Nobody runs it for an hour: work goes on, and goes out later.
    server.stop()
    note(ana, "written while the store was away")
    with pytest.raises(StoreUnreachable):
        sync.sync_now(ana)
    server.start()
    sync.sync_now(ana)
    sync.sync_now(ben)
    assert records_of(ana) == records_of(ben)
    for laptop in (ana, ben):
        opening.lock(laptop)


def test_an_office_that_outgrew_its_folder_moves_to_a_store(server: Server, tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    ana, ben = office.pair()
    new_case(ana, ben)
    note(ana, "from the days of the folder")
    picture = noise(300_000)
    photograph(ana, picture)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    store = server.place("hazel")
    chosen = place.choose_place(ana, place=store)
    assert chosen.to_publish > 0
    sync.sync_now(ana)
    note(ana, "written after the move")
    sync.sync_now(ana)
    note(ben, "Ben has not heard of it yet")
    sync.sync_now(ben)
    assert place.choose_place(ben, place=store).to_publish <= 2, "only what Ana does not hold"
    for laptop in (ben, ana, ben):
        sync.sync_now(laptop)
    assert records_of(ana) == records_of(ben) and ana.store.count(Note) == 3
    in_store = {info.name.rpartition("/")[2] for info in transport_on(store).list("cwf1")}
    assert in_store >= {path.name for path in office.files()}, "attached files too"
    assert seen(ben) == [picture]
    assert sync.verify_shared_folder(ben).problems == ()
    place.choose_place(ana, place=FolderPlace(office.folder))
    sync.sync_now(ana)
    assert {path.name for path in office.files()} >= in_store, "and back again"
    for laptop in (ana, ben):
        opening.lock(laptop)


def test_the_command_line_chooses_tries_and_shows_a_store(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = server.place("hazel")
    vault, passphrase, secret = tmp_path / "vault", tmp_path / "passphrase", tmp_path / "secret"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    secret.write_text(f"{server.secret}\n", encoding="utf-8")
    common = ["--vault", str(vault), "--passphrase-file", str(passphrase), "--json"]

    def run(*words: str) -> tuple[int, dict[str, object]]:
        code = main([*words, *common])
        said = capsys.readouterr()
        assert server.secret not in said.out + said.err
        return code, json.loads(said.out)

    run("init", "--organisation", "Hazel Tree", "--name", "Ana Reyes", "--initials", "ar", "--kdf-memory-mib", "64")
    assert run("stores", "show") == (0, {"kind": None, "place": None})
    assert run("stores", "try")[0] == 30
    assert run("stores", *_words(given), "--secret-file", str(passphrase))[0] == 30, "the wrong secret"
    code, said = run("stores", *_words(given), "--secret-file", str(secret))
    assert code == 0 and said["place"] == given.words
    assert run("stores", "show")[1]["kind"] == server.kind
    code, said = run("stores", "try")
    assert code == 0 and said["works"] is True
    assert run("sync")[0] == 0
    assert any(server.files("hazel").rglob("*"))
    assert str(run("stores", "code")[1]["code"]).startswith("STORE-")
    server.stop()
    code, said = run("stores", "try")
    assert code == 30 and said["works"] is False
    assert run("sync")[1]["error"] == "store-unreachable"
    (tmp_path / "drive").mkdir()
    assert run("stores", "folder", str(tmp_path / "drive"))[0] == 0
    assert run("sync")[0] == 0
    server.start()


def _words(given: Place) -> list[str]:
    match given:
        case place.ObjectStorePlace():
            return ["s3", "--endpoint", given.endpoint, "--bucket", given.bucket, "--prefix", given.prefix,
                    "--key-id", given.key_id]  # fmt: skip
        case place.WebDavPlace():
            return ["webdav", "--address", given.address, "--user", given.user]
    raise AssertionError
