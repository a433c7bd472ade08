"""Before there is a window: libraries, display, self check, settings."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.services import vaults
from desktop.app import machine, selfcheck
from desktop.app.keeping import FILE_NAME, PreferenceKeeper
from desktop.app.start import run
from desktop.app.termination import TerminationWatch
from desktop.app.window import KEY_FILES, WAITING_FILE
from desktop.screens.preferences import Preferences, preferences_from
from installer import system_libraries

DESK = {"DISPLAY": ":0"}


def loads(*missing: str) -> object:
    return lambda library: library not in missing


class TestTheMachine:
    def test_a_whole_machine_is_not_refused(self) -> None:
        assert machine.refusal(DESK, platform="linux", loads=lambda library: True, release="") is None

    @pytest.mark.parametrize("library", [*machine.TO_START, *machine.TO_SHOW])
    def test_each_missing_library_is_named_by_its_own_package(self, library: str) -> None:
        refused = machine.refusal(DESK, platform="linux", loads=lambda name: name != library, release="bookworm")
        assert refused is not None
        package = {**machine.TO_START, **machine.TO_SHOW}[library]
        assert refused[0] == 3
        assert refused[1].endswith(f"sudo apt-get install {package}")

    def test_the_renamed_library_is_called_by_its_new_name(self) -> None:
        refused = machine.refusal(DESK, platform="linux", loads=lambda n: "glib" not in n, release="trixie")
        assert refused is not None
        assert "libglib2.0-0t64" in refused[1]

    def test_no_display(self) -> None:
        refused = machine.refusal({}, platform="linux", loads=lambda library: True, release="")
        assert refused is not None
        assert refused[0] == 4
        assert machine.refusal({"WAYLAND_DISPLAY": "w"}, platform="linux", loads=lambda n: True, release="") is None
        assert machine.refusal({"QT_QPA_PLATFORM": "offscreen"}, platform="linux", loads=lambda n: True) is None

    def test_other_systems_bring_everything_with_them(self) -> None:
        assert machine.refusal({}, platform="win32", loads=lambda n: False) is None

    def test_the_exit_code_and_one_plain_sentence(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(machine, "refusal", lambda environment: (4, "There is no screen."))
        assert run([]) == 4
        assert capsys.readouterr().err == "There is no screen.\n"

    def test_the_names_agree_with_the_installer(self) -> None:
        known = {**system_libraries.DRAWING, **system_libraries.WINDOWS}
        for library, package in {**machine.TO_START, **machine.TO_SHOW}.items():
            assert known[library] == package


class TestSelfCheck:
    def test_this_binding_loses_no_references(self, qapp: QApplication) -> None:
        assert selfcheck.lost_references() == 0

    def test_a_loss_would_be_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        counts = iter([10_000, 10_000, 9_800, 10_000])
        monkeypatch.setattr(selfcheck.sys, "getrefcount", lambda thing: next(counts))
        assert selfcheck._repeat(lambda: None) == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends programs in another way")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_end_is_heard_while_nothing_happens(qtbot: QtBot, number: signal.Signals) -> None:
    watch, before = TerminationWatch(), signal.getsignal(number)
    watch.start()
    try:
        with qtbot.waitSignal(watch.asked, timeout=20_000):
            os.kill(os.getpid(), number)
    finally:
        watch.stop()
    assert signal.getsignal(number) is before


class TestPreferences:
    def test_they_are_kept(self, tmp_path: Path) -> None:
        keeper = PreferenceKeeper(tmp_path / "new")
        assert keeper.read() == Preferences()
        wanted = Preferences(
            theme="dark", text_percent=150, easier_letters=True, lock_after_minutes=10, letter_keys=False
        )
        keeper.keep(wanted)
        assert PreferenceKeeper(tmp_path / "new").read() == wanted

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "null",
            '{"theme": 3}',
            '{"text_percent": true}',
            '{"lock_after_minutes": 0}',
            '{"theme": "pink"}',
        ],
    )
    def test_a_damaged_file_means_the_usual_settings(self, text: str) -> None:
        assert preferences_from(text) == Preferences()

    def test_a_size_out_of_range_is_brought_back(self) -> None:
        assert preferences_from('{"text_percent": 900}').text_percent == 200

    def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        PreferenceKeeper(tmp_path / "file").keep(Preferences())

    def test_they_say_nothing_about_anyone(self, tmp_path: Path) -> None:
        PreferenceKeeper(tmp_path).keep(Preferences())
        assert set((tmp_path / FILE_NAME).read_text().split('"')[1::2]) <= {
            "easier_letters", "letter_keys", "lock_after_minutes", "text_percent", "theme", "system",
        }  # fmt: skip


def test_the_file_names_looked_at_are_those_the_services_write() -> None:
    assert set(KEY_FILES) == {vaults.KEYSLOT_NAME, vaults.PREVIOUS_NAME}
    assert WAITING_FILE == vaults.JOINING_NAME
