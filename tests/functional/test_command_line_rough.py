"""The command line as tired people and rough surroundings use it: nothing guessed, nothing lost, a clear sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.cli import exit_codes
from core.cli.main import main
from tests.support.workspaces import PASSPHRASE, a_workspace, with_letterhead

CHECKOUT = Path(__file__).resolve().parents[2]
HOMES = "Address,Town,Postcode,Tenant\n" + "".join(
    f"{address},Testford,ZZ1 1AA,Ms Ngọc Ŵyn\n"
    for address in ("1 Mill Road", "12 Mill Road", "120 Mill Road", "Flat 1 14 Mill Road", "Flat 2 14 Mill Road")
)


class Shell:
    """`imani` in this process, on one vault."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.vault, self.secret, self.folder, self._capsys = folder / "vault", folder / "secret", folder, capsys
        self.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        given = [*map(str, words), "--vault", str(self.vault), "--passphrase-file", str(self.secret)]
        code = main(given)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def json(self, *words: str | Path) -> tuple[int, Any]:
        code, out, _ = self(*words, "--json")
        return code, json.loads(out)

    def log(self, *more: str) -> tuple[int, str, str]:
        return self("case", "new", "--words", "Shouted at", "--danger", "no", "--safe", "call", *more)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    with a_workspace(tmp_path / "vault") as workspace:
        with_letterhead(workspace)
    shell = Shell(tmp_path, capsys)
    (tmp_path / "homes.csv").write_text(HOMES, encoding="utf-8")
    return shell


@pytest.fixture
def housed(shell: Shell) -> Shell:
    assert shell("import-homes", shell.folder / "homes.csv")[0] == 0
    return shell


class TestAHomeIsNeverGuessed:
    def test_words_that_fit_several_homes_are_refused_with_those_homes(self, housed: Shell) -> None:
        code, _, said = housed.log("--home", "14 Mill Road")
        assert code == exit_codes.NOT_TAKEN
        assert "Flat 1, 14 Mill Road" in said
        assert "Flat 2, 14 Mill Road" in said
        assert housed.json("case", "list")[1]["total"] == 0

    @pytest.mark.parametrize("words", ["1 Mill Road", "12 mill road", "120 Mill", "flat 2, 14 mill road, testford"])
    def test_a_whole_number_is_meant_whole_and_the_home_is_named(self, housed: Shell, words: str) -> None:
        code, out, _ = housed.log("--home", words)
        assert code == 0
        wanted = "Flat 2, 14 Mill Road" if "flat" in words else f"Where: {words.partition(' ')[0]} Mill Road"
        assert wanted in out

    def test_a_home_nobody_knows_is_not_found(self, housed: Shell) -> None:
        assert housed.log("--home", "9 Elsewhere Street")[0] == exit_codes.NOT_FOUND


class TestATimeIsNeverGuessed:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("2026-11-01", "with its day"),
            ("yesterday", "with its day"),
            ("0001-01-01T00:00", "with its day"),
            ("2026-03-29T01:30", "clocks went forward"),
            ("2999-01-01T00:00", "already passed"),
            ("1926-01-01T00:00", "Check the year"),
        ],
    )
    def test_a_time_that_cannot_be_is_refused(self, shell: Shell, text: str, said: str) -> None:
        code, _, error = shell.log("--received-at", text)
        assert (code, said in error) == (exit_codes.NOT_TAKEN, True), error

    def test_each_promise_is_named(self, shell: Shell) -> None:
        _, out, _ = shell.log("--received-at", "2026-10-25T01:30")
        assert "First contact: " in out
        assert "the clocks go back" in out


