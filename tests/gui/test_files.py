"""Files of a case on the screen: dropped, pasted, chosen; looked at in the program; saved outside on purpose only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.foundation.errors import DiskFull
from core.foundation.ids import RecordId
from core.services import attachments
from core.services.attachment_copies import open_for_view
from core.services.attachments import AttachedFile, AttachmentForm, GivenFile
from core.services.workspace import Workspace
from core.vault.blobs import BlobFolder
from desktop.screens.case.files import FilesTab
from desktop.screens.case.view import FILES, CasePage
from desktop.screens.file.view import ORIGINAL, FilePage
from desktop.screens.settings.view import SettingsPage
from tests.support import files
from tests.support.desk import Seat, a_seat
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.workspaces import a_workspace, logged

PHOTO = AttachmentForm("photo-before", "The wall by the bins", taken_by="Meera Quill")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


def a_photo(width: int = 90, height: int = 60) -> bytes:
    """Red above, blue below as the camera held it; EXIF says to turn it by a quarter."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width, height // 2))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=95)
    return files.with_place(made.getvalue(), turning=6)


def put(workspace: Workspace, case: RecordId, data: bytes, name: str = "wall.jpg") -> RecordId:
    given = GivenFile(data=data, name=name)
    return attachments.attach(workspace, case=case, given=given, form=PHOTO).attachment


def listed(workspace: Workspace, case: RecordId) -> tuple[AttachedFile, ...]:
    return attachments.list_attachments(workspace, case=case)


def a_tab(qtbot: QtBot, seat: Seat, case: RecordId) -> FilesTab:
    tab = FilesTab(seat.context)
    qtbot.addWidget(tab)
    show_at(tab, 1000, 700)
    tab.arrive(case)
    settle()
    return tab


def a_page(qtbot: QtBot, seat: Seat, attachment: RecordId) -> FilePage:
    page = FilePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(attachment=attachment)
    settle()
    return page


# ------------------------------------------------------------------ the list, and attaching


def test_the_tab_says_how_many_and_each_file_what_it_is(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    workspace: Workspace = seat.runner._workspace
    put(workspace, case, a_photo())
    page = CasePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=case)
    settle()
    assert page.tabs.bar.tabText(FILES) == "Files (1)"
    page.tabs.bar.setCurrentIndex(FILES)
    settle()
    assert page.files.isVisible()
    said = words_in(page.files)
    for words in ("wall.jpg", "Photograph from before, JPEG picture", "The wall by the bins", "From Meera Quill",
                  "by Ana Bright", "not in the shared folder yet", "Open: wall.jpg"):  # fmt: skip
        assert words in said
    page.arrive(case=logged(workspace).case)
    settle()
    assert page.tabs.bar.tabText(FILES) == "Files"
    assert "wall.jpg" not in words_in(page)


def test_files_chosen_are_attached_once_it_is_said_what_they_are(
    qtbot: QtBot, seat: Seat, case: RecordId, tmp_path: Path
) -> None:
    workspace: Workspace = seat.runner._workspace
    paths = []
    for number in range(3):
        path = tmp_path / f"stairs-{number}.png"
        path.write_bytes(files.png(4 + number))
        paths.append(str(path))
    tab = a_tab(qtbot, seat, case)
    assert not tab.form.isVisible()
    tab.presenter.choose_paths(paths)
    settle()
    tab.form.about.setText("Stairs")
    tab.form.no.click()
    assert not tab.form.isVisible() and seat.desk.undo is not None
    seat.desk.undo()
    settle()
    assert tab.form.isVisible() and tab.form.about.text() == "Stairs"
    assert QApplication.focusWidget() is tab.form.what
    tab.form.go.click()
    settle()
    assert "Choose what the file is." in words_in(tab.form)
    assert listed(workspace, case) == ()
    tab.form.what.set_value("photo")
    tab.form.about.setText("Stairs, third floor")
    tab.form.taken_at.box.setText("no such day")
    tab.form.go.click()
    assert listed(workspace, case) == ()
    tab.form.taken_at.box.setText("yesterday, 9:41am")
    tab.form.go.click()
    settle()
    rows = listed(workspace, case)
    assert {row.name for row in rows} == {"stairs-0.png", "stairs-1.png", "stairs-2.png"}
    assert all(row.about == "Stairs, third floor" and row.taken_at is not None for row in rows)
    assert "3 files are attached." in words_in(tab)
    assert not tab.form.isVisible()
    assert tab.form.about.text() == ""
    tab.presenter.choose_paths(paths[:1])
    tab.form.what.set_value("photo")
    tab.form.go.click()
    settle()
    assert "stairs-0.png is in this case already; nothing was stored twice." in words_in(tab)
    assert len(listed(workspace, case)) == 3


