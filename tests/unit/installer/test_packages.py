"""pip is ours and unchanged; its failures reach a person as plain sentences; the locks are complete."""

from __future__ import annotations

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from installer.packages import VENDOR, checked_pip_wheel, explain_failure, pinned_names
from installer.refusal import Refused

INSTALLER = VENDOR.parent
LOG = Path("set-up.log")
RUNTIME, TESTS = INSTALLER / "requirements.lock", INSTALLER / "requirements-test.lock"
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    found = PIN.findall(path.read_text(encoding="utf-8"))
    return {name.lower().replace("_", "-"): release for name, release in found}


@pytest.mark.parametrize(
    ("said", "offline", "words"),
    [
        ("WARNING: Retrying (Retry(total=0 ...) NewConnectionError", False, "no connection to the package server"),
        ("ProxyError('Cannot connect to proxy.')", False, "no connection to the package server"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", False, "not installed"),
        ("OSError: [Errno 28] No space left on device", False, "disk is full"),
        ("ERROR: No matching distribution found for x==1", True, "wheelhouse folder does not hold"),
        ("Something nobody has seen", False, "Something nobody has seen"),
    ],
)
def test_a_failure_is_told_in_plain_words(said: str, offline: bool, words: str) -> None:
    told = explain_failure(["Collecting x", said], LOG, offline=offline)
    assert words in told
    assert "no case record was touched" in told
    assert "set-up.log" in told


def test_the_pip_we_ship_is_the_one_that_was_checked() -> None:
    assert checked_pip_wheel(VENDOR).suffix == ".whl"


def test_a_changed_pip_is_not_run(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    shutil.copytree(VENDOR, vendor)
    wheel = checked_pip_wheel(vendor)
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(Refused, match="It was not used"):
        checked_pip_wheel(vendor)
    wheel.unlink()
    with pytest.raises(Refused, match="damaged or missing"):
        checked_pip_wheel(vendor)


@pytest.mark.parametrize("lock", [RUNTIME, TESTS], ids=lambda path: path.name)
def test_every_pin_has_a_hash_and_no_lock_names_a_server(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=\w)", text.strip())
    assert len(blocks) == len(pinned_names(lock))
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_locks_hold_what_was_asked_for() -> None:
    assert pins(INSTALLER / "requirements.in").items() <= pins(RUNTIME).items()
    assert pins(INSTALLER / "requirements-test.in").items() <= pins(TESTS).items()
    assert pins(RUNTIME).items() <= pins(TESTS).items()


@pytest.mark.parametrize("name", sorted(pins(INSTALLER / "requirements-test.in") | pins(INSTALLER / "requirements.in")))
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    assert version(name) == pins(TESTS)[name]
