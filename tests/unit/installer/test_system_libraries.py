"""The missing libraries are found, and named as this release of the system names them."""

from __future__ import annotations

import pytest

from installer import system_libraries
from installer.refusal import EXIT_CANNOT_RUN_HERE, Refused
from installer.system_libraries import Needs, missing_parts, package_names, parse_os_release, provide

DEBIAN_12 = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
DEBIAN_13 = 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'
UBUNTU_22 = "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=jammy\nUBUNTU_CODENAME=jammy\n"
UBUNTU_24 = "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n"
MINT_21 = '# comment = x\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=vera\nUBUNTU_CODENAME=jammy\n'
FEDORA = 'NAME="Fedora Linux"\nID=fedora\n'
NOT_THERE = Needs({"libglib-2.0.so.99": "libglib2.0-0", "libc.so.6": "libc6"}, {"no-such-program": "xvfb"})


@pytest.mark.parametrize(
    ("description", "name"),
    [
        (DEBIAN_12, "libglib2.0-0"),
        (UBUNTU_22, "libglib2.0-0"),
        (MINT_21, "libglib2.0-0"),
        (DEBIAN_13, "libglib2.0-0t64"),
        (UBUNTU_24, "libglib2.0-0t64"),
    ],
)
def test_packages_are_named_as_the_release_names_them(description: str, name: str) -> None:
    packages = ["libxcb-cursor0", "libglib2.0-0", "libglib2.0-0"]
    assert package_names(packages, parse_os_release(description)) == [name, "libxcb-cursor0"]


def test_only_what_cannot_be_loaded_is_missing() -> None:
    assert missing_parts(NOT_THERE) == {"libglib-2.0.so.99": "libglib2.0-0", "no-such-program": "xvfb"}


def test_someone_who_may_not_install_gets_the_one_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "os_release", lambda: parse_os_release(DEBIAN_12))
    monkeypatch.setattr(system_libraries, "_may_install", lambda: False)
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: None if name == "no-such-program" else name)
    with pytest.raises(Refused) as caught:
        provide(NOT_THERE, print)
    assert str(caught.value).endswith("\n  sudo apt-get install libglib2.0-0 xvfb")
    assert caught.value.exit_code == EXIT_CANNOT_RUN_HERE


def test_on_another_linux_the_libraries_themselves_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "os_release", lambda: parse_os_release(FEDORA))
    with pytest.raises(Refused, match=r"libglib-2\.0\.so\.99, no-such-program") as caught:
        provide(NOT_THERE, print)
    assert "apt-get" not in str(caught.value)


def test_nothing_is_said_or_done_when_nothing_is_missing() -> None:
    said: list[str] = []
    provide(Needs({"libc.so.6": "libc6"}, {"sh": "dash"}), said.append)
    assert said == []