def test_one_file_that_cannot_be_taken_stops_not_the_others(
    qtbot: QtBot, seat: Seat, case: RecordId, tmp_path: Path
) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "good.png").write_bytes(files.png())
    tab = a_tab(qtbot, seat, case)
    tab.presenter.choose_paths([str(tmp_path / "empty.png"), str(tmp_path / "good.png")])
    tab.form.what.set_value("photo")
    tab.form.go.click()
    settle()
    assert "it is empty" in words_in(tab)
    assert tab.form.isVisible(), "the other one still waits"
    tab.form.go.click()
    settle()
    assert [row.name for row in listed(seat.runner._workspace, case)] == ["good.png"]


def test_a_full_disk_is_told_and_nothing_is_attached(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    tab = a_tab(qtbot, seat, case)
    tab.presenter.choose([GivenFile(data=files.png(), name="a.png")])
    tab.form.what.set_value("photo")
    seat.runner.fail_with["attach"] = DiskFull(path="here")
    tab.form.go.click()
    settle()
    assert listed(seat.runner._workspace, case) == ()
    assert "full" in words_in(tab).lower()


def test_a_picture_is_pasted_and_a_file_dropped(qtbot: QtBot, seat: Seat, case: RecordId, tmp_path: Path) -> None:
    workspace: Workspace = seat.runner._workspace
    tab = a_tab(qtbot, seat, case)
    QGuiApplication.clipboard().clear()
    tab.paste.click()
    assert "There is no picture and no file to paste." in words_in(tab)
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    QGuiApplication.clipboard().setImage(image)
    assert tab.paste.shortcut().toString() == "Ctrl+V"
    tab.paste.click()
    settle()
    tab.form.what.set_value("photo")
    tab.form.go.click()
    settle()
    (pasted,) = listed(workspace, case)
    assert pasted.name.startswith("Pasted picture 2026-03-02")
    kept = QImage.fromData(open_for_view(workspace, attachment=pasted.id).data)
    assert kept.convertToFormat(image.format()) == image
    (tmp_path / "said.txt").write_text("what was said", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "said.txt")), QUrl("https://elsewhere.example/x")])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    over = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    tab.dragEnterEvent(over)
    assert over.isAccepted()
    tab.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    tab.form.what.set_value("statement")
    tab.form.go.click()
    settle()
    assert {row.name for row in listed(workspace, case)} == {pasted.name, "said.txt"}
    QGuiApplication.clipboard().clear()


def test_what_was_chosen_for_one_case_never_goes_into_another(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    tab = a_tab(qtbot, seat, case)
    tab.presenter.choose([GivenFile(data=files.png(), name="a.png")])
    tab.arrive(logged(seat.runner._workspace).case)
    settle()
    assert not tab.form.isVisible()


def test_open_goes_to_the_page_of_the_file(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    photo = put(seat.runner._workspace, case, a_photo())
    tab = a_tab(qtbot, seat, case)
    tab.presenter.open(photo)
    assert seat.desk.went == [("file", {"case": case, "attachment": photo})]


# ------------------------------------------------------------------ looking at it


def test_a_photograph_is_shown_turned_as_it_was_held_fits_and_grows(
    qtbot: QtBot, seat: Seat, case: RecordId
) -> None:
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, a_photo(900, 600)))
    image = page.picture._canvas.image
    assert image is not None
    assert (image.width(), image.height()) == (600, 900), "turned by a quarter"
    assert image.pixelColor(550, 450).red() > 200, "what was above is at the right"
    assert image.pixelColor(50, 450).blue() > 200
    assert page.picture.isVisible()
    assert not page.pages.isVisible()
    canvas = page.picture._canvas
    fitted = canvas.size()
    assert fitted.height() <= page.picture.height()
    QTest.keyClick(page.picture._area, Qt.Key.Key_Plus)
    assert canvas.width() > fitted.width()
    QTest.keyClick(page.picture._area, Qt.Key.Key_0)
    assert canvas.size() == fitted
    assert "SHA-256 of the original" in words_in(page)
    page.leave()
    assert page.picture._canvas.image is None, "its bytes are forgotten"
    assert "wall" not in words_in(page)


def test_pages_of_a_pdf_are_shown(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    from reportlab.pdfgen.canvas import Canvas

    held = io.BytesIO()
    drawing = Canvas(held)
    for words in ("one", "two"):
        drawing.drawString(100, 700, words)
        drawing.showPage()
    drawing.save()
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, held.getvalue(), "letter.pdf"))
    settle(30)
    assert page.pages.isVisible()
    assert "Page 1 of 2" in words_in(page.pages)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"ID3" + bytes(500), "cannot be shown here. Save a copy to open or play it"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be shown here"),
        (files.heic_with_place(), "cannot be shown here"),
    ],
)
def test_what_cannot_be_shown_says_so(qtbot: QtBot, seat: Seat, case: RecordId, data: bytes, words: str) -> None:
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, data, "thing"))
    assert words in words_in(page)
    assert not page.picture.isVisible()
    assert page.save.isVisible()