class TestWords:
    def test_a_way_nobody_knows_is_refused_with_the_list(self, shell: Shell) -> None:
        code, _, said = shell.log("--never", "pigeon")
        assert code == exit_codes.NOT_TAKEN
        assert "text, call, voicemail" in said
        assert "Nothing was changed." in said

    def test_bytes_that_are_no_text_are_refused(self, shell: Shell) -> None:
        assert shell.log("--name", "\udcff\udcfe")[0] == exit_codes.NOT_TAKEN

    @pytest.mark.parametrize("mib", ["63", "1025", "0", "-1", "abc", "64.5", ""])
    def test_a_memory_cost_out_of_bounds_is_a_wrong_command_line(
        self, shell: Shell, capsys: pytest.CaptureFixture[str], mib: str
    ) -> None:
        with pytest.raises(SystemExit) as stopped:
            shell(
                "init", "--organisation", "O", "--name", "N", "--initials", "A", f"--kdf-memory-mib={mib}"
            )
        assert stopped.value.code == exit_codes.USAGE
        assert "MiB from 64 to 1024" in capsys.readouterr().err

    def test_a_weak_passphrase_gets_five_words_offered(self, shell: Shell) -> None:
        shell.secret.write_text("password1", encoding="utf-8")
        shell.vault = shell.folder / "other"
        code, _, said = shell("init", "--organisation", "O", "--name", "N", "--initials", "A")
        assert code == exit_codes.PASSPHRASE
        assert "Five words nobody could guess" in said
        assert not shell.vault.exists()


class TestLists:
    def test_the_rows_not_taken_never_replace_the_list(self, shell: Shell) -> None:
        source = shell.folder / "homes.csv"
        assert shell("import-homes", source, "--not-taken", source)[0] == exit_codes.NOT_TAKEN
        assert source.read_text(encoding="utf-8") == HOMES

    def test_a_report_that_cannot_be_written_is_told_before_anything_is_taken_in(self, shell: Shell) -> None:
        target = shell.folder / "homes.csv" / "rows.csv"
        assert shell("import-homes", shell.folder / "homes.csv", "--not-taken", target)[0] == exit_codes.DISK
        assert shell.json("import-homes", shell.folder / "homes.csv", "--dry-run")[1]["counts"]["new"] == 5


class TestLettersArea:
    def test_a_street_is_found_however_it_is_written_and_a_wrong_one_stops_the_rest(self, housed: Shell) -> None:
        housed.log()
        area = ("letters", "area", "--case", "2026-AB-001", "--into", housed.folder / "out", "--dry-run")
        assert housed.json(*area, "--street", "mill rd")[1]["letters"] == 5
        code, _, said = housed(*area, "--street", "Mill Road", "--street", "Mil Raod")
        assert code == exit_codes.NOT_TAKEN
        assert "called Mil Raod. Perhaps: Mill Road." in said

    def test_somebody_not_told_is_named_with_what_to_do(self, housed: Shell) -> None:
        housed.log("--home", "12 Mill Road", "--name", "Sam Vale")
        area = ("letters", "area", "--case", "2026-AB-001", "--street", "Mill Road", "--into", housed.folder / "out")
        code, _, said = housed(*area)
        assert code == exit_codes.NOT_TAKEN
        assert "12 Mill Road" in said
        assert "--told" in said
        assert not (housed.folder / "out").exists()
        assert "To be told first: 12 Mill Road" in housed(*area, "--dry-run")[1]
        assert housed(*area, "--told")[0] == 0  # although the office lies in the same postcode

    def test_given_again_the_same_day_it_mends_the_run_and_plans_nobody_twice(self, housed: Shell) -> None:
        housed.log()
        out = housed.folder / "out"
        area = ("letters", "area", "--case", "2026-AB-001", "--street", "Mill Road", "--into", out)
        assert housed.json(*area)[1]["made"] == 5
        whole = (out / "letters-001.pdf").read_bytes()
        (out / "letters-001.pdf").write_bytes(whole[:1000])
        code, said, _ = housed(*area)
        assert code == 0
        assert "were planned" in said
        assert (out / "letters-001.pdf").stat().st_size > 1000
        titles = [entry["title"] for entry in housed.json("case", "show", "2026-AB-001")[1]["timeline"]]
        assert titles.count("Letters to Mill Road") == 1

    def test_a_folder_that_cannot_be_used_leaves_no_run_in_the_case(self, housed: Shell) -> None:
        housed.log()
        area = ("letters", "area", "--case", "2026-AB-001", "--street", "Mill Road", "--into")
        for folder in (housed.vault / "letters", housed.folder / "homes.csv"):
            assert housed(*area, folder)[0] == exit_codes.DISK
        titles = [entry["title"] for entry in housed.json("case", "show", "2026-AB-001")[1]["timeline"]]
        assert "Letters to Mill Road" not in titles

    def test_a_list_is_held_against_the_homes_and_no_row_is_dropped(self, housed: Shell) -> None:
        housed.log()
        rows = housed.folder / "rows.txt"
        rows.write_text("12 Mill Rd\n12 mill road\n1 Nowhere Close\n", encoding="utf-8")
        area = ("letters", "area", "--case", "2026-AB-001", "--list", rows, "--into", housed.folder / "out")
        code, _, said = housed(*area)
        assert code == exit_codes.NOT_TAKEN
        assert "line 3 (1 Nowhere Close): No street or building of ours has this name" in said
        code, told, _ = housed(*area, "--without-unmatched")
        assert code == 0
        assert "1 home from a list: 1 homes, 1 letters to make" in told
        assert "No letter for a row of the list. Line 3, 1 Nowhere Close" in told

    def test_letters_of_another_case_are_not_written_over(self, housed: Shell) -> None:
        housed.log()
        housed.log()
        out = housed.folder / "out"
        area = ("letters", "area", "--street", "Mill Road", "--into", out)
        assert housed(*area, "--case", "2026-AB-001")[0] == 0
        before = (out / "letters-001.pdf").read_bytes()
        code, _, said = housed(*area, "--case", "2026-AB-002")
        assert (code, "letters of another run" in said) == (exit_codes.NOT_TAKEN, True)
        assert (out / "letters-001.pdf").read_bytes() == before


