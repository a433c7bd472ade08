"""Choosing where to exchange: kept in the vault, tried in words, moved with everything, handed on as a code."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.foundation.errors import FolderUnreachable, FormIncomplete, NoSharedFolder, SharedFolderError
from core.foundation.system import SystemRandomness
from core.services import opening, place, streams, sync
from core.services.place import FolderPlace, ObjectStorePlace, WebDavPlace
from core.services.place_trial import try_place
from core.sync.engine import codes
from core.sync.transports.places import pack
from tests.support.laptops import FixedClock, Office, Template, records_of
from tests.support.stores import no_proxy, small_server

S3 = ObjectStorePlace("https://s3.example.org", "casework", "ours", "key", "hidden words", "eu-west-2")
DAV = WebDavPlace("https://files.example.org/casework", "ana", "hidden words")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-1", summary="first words")
        for number in range(15):
            unit.create(Note, stream, case=case, body=f"note {number}")
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    for number in range(12):
        with ana.store.unit("test") as (unit, _):
            unit.update(Case, case, summary=f"words {number}")
        sync.sync_now(ana)
    sync.sync_now(ben)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


def test_a_place_is_kept_with_the_vault_and_shown_without_its_secret(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path)
    ana = laptops["Ana Reyes"]
    assert sync.sync_state(ana).place == str(office.folder.resolve())
    for given in (S3, DAV):
        with ana.store.unit("test") as (unit, _):
            place.keep_place(unit, given)
        assert place.place_of(ana) == given and place.shared_folder(ana) is None
        state = sync.sync_state(ana)
        assert state.folder is None and state.place == given.words and "hidden" not in repr(state)
    assert b"hidden words" not in b"".join(path.read_bytes() for path in ana.folder.rglob("*") if path.is_file())


def test_moving_to_another_folder_takes_everything_held_along(template: Template, tmp_path: Path) -> None:
    office, laptops = template.copy(tmp_path)
    ana, ben = laptops.values()
    names = {path.name for path in office.files()}
    new = tmp_path / "another drive"
    new.mkdir()
    chosen = place.choose_place(ana, place=FolderPlace(new))
    assert chosen.words == str(new.resolve())
    report = sync.sync_now(ana)
    assert report.question is None and report.missing == 0, "choosing was the answer"
    def there() -> set[str]:
        return {path.name for path in (new / "cwf1").rglob("*") if path.is_file()}

    assert len(there()) == chosen.to_publish > 12 and there() < names
    again = place.choose_place(ben, place=FolderPlace(new))
    assert again.to_publish == 1, "Ana put everything there but Ben’s own request to join"
    sync.sync_now(ben)
    assert there() == names
    assert records_of(ana) == records_of(ben)


def test_a_folder_emptied_after_it_was_chosen_is_still_asked_about(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path)
    ana = laptops["Ana Reyes"]
    new = tmp_path / "another drive"
    new.mkdir()
    place.choose_place(ana, place=FolderPlace(new))
    sync.sync_now(ana)
    sync.sync_now(ana, everything=True)
    shutil.rmtree(new / "cwf1")
    assert sync.sync_now(ana, everything=True).question is not None


def test_a_place_that_cannot_be_used_leaves_the_one_before(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path)
    ana = laptops["Ana Reyes"]
    before = place.place_of(ana)
    refused: list[tuple[place.Place, type[Exception]]] = [
        (FolderPlace(tmp_path / "unplugged"), FolderUnreachable),
        (FolderPlace(ana.folder), SharedFolderError),
        (FolderPlace(ana.folder / "inside"), SharedFolderError),
        (replace(S3, endpoint="http://s3.example.org"), FormIncomplete),
        (replace(DAV, password=""), FormIncomplete),
        (WebDavPlace("http://127.0.0.1:9/x", "ana", "hidden words"), FolderUnreachable),
    ]
    for given, kind in refused:
        with pytest.raises(kind):
            place.choose_place(ana, place=given)
        assert place.place_of(ana) == before


def test_a_store_is_handed_on_as_a_code_and_a_folder_is_not(template: Template, tmp_path: Path) -> None:
    _, laptops = template.copy(tmp_path)
    ana = laptops["Ana Reyes"]
    with pytest.raises(FormIncomplete):
        place.code_of(ana)
    for given in (S3, DAV):
        with ana.store.unit("test") as (unit, _):
            place.keep_place(unit, given)
        code = place.code_of(ana)
        assert "hidden" not in code and code.startswith("STORE-")
        assert place.given_place(Path(code)) == given
        assert place.given_place(Path(f" {code.lower()} ")) == given
        with pytest.raises(FormIncomplete, match="missing or mistyped"):
            place.given_place(Path(code[:-3]))
    unsafe = codes.to_code("STORE", pack(replace(DAV, address="http://files.example.org")))
    with pytest.raises(FormIncomplete, match="https"):
        place.given_place(Path(unsafe))
    assert place.given_place(Path("store room")) == FolderPlace(Path("store room"))


def test_nothing_chosen_is_said(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    with ana.store.unit("test") as (unit, _):
        from core.store import meta

        meta.forget(unit.connection, place.PLACE_SETTING)
    for ask in (place.code_of, place.transport_of, sync.sync_now):
        with pytest.raises(NoSharedFolder):
            ask(ana)
    opening.lock(ana)


# ------------------------------------------------------------------ trying


def tried(given: place.Place) -> list[tuple[bool, str]]:
    found = try_place(place=given, clock=FixedClock(), randomness=SystemRandomness())
    return [(step.works, step.sentence) for step in found.steps]


def test_trying_a_folder_says_what_works_and_leaves_nothing(tmp_path: Path) -> None:
    steps = tried(FolderPlace(tmp_path))
    assert [works for works, _ in steps] == [True] * 5
    assert steps[1][1] == "A file can be written." and steps[-1][1] == "It can be removed again."
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["README.txt"]


def test_trying_what_does_not_work_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_proxy(monkeypatch)
    ((works, sentence),) = tried(FolderPlace(tmp_path / "unplugged"))
    assert not works and "cannot be reached" in sentence
    with pytest.raises(FormIncomplete):
        tried(replace(S3, bucket=""))
    with small_server() as server:
        server.manners.status = 403
        for kind in ("s3", "webdav"):
            ((works, sentence),) = tried(server.place(kind))
            assert not works and "turned this laptop away" in sentence and "hidden" not in sentence
        server.manners.status = 0
        for kind in ("s3", "webdav"):
            assert all(works for works, _ in tried(server.place(kind)))
            assert [name for name in server.held if name != "README.txt"] == []
        server.manners.short = True
        steps = tried(server.place("webdav"))
        assert not steps[-1][0] and len(steps) == 2, steps