@pytest.mark.parametrize("end", [30, 200, 600])
def test_a_damaged_picture_is_told_and_shows_nothing(qtbot: QtBot, seat: Seat, case: RecordId, end: int) -> None:
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, files.png(60, 60)[:30] + bytes(end), "x.png"))
    assert "The picture could not be read" in words_in(page)
    assert page.picture._canvas.image is None


# ------------------------------------------------------------------ copies, fetching, removing


def test_a_copy_leaves_without_its_place_unless_the_original_is_chosen(
    qtbot: QtBot, seat: Seat, case: RecordId, tmp_path: Path
) -> None:
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, a_photo()))
    page.save.path.set_text("")
    page.save.go.click()
    assert "Choose where the copy goes." in words_in(page.save)
    page.save.path.set_text(str(tmp_path / "clean.jpg"))
    page.save.go.click()
    settle()
    assert files.PLACE not in (tmp_path / "clean.jpg").read_bytes()
    assert "Saved without location data as clean.jpg." in words_in(page)
    page.save.choice.set_value(ORIGINAL)
    page.save.go.click()
    settle()
    assert "is there already" in words_in(page), "typed names replace nothing"
    page.save.path._take(str(tmp_path / "clean.jpg"))  # what the system's own dialog gives, which asks first
    page.save.go.click()
    settle()
    assert (tmp_path / "clean.jpg").read_bytes() == a_photo()


def test_a_kind_that_cannot_be_cleaned_offers_only_the_original(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, b"Dear all", "letter.txt"))
    assert not page.save.choice.buttons[0].isEnabled()
    assert page.save.choice.value() == ORIGINAL
    assert "cannot be taken out" in words_in(page.save)


def test_a_file_that_is_not_here_can_be_asked_for(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    workspace: Workspace = seat.runner._workspace
    photo = put(workspace, case, a_photo())
    folder = BlobFolder(workspace.folder)
    folder.remove(folder.sizes())
    attachments.tidy_files(workspace)
    attachments.set_file_limit(workspace, limit_bytes=10)
    page = a_page(qtbot, seat, photo)
    assert "fetched only when you ask" in words_in(page)
    assert not page.save.isVisible()
    page.fetch.click()
    settle()
    assert "It is fetched with the next sync." in words_in(page)
    assert attachments.get_attachment(workspace, attachment=photo).state is attachments.FileState.COMING


def test_removing_is_asked_twice(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    workspace: Workspace = seat.runner._workspace
    page = a_page(qtbot, seat, put(workspace, case, a_photo()))
    page.removal.ask.click()
    settle()
    assert QApplication.focusWidget() is page.removal.no
    page.removal.no.click()
    assert len(listed(workspace, case)) == 1
    page.removal.ask.click()
    page.removal.go.click()
    settle()
    assert listed(workspace, case) == ()
    assert seat.desk.backs == 1


def test_how_large_a_file_comes_by_itself_is_chosen_in_the_settings(qtbot: QtBot, seat: Seat) -> None:
    workspace: Workspace = seat.runner._workspace
    page = SettingsPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    assert page.files.select.value() == attachments.DEFAULT_FILE_LIMIT
    page.files.select.setCurrentIndex(0)
    page.files.select.activated.emit(0)
    assert attachments.file_limit(workspace) == 0
    page.arrive()
    assert page.files.select.value() == 0


# ------------------------------------------------------------------ for everybody


def test_the_page_and_the_tab_can_be_used_by_everybody(qtbot: QtBot, seat: Seat, case: RecordId) -> None:
    page = a_page(qtbot, seat, put(seat.runner._workspace, case, a_photo(900, 600), "a-long-name-of-a-picture.jpg"))
    page.removal.ask.click()
    assert audit_everywhere(page) == []
    show_at(page, 1366, 768)
    assert hidden_focus(page) == []
    case_page = CasePage(seat.context)
    qtbot.addWidget(case_page)
    show_at(case_page, 1366, 768)
    case_page.arrive(case=case)
    case_page.tabs.bar.setCurrentIndex(FILES)
    case_page.files.presenter.choose([GivenFile(data=files.png(), name="another.png")])
    settle()
    assert audit_everywhere(case_page) == []
    show_at(case_page, 1366, 768)
    assert hidden_focus(case_page) == []