class TestTheSharedFolder:
    def test_an_empty_or_foreign_folder_is_not_called_sound(self, shell: Shell) -> None:
        empty = shell.folder / "empty"
        empty.mkdir()
        code, out, _ = shell("verify-folder", empty)
        assert code == exit_codes.PROBLEMS_FOUND
        assert "does not look like the shared folder" in out
        assert "No problem found" not in out

    def test_no_folder_yet_says_how_to_choose_one_here(self, shell: Shell) -> None:
        code, _, said = shell("sync")
        assert (code, "sync --folder DIR" in said) == (exit_codes.FOLDER, True)


def program(vault: Path, *words: str, **given: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), **given.pop("environment", {})}
    command = [sys.executable, "-m", "core.cli", *words, "--vault", str(vault)]
    return subprocess.run(command, env=environment, check=False, timeout=60, **given)


@pytest.mark.skipif(os.name != "posix", reason="pipes and locales as POSIX has them")
def test_rough_surroundings_leave_no_traceback(housed: Shell) -> None:
    housed.log("--name", "Ngọc Ŵyn 😀", "--place", "Tŷ Gwyn 😀")
    secret = ("--passphrase-file", str(housed.secret))
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for words in (("case", "show", "2026-AB-001"), ("case", "show", "2026-AB-001", "--json")):
        done = program(housed.vault, *words, *secret, environment=plain, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["place"] == "Tŷ Gwyn 😀"
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = program(housed.vault, "case", "list", *secret, stdout=closed, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
    done = program(housed.vault, "case", "list", stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == exit_codes.NOT_TAKEN
    assert b"--passphrase-file" in done.stderr
    done = program(housed.vault, "case", "list", input=PASSPHRASE.encode() + b"\n", capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    if Path("/dev/full").exists():
        with Path("/dev/full").open("wb") as full:
            done = program(housed.vault, "case", "list", *secret, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == exit_codes.DISK
        assert b"Traceback" not in done.stderr


def test_a_python_without_the_packages_is_told_where_to_start(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-S", "-m", "core.cli", "case", "list", "--vault", str(tmp_path)]
    done = subprocess.run(command, env=environment, check=False, timeout=60, capture_output=True)
    assert done.returncode == exit_codes.UNSUPPORTED
    assert b"installer/start.py imani" in done.stderr
    assert b"Traceback" not in done.stderr
