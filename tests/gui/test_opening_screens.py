"""Unlock and first run: what is asked, what is said, where the focus goes. No vault, no thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.foundation.errors import (
    AppError,
    FormIncomplete,
    HeaderDamaged,
    InvitationRejected,
    NoCodeInPicture,
    NotAdmittedYet,
    PairingNotAnswered,
    SheetMistyped,
    VaultInSyncedFolder,
    WeakPassphrase,
    WrongPassphrase,
)
from core.foundation.system import SystemClock
from core.services.pairing import PairingAsked
from core.squares.making import square_of
from core.squares.reading import texts_in
from desktop.background import Lane
from desktop.operations.beginning import Founding, Joining, Pairing
from desktop.operations.opening import Opening
from desktop.screens.first_run.presenter import FirstRunPresenter, Step
from desktop.screens.first_run.view import FirstRunView
from desktop.screens.unlock.presenter import UnlockPresenter
from desktop.screens.unlock.view import UnlockView
from desktop.theme import Look, ThemeName, apply_look
from desktop.widgets import Button, SquareCode
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, cut_words, settle, show_at, words_in
from tests.support.script_runner import ScriptRunner

FORM = Founding(
    organisation_name="Willow Court Homes",
    your_name="Rosa Okafor",
    initials="RO",
    job_title="",
    passphrase="maple harbour tin violet canoe",
)
JOIN = Joining(
    invitation="invitation text",
    your_name="Dana Cole",
    initials="DC",
    job_title="Officer",
    passphrase="anchor bread copper dune ember",
    shared_folder=Path("shared"),
)
PAIR = Pairing(laptop_name="Home laptop", passphrase="anchor bread copper dune ember", shared_folder=Path("shared"))
CODE = "LAPTOP-" + "-".join(["ABCDE", "FGHJ2", "34567", "KLMNO"] * 3)
EIGHT = tuple("anchor bread copper dune ember fossil garden hazel".split())


@dataclass(frozen=True)
class Strength:
    score: int
    advice: str


@dataclass(frozen=True)
class Waiting:
    words: tuple[str, ...]


def opening(runner: ScriptRunner, folder: Path = Path("vault")) -> Opening:
    return Opening(runner, folder, SystemClock(), SeededRandomness(1))


def in_view(view: FirstRunView, part: QWidget) -> bool:
    """Whether the whole of it can be seen without scrolling."""
    port = view.scroller.viewport()
    top = part.mapTo(port, QPoint()).y()
    return part.isVisible() and top >= 0 and top + part.height() <= port.height()


class Listener:
    """Keeps what a presenter says, by the name of the signal."""

    def __init__(self, presenter: Any, *names: str) -> None:
        self.heard: dict[str, list[Any]] = {name: [] for name in names}
        for name in names:
            getattr(presenter, name).connect(self._keep(name))

    def _keep(self, name: str) -> Any:
        def keep(*values: Any) -> None:
            self.heard[name].append(values[0] if len(values) == 1 else values)

        return keep

    def __getitem__(self, name: str) -> list[Any]:
        return self.heard[name]


class TestUnlocking:
    def test_the_right_passphrase(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(unlock=None)
        presenter = UnlockPresenter(opening(runner))
        heard = Listener(presenter, "opened", "busy", "problem")
        presenter.unlock("right")
        assert heard["busy"] == [True, False]
        assert len(heard["opened"]) == 1
        assert runner.lanes == [Lane.OPENING]
        assert runner.calls[0][1]["passphrase"] == "right"

    def test_a_wrong_one_is_told_apart_from_a_damaged_file(self, qtbot: QtBot) -> None:
        presenter = UnlockPresenter(opening(ScriptRunner(unlock=[WrongPassphrase(), HeaderDamaged()])))
        heard = Listener(presenter, "problem")
        presenter.unlock("wrong")
        presenter.unlock("right")
        assert heard["problem"][0] == ("That passphrase did not open the workbook.", "Check caps lock and try again.")
        assert "damaged" in heard["problem"][1][0]

    def test_nothing_typed_asks_nothing(self, qtbot: QtBot) -> None:
        runner = ScriptRunner()
        presenter = UnlockPresenter(opening(runner))
        heard = Listener(presenter, "problem")
        presenter.unlock("")
        assert runner.calls == []
        assert heard["problem"] == [("Enter your passphrase.", "")]

    def test_the_rest_is_loaded_once_while_the_person_types(self, qtbot: QtBot) -> None:
        runner = ScriptRunner()
        view = UnlockView(opening(runner))
        qtbot.addWidget(view)
        show_at(view, 800, 600)
        qtbot.keyClicks(view.first_focus(), "maple")
        assert runner.names == ["prepare"]
        assert runner.lanes == [Lane.POOL]

    def test_pressing_twice_tries_once(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(at_once=False)
        presenter = UnlockPresenter(opening(runner))
        presenter.unlock("right")
        presenter.unlock("right")
        assert runner.names == ["unlock"]

    def test_a_laptop_that_waits_to_join_is_sent_there(self, qtbot: QtBot) -> None:
        presenter = UnlockPresenter(opening(ScriptRunner(unlock=NotAdmittedYet())))
        heard = Listener(presenter, "not_admitted", "problem")
        presenter.unlock("right")
        assert len(heard["not_admitted"]) == 1
        assert heard["problem"] == []

    def test_the_page_names_nobody_and_passes_the_audit(self, qtbot: QtBot) -> None:
        view = UnlockView(opening(ScriptRunner(unlock=WrongPassphrase())))
        qtbot.addWidget(view)
        assert audit_everywhere(view) == []
        qtbot.keyClick(view.first_focus(), Qt.Key.Key_X)
        qtbot.keyClick(view.first_focus(), Qt.Key.Key_Return)
        assert audit_everywhere(view) == []
        assert "!" not in words_in(view)

    def test_the_passphrase_is_never_readable_from_outside(self, qtbot: QtBot) -> None:
        view = UnlockView(opening(ScriptRunner()))
        qtbot.addWidget(view)
        show_at(view, 800, 600)
        box: Any = view.first_focus()
        box.setText("maple harbour tin violet canoe")
        assert box.echoMode() is QLineEdit.EchoMode.Password
        assert "harbour" not in words_in(view)


class TestFounding:
    @pytest.mark.parametrize(
        ("changed", "again", "field"),
        [
            ({"organisation_name": " "}, FORM.passphrase, "organisation_name"),
            ({"your_name": ""}, FORM.passphrase, "your_name"),
            ({"initials": ""}, FORM.passphrase, "initials"),
            ({"passphrase": ""}, "", "passphrase"),
            ({}, "something else", "again"),
        ],
    )
    def test_what_is_missing_is_said_before_anything_is_made(
        self, qtbot: QtBot, changed: dict[str, str], again: str, field: str
    ) -> None:
        runner = ScriptRunner()
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "problems")
        values = {name: getattr(FORM, name) for name in FORM.__slots__}
        presenter.found(Founding(**{**values, **changed}), again)
        assert list(heard["problems"][-1]) == [field]
        assert runner.calls == []

    def test_a_whole_form_opens_the_workbook(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(found_organisation=None)
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "problems", "opened", "busy")
        presenter.found(FORM, FORM.passphrase)
        assert heard["problems"] == [{}]
        assert heard["busy"][0]
        assert heard["busy"][-1] == ""
        assert len(heard["opened"]) == 1
        assert runner.calls[0][1]["form"] == FORM

    @pytest.mark.parametrize(
        ("error", "field"),
        [
            (WeakPassphrase(), "passphrase"),
            (FormIncomplete(problems={"initials": "Enter your initials."}), "initials"),
            (VaultInSyncedFolder(path="here", marker="a sync program"), ""),
        ],
    )
    def test_a_refusal_stands_beside_the_field_it_concerns(self, qtbot: QtBot, error: AppError, field: str) -> None:
        presenter = FirstRunPresenter(opening(ScriptRunner(found_organisation=error)))
        heard = Listener(presenter, "problems", "opened")
        presenter.found(FORM, FORM.passphrase)
        assert list(heard["problems"][-1]) == [field]
        assert heard["opened"] == []

    def test_strength_is_judged_after_typing_without_names_one_could_guess(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(check_passphrase=[Strength(2, "Add another word."), Strength(4, "")])
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "strength")
        for text in ("m", "ma", "maple"):
            presenter.passphrase_typed(text, avoid=("Willow Court Homes", "Rosa"))
        qtbot.waitUntil(lambda: bool(heard["strength"]), timeout=20_000)
        assert heard["strength"] == [(2, "Weak", "Add another word.")]
        assert runner.calls == [("check_passphrase", {"text": "maple", "avoid": ("Willow Court Homes", "Rosa")})]
        assert runner.lanes == [Lane.POOL]
        presenter.passphrase_typed("", avoid=())
        assert heard["strength"][-1] == (-1, "", "")


class TestJoining:
    def test_asking_shows_eight_words_and_checking_again_needs_no_second_passphrase(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(ask_to_join=Waiting(EIGHT), finish_joining=[NotAdmittedYet(), None])
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "words_to_compare", "moved", "waiting_told", "opened")
        presenter.join(JOIN, JOIN.passphrase)
        assert heard["words_to_compare"] == [EIGHT]
        assert heard["moved"] == [Step.WAIT]
        presenter.check_again()
        assert "not been accepted yet" in heard["waiting_told"][0]
        assert heard["opened"] == []
        presenter.check_again()
        assert len(heard["opened"]) == 1

    def test_after_a_restart_the_passphrase_is_asked_for(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(finish_joining=[WrongPassphrase(), NotAdmittedYet(words=EIGHT), None])
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "problems", "opened", "words_to_compare")
        presenter.check_again("")
        assert runner.calls == []
        presenter.check_again("wrong")
        assert "did not open" in heard["problems"][-1]["waiting_passphrase"]
        presenter.check_again(JOIN.passphrase)
        assert heard["words_to_compare"] == [EIGHT]
        presenter.check_again()
        assert len(heard["opened"]) == 1

    def test_a_bad_invitation_says_so(self, qtbot: QtBot) -> None:
        presenter = FirstRunPresenter(opening(ScriptRunner(ask_to_join=InvitationRejected(reason="it is cut short"))))
        heard = Listener(presenter, "problems", "moved")
        presenter.join(JOIN, JOIN.passphrase)
        assert "cut short" in heard["problems"][-1]["invitation"]
        assert heard["moved"] == []


class TestSecondLaptop:
    @pytest.mark.parametrize(
        ("changed", "again", "field"),
        [
            ({"laptop_name": " "}, PAIR.passphrase, "laptop_name"),
            ({"shared_folder": Path()}, PAIR.passphrase, "shared_folder"),
            ({"passphrase": ""}, "", "passphrase"),
            ({}, "something else", "again"),
        ],
    )
    def test_what_is_missing_is_said_before_anything_is_made(
        self, qtbot: QtBot, changed: dict[str, Any], again: str, field: str
    ) -> None:
        runner = ScriptRunner()
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "problems")
        presenter.pair(replace(PAIR, **changed), again)
        assert list(heard["problems"][-1]) == [field]
        assert runner.calls == []

    def test_asking_shows_the_code_and_the_words_and_checking_again_opens(self, qtbot: QtBot) -> None:
        square = square_of(CODE).rows
        not_yet = PairingNotAnswered(words=EIGHT, code=CODE, square=square)
        runner = ScriptRunner(ask_to_pair=PairingAsked(CODE, EIGHT, square), finish_joining=[not_yet, None])
        presenter = FirstRunPresenter(opening(runner))
        heard = Listener(presenter, "words_to_compare", "code_to_show", "moved", "waiting_told", "opened")
        presenter.pair(PAIR, PAIR.passphrase)
        assert heard["words_to_compare"] == [EIGHT] and heard["moved"] == [Step.WAIT]
        assert heard["code_to_show"] == [(CODE, square)]
        presenter.check_again()
        assert "other laptop has not answered" in heard["waiting_told"][0]
        presenter.check_again()
        assert len(heard["opened"]) == 1

    def test_an_invitation_comes_out_of_a_picture(self, qtbot: QtBot) -> None:
        runner = ScriptRunner(code_in_picture=["IMANI-TEXT", NoCodeInPicture()])
        view = FirstRunView(opening(runner))
        qtbot.addWidget(view)
        view._join.code.picture_chosen.emit("photo.jpg")
        assert view._join.form_values().invitation == "IMANI-TEXT"
        assert runner.calls == [("code_in_picture", {"path": Path("photo.jpg"), "kind": "IMANI"})]
        view._presenter.go(Step.JOIN)
        view._join.code.picture_chosen.emit("photo.jpg")
        assert "no square code" in words_in(view)
        assert view._join.form_values().invitation == "IMANI-TEXT"


class TestLostLaptops:
    def filled(self, qtbot: QtBot, **answers: Any) -> tuple[FirstRunView, ScriptRunner]:
        usual = {"suggest_passphrase": FORM.passphrase, "check_passphrase": Strength(4, "")}
        runner = ScriptRunner(**{**usual, **answers})
        view = FirstRunView(opening(runner))
        qtbot.addWidget(view)
        view._choose.lost.click()
        card = view._lost
        for box, words in zip(card.boxes, ("acid academic", "acid agency", "daisy budget"), strict=True):
            box.set_text(words)
        card.folder.set_text("/copy")
        card.your_name.setText("Cleo Hart")
        card.initials.setText("ch")
        for typed in card.secret.findChildren(QLineEdit):
            typed.setText(FORM.passphrase)
        return view, runner

    def test_what_is_missing_is_named_beside_its_field(self, qtbot: QtBot) -> None:
        view, runner = self.filled(qtbot)
        view._lost.forget()
        view._lost.go.click()
        assert "Enter the words of one recovery sheet" in words_in(view)
        assert "recover" not in [name for name, _ in runner.calls]

    def test_sheets_folder_and_person_go_to_the_service_and_no_word_stays(self, qtbot: QtBot) -> None:
        view, runner = self.filled(qtbot, recover=None)
        heard = Listener(view, "opened")
        view._lost.go.click()
        (form,) = [given["form"] for name, given in runner.calls if name == "recover"]
        assert (form.first_sheet, form.second_sheet, form.organisation_sheet) == (
            "acid academic", "acid agency", "daisy budget"
        )  # fmt: skip
        assert form.shared_folder == Path("/copy") and len(heard["opened"]) == 1
        assert not any(box.text() for box in view._lost.boxes)

    def test_a_mistake_on_a_sheet_is_said_and_nothing_is_lost(self, qtbot: QtBot) -> None:
        view, _ = self.filled(qtbot, recover=SheetMistyped(place="Word 7 does not fit the others."))
        view._lost.go.click()
        assert "Word 7 does not fit the others." in words_in(view)
        assert view._lost.boxes[1].text() == "acid agency"

    def test_a_picture_fills_the_box_it_was_opened_for(self, qtbot: QtBot) -> None:
        view, _ = self.filled(qtbot, sheet_in_file="acid always")
        view._lost.second_sheet.code.picture_chosen.emit("photo.jpg")
        assert [box.text() for box in view._lost.boxes][1] == "acid always"


class TestFirstRunPages:
    def made(self, qtbot: QtBot, *, waiting: bool = False, **answers: Any) -> FirstRunView:
        usual = {"suggest_passphrase": FORM.passphrase, "check_passphrase": Strength(2, "Add another word.")}
        view = FirstRunView(opening(ScriptRunner(**{**usual, **answers})), waiting=waiting)
        qtbot.addWidget(view)
        show_at(view, 1366, 768)
        return view

    @pytest.mark.parametrize("step", list(Step))
    def test_each_page_passes_the_audit(self, qtbot: QtBot, step: Step) -> None:
        view = self.made(qtbot, ask_to_join=Waiting(EIGHT))
        view._presenter.go(step)
        settle()
        if step in (Step.FOUND, Step.JOIN, Step.PAIR):
            view._now.go.click()
            view._now.secret.show_strength(2, "Weak", "Add another word or two.")  # type: ignore[attr-defined]
        if step is Step.WAIT:
            view._wait.show_words(EIGHT)
        assert audit_everywhere(view) == []

    def test_larger_text_on_the_page_that_is_on_show_cuts_nothing(self, qtbot: QtBot) -> None:
        view = self.made(qtbot)
        show_at(view, 1024, 640)
        apply_look(Look(theme=ThemeName.LIGHT, text_percent=200))

        def too_low() -> list[Button]:
            shown = [one for one in view.findChildren(Button) if one.isVisible()]
            return [one for one in shown if one.height() < one.sizeHint().height()]

        qtbot.waitUntil(lambda: not too_low() and not cut_words(view), timeout=20_000)

    def test_what_is_going_on_is_in_view_where_the_page_is_longer_than_the_window(self, qtbot: QtBot) -> None:
        view = self.made(qtbot, found_organisation=None)
        view._choose.found.click()
        show_at(view, 1024, 640)
        view._found.secret._again.setFocus()
        view._found.secret.typed.emit("maple harbour tin")  # how strong it is then stands above
        qtbot.waitUntil(view._found.secret._meter.isVisible, timeout=20_000)
        qtbot.waitUntil(lambda: in_view(view, view._found.secret._again), timeout=5_000)
        view.scroller.verticalScrollBar().setValue(0)
        view._busy("Setting up")
        qtbot.waitUntil(lambda: in_view(view, view._found.progress), timeout=5_000)
        view._busy("")
        view._say({"": "The disk is full."})
        qtbot.waitUntil(lambda: in_view(view, view._found.problem), timeout=5_000)

    def test_a_code_and_its_square_pass_the_audit_and_can_be_heard(self, qtbot: QtBot) -> None:
        view = self.made(qtbot, waiting=True)
        view._presenter.code_to_show.emit(CODE, square_of(CODE).rows)
        view._presenter.words_to_compare.emit(EIGHT)
        settle()
        assert view._wait._code.square.accessibleName().startswith("The code of this laptop")
        assert view._wait._code.text.accessibleName() == f"Code of this laptop: {CODE.replace('-', ' ')}"
        assert view._wait.title == "Waiting for your other laptop"
        assert audit_everywhere(view) == []

    @pytest.mark.parametrize("theme", [ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST])
    @pytest.mark.parametrize("percent", [100, 200])
    def test_a_camera_reads_the_square_under_every_theme(
        self, qtbot: QtBot, tmp_path: Path, theme: ThemeName, percent: int
    ) -> None:
        square = SquareCode()
        qtbot.addWidget(square)
        apply_look(Look(theme=theme, text_percent=percent))
        square.show_rows(square_of(CODE).rows, "code")
        square.adjustSize()
        assert square.grab().save(str(tmp_path / "shot.png"))
        apply_look(Look(theme=ThemeName.LIGHT))
        assert texts_in(tmp_path / "shot.png") == (CODE,)

    def test_an_empty_form_lists_its_problems_and_takes_one_there(self, qtbot: QtBot) -> None:
        view = self.made(qtbot)
        view._choose.found.click()
        assert view._found.first.hasFocus()
        view._found.go.click()
        settle()
        summary = view._found.form.summary
        assert summary.hasFocus()
        assert "Enter the name of your organisation" in summary.accessibleName()
        link = next(b for b in summary.findChildren(type(view._found.go)) if "initials" in b.accessibleName())
        link.click()
        assert view._found.initials.hasFocus()
        assert "Enter your initials" in view._found.initials.accessibleDescription()

    def test_the_suggested_words_can_be_taken_with_one_press(self, qtbot: QtBot) -> None:
        view = self.made(qtbot)
        view._choose.found.click()
        secret = view._found.secret
        secret._use.click()
        assert secret.passphrase == FORM.passphrase
        assert QApplication.focusWidget() is secret._again

    def test_words_to_keep_and_to_compare_can_be_heard(self, qtbot: QtBot) -> None:
        view = self.made(qtbot)
        view._choose.found.click()
        assert view._found.secret._words.accessibleName() == f"Suggested passphrase: {FORM.passphrase}"
        view._wait.show_words(EIGHT)
        assert view._wait._words.accessibleName() == f"Eight words to compare: {', '.join(EIGHT)}"

    def test_enter_in_the_last_box_goes_on(self, qtbot: QtBot) -> None:
        view = self.made(qtbot)
        view._choose.found.click()
        qtbot.keyClick(view._found.secret._again, Qt.Key.Key_Return)
        settle()
        assert "Enter the name of your organisation" in view._found.form.summary.accessibleName()

    def test_secrets_leave_the_screen_when_the_workbook_opens(self, qtbot: QtBot) -> None:
        view = self.made(qtbot, found_organisation=None)
        view._choose.found.click()
        secret = view._found.secret
        secret._use.click()
        secret._again.setText(FORM.passphrase)
        for box, words in (
            (view._found.first, "Willow Court Homes"),
            (view._found.your_name, "Rosa"),
            (view._found.initials, "RO"),
        ):
            box.setText(words)  # type: ignore[attr-defined]
        with qtbot.waitSignal(view.opened, timeout=20_000):
            view._found.go.click()
        assert "harbour" not in words_in(view)
        assert "harbour" not in secret._words.accessibleName()
        assert secret.passphrase == ""

    def test_waiting_after_a_restart_starts_at_the_passphrase(self, qtbot: QtBot) -> None:
        view = self.made(qtbot, waiting=True)
        assert view._wait.again.hasFocus()
