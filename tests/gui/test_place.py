"""Choosing where to exchange on the Sync page: three kinds, tried in words, no secret shown, a code to hand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.foundation.errors import FormIncomplete
from core.services import place as places
from core.services.place import FolderPlace, ObjectStorePlace, WebDavPlace
from core.services.workspace import Workspace
from desktop.screens.sync.place import PlaceCard
from desktop.screens.sync.view import SyncPage
from tests.support.desk import Seat, a_seat
from tests.support.gui_audits import audit_everywhere, hidden_focus, show_at, words_in
from tests.support.stores import SmallServer, no_proxy, small_server
from tests.support.workspaces import a_workspace, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallServer]:
    no_proxy(monkeypatch)
    with small_server() as running:
        yield running


def a_page(qtbot: QtBot, seat: Seat) -> SyncPage:
    page = SyncPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    return page


def fill(card: PlaceCard, place: places.Place) -> None:
    match place:
        case ObjectStorePlace():
            card.kind.set_value("s3")
            for box, text in (
                (card.endpoint, place.endpoint), (card.bucket, place.bucket), (card.key_id, place.key_id),
                (card.secret, place.secret), (card.prefix, place.prefix),
            ):  # fmt: skip
                box.setText(text)
        case WebDavPlace():
            card.kind.set_value("webdav")
            for box, text in (
                (card.address, place.address), (card.user, place.user), (card.password, place.password),
            ):  # fmt: skip
                box.setText(text)


@pytest.mark.parametrize("kind", ["s3", "webdav"])
def test_a_store_is_typed_tried_used_and_handed_on(
    qtbot: QtBot, seat: Seat, workspace: Workspace, server: SmallServer, kind: str
) -> None:
    logged(workspace)
    page = a_page(qtbot, seat)
    card = page.place
    card.kind.set_value(kind)
    card.use.click()
    assert words_in(card).count("Enter the ") >= 2, "every empty field is named"
    fill(card, server.place(kind))
    card.attempt.click()
    said = words_in(card)
    assert "It works." in said and "A file can be written." in said and "It can be removed again." in said
    assert not any(name.startswith("cwf1/") for name in server.held) and places.place_of(workspace) is None
    card.use.click()
    assert places.place_of(workspace) == server.place(kind)
    assert "The place is set." in words_in(page)
    page.go.click()
    assert any(name.startswith("cwf1/") for name in server.held)

    # Back on the page: everything but the secret is there, and it need not be typed again.
    page = a_page(qtbot, seat)
    card = page.place
    assert card.kind.value() == kind and card.secret.text() == card.password.text() == ""
    assert "Leave it empty to keep" in words_in(card)
    card.attempt.click()
    assert "It works." in words_in(card)
    card.show_code.click()
    code = places.code_of(workspace)
    assert code in words_in(card)
    card.copy_code.click()
    assert QGuiApplication.clipboard().text() == code
    assert "hidden words" not in words_in(card)


def test_a_secret_is_not_kept_for_another_address(workspace: Workspace, server: SmallServer) -> None:
    for kind in ("s3", "webdav"):
        places.choose_place(workspace, place=server.place(kind))
        shown = places.shown_place(workspace)
        assert shown is not None and "hidden words" not in repr(shown)
        assert places.ready_to_try(workspace, place=shown).place == server.place(kind)
        with small_server() as elsewhere:
            other = elsewhere.place(kind)
            bare = ObjectStorePlace(*_bare(other)) if kind == "s3" else WebDavPlace(*_bare(other))
            with pytest.raises(FormIncomplete):
                places.ready_to_try(workspace, place=bare)
            assert elsewhere.asked == []


def _bare(place: places.Place) -> tuple[str, ...]:
    match place:
        case ObjectStorePlace():
            return (place.endpoint, place.bucket, place.prefix, place.key_id, "")
        case WebDavPlace():
            return (place.address, place.user, "")
        case FolderPlace():
            return ()


def test_what_does_not_work_is_said_where_it_was_asked(
    qtbot: QtBot, seat: Seat, workspace: Workspace, server: SmallServer, tmp_path: Path
) -> None:
    page = a_page(qtbot, seat)
    card = page.place
    card.use.click()
    assert "Choose the folder your organisation shares." in words_in(card)
    card.path.set_text(str(tmp_path / "nowhere"))
    card.use.click()
    assert "cannot be reached" in words_in(card)
    card.attempt.click()
    assert "It does not work yet." in words_in(card) and "Does not work: The shared folder" in words_in(card)
    server.manners.status = 401
    fill(card, server.place("webdav"))
    card.attempt.click()
    assert "the name or the password is not the right one" in words_in(card)
    card.use.click()
    assert "That did not work." in words_in(card) and places.place_of(workspace) is None
    card.address.setText("http://files.example.org/casework")
    card.use.click()
    assert "must begin with https://" in words_in(card)


def test_every_kind_fits_every_screen(qtbot: QtBot, seat: Seat, workspace: Workspace, server: SmallServer) -> None:
    page = a_page(qtbot, seat)
    for kind in ("folder", "s3", "webdav"):
        page.place.kind.set_value(kind)
        page.place.use.click()
        assert audit_everywhere(page) == [], kind
        assert hidden_focus(page) == [], kind
    fill(page.place, server.place("s3"))
    page.place.attempt.click()
    page.place.use.click()
    page.place.show_code.click()
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []
