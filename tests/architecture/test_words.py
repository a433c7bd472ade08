"""Nothing unfinished is shipped, and nothing names the machine it was made on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "desktop", "installer", "resources", "tests", ".ci")
TEXT = {".py", ".md", ".toml", ".json", ".csv", ".txt", ".in", ".lock", ".qss", ".yml", ".yaml", ".svg", ""}
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|NotImplementedError|coming soon|not yet implemented|lorem ipsum)\b", re.IGNORECASE
)
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.\-/<])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/"
    r"|[A-Z]:\\Users\\\w|https?://\S+/simple\b|--(?:extra-)?index-url[= ]"
)


def text_files(rooms: tuple[str, ...]) -> Iterator[Path]:
    for room in rooms:
        for path in sorted((CHECKOUT / room).rglob("*")):
            hidden = any(part in {"__pycache__", "vendor"} for part in path.parts)
            if path.is_file() and not hidden and path.suffix in TEXT and path != Path(__file__).resolve():
                yield path
    kept = (path for path in sorted(CHECKOUT.glob("*")) if path.name != ".git")  # a file in a second worktree
    yield from (path for path in kept if path.is_file() and path.suffix in TEXT)


def lines_with(pattern: re.Pattern[str], rooms: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(CHECKOUT)}:{number}: {match.group()}"
        for path in text_files(rooms)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (match := pattern.search(line))
    ]


def test_nothing_unfinished_is_shipped() -> None:
    assert lines_with(UNFINISHED, ("core", "desktop", "installer", ".ci")) == []


def test_nothing_names_the_machine_it_was_made_on() -> None:
    assert lines_with(OF_ONE_MACHINE, ROOMS) == []


@pytest.mark.parametrize("line", ["# TODO later", "raise NotImplementedError", "Coming soon."])
def test_unfinished_words_are_recognised(line: str) -> None:
    assert UNFINISHED.search(line)


@pytest.mark.parametrize("line", ["/home/amara/x", "C:\\Users\\amara", "https://a.registry.example/simple"])
def test_machine_words_are_recognised(line: str) -> None:
    assert OF_ONE_MACHINE.search(line)
