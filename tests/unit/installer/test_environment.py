"""The environment is made once, offline if need be, and never trusted when half made.

Real parts: a real environment and the real pip we ship, fed from a wheelhouse holding two tiny packages.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from installer.environment import Environment, digest, environment_home, ready_environment
from installer.refusal import EXIT_SET_UP_FAILED, Refused


def put_wheel(wheelhouse: Path, name: str) -> str:
    """Write a package with one module `name` into `wheelhouse` and return its line for a lock."""
    wheelhouse.mkdir(exist_ok=True)
    path = wheelhouse / f"{name}-1.0-py3-none-any.whl"
    information = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "GREETING = 'here'\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},sha256={_record_hash(text)},{len(text)}\n" for file, text in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{information}/RECORD", f"{record}{information}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _record_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose program needs `alpha` and whose tests need `beta` too."""
    folder = tmp_path / "Imani's copy"
    (folder / "installer").mkdir(parents=True)
    alpha = put_wheel(folder / "wheelhouse", "alpha_part")
    beta = put_wheel(folder / "wheelhouse", "beta_part")
    (folder / "installer" / "requirements.lock").write_text(alpha, encoding="utf-8")
    (folder / "installer" / "requirements-test.lock").write_text(alpha + beta, encoding="utf-8")
    return folder


def can_import(environment: Environment, module: str) -> bool:
    command = [environment.python, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def quiet(_: str) -> None:
    return


def test_first_start_sets_up_and_the_next_one_does_nothing(checkout: Path) -> None:
    said: list[str] = []
    environment = ready_environment("program", said.append, checkout)
    assert can_import(environment, "alpha_part")
    assert not can_import(environment, "beta_part")
    assert not can_import(environment, "pip")
    assert "  fetching 1 of 1: alpha_part" in said
    said.clear()
    assert ready_environment("program", said.append, checkout) == environment
    assert said == []


def test_the_tests_are_added_to_what_is_there_and_the_program_still_has_its_own(checkout: Path) -> None:
    environment = ready_environment("program", quiet, checkout)
    mark = environment.venv / "made-once"
    mark.touch()
    ready_environment("tests", quiet, checkout)
    assert can_import(environment, "beta_part")
    assert mark.exists()
    assert environment.has("program")


def test_the_stores_are_added_and_stay_when_the_program_changes(checkout: Path) -> None:
    gamma = put_wheel(checkout / "wheelhouse", "gamma_part")
    locks = checkout / "installer"
    alpha = (locks / "requirements.lock").read_text(encoding="utf-8")
    (locks / "requirements-stores.lock").write_text(alpha + gamma, encoding="utf-8")
    environment = ready_environment("program", quiet, checkout)
    assert not can_import(environment, "gamma_part")
    said: list[str] = []
    ready_environment("stores", said.append, checkout)
    assert can_import(environment, "gamma_part") and "object stores" in said[0]
    ready_environment("tests", quiet, checkout)
    assert environment.has("stores") and environment.has("tests") and environment.has("program")
    delta = put_wheel(checkout / "wheelhouse", "delta_part")
    for name in ("requirements.lock", "requirements-stores.lock"):
        with (locks / name).open("a", encoding="utf-8") as lock:
            lock.write(delta)
    ready_environment("program", quiet, checkout)
    assert can_import(environment, "gamma_part") and can_import(environment, "delta_part")
    assert environment.has("stores") and not environment.has("tests")


def test_a_half_made_environment_is_made_again(checkout: Path) -> None:
    environment = ready_environment("program", quiet, checkout)
    environment.stamp.unlink()
    module = next(environment.venv.rglob("alpha_part.py"))
    module.write_text("raise SystemExit('half written')", encoding="utf-8")
    ready_environment("program", quiet, checkout)
    assert can_import(environment, "alpha_part")


def test_a_changed_lock_is_noticed(checkout: Path) -> None:
    ready_environment("program", quiet, checkout)
    shutil.copy(checkout / "installer" / "requirements-test.lock", checkout / "installer" / "requirements.lock")
    assert can_import(ready_environment("program", quiet, checkout), "beta_part")


def test_a_package_with_other_bytes_is_refused_and_nothing_is_left_that_looks_finished(checkout: Path) -> None:
    lock = checkout / "installer" / "requirements.lock"
    lock.write_text(f"alpha_part==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(Refused, match="not the one the program was checked with") as caught:
        ready_environment("program", quiet, checkout)
    assert caught.value.exit_code == EXIT_SET_UP_FAILED
    assert not Environment(checkout / ".environment" / f"3.{sys.version_info[1]}", checkout).has("program")


def test_a_wheelhouse_that_lacks_a_part_says_so(checkout: Path) -> None:
    next((checkout / "wheelhouse").glob("alpha*")).unlink()
    with pytest.raises(Refused, match="wheelhouse folder does not hold every part"):
        ready_environment("program", quiet, checkout)


def test_two_starts_at_once_make_one_environment(checkout: Path) -> None:
    said: list[str] = []
    starts = [threading.Thread(target=ready_environment, args=("program", said.append, checkout)) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert said.count("The environment is ready.") == 1
    assert can_import(ready_environment("program", quiet, checkout), "alpha_part")


def test_a_checkout_that_cannot_be_written_uses_a_folder_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "own"))
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / ".environment").write_text("a file where the folder would be", encoding="utf-8")
    home = environment_home(checkout)
    assert not home.is_relative_to(checkout)
    assert home.is_dir()
    assert home != environment_home(tmp_path / ".environment-of-another")


def test_line_ends_do_not_change_a_digest(tmp_path: Path) -> None:
    unix, windows = tmp_path / "unix", tmp_path / "windows"
    unix.write_bytes(b"a\nb\n")
    windows.write_bytes(b"a\r\nb\r\n")
    assert digest(unix) == digest(windows)
