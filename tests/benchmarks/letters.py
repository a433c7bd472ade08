"""Letters to an area beside what people use now: `python -m tests.benchmarks --only letters`.

Each way makes the same words for the same made-up homes, in a process of its own, so that its CPU seconds and its
greatest memory are its own. Ours is everything: who lives where, the leak guard over the words, tagged PDF/UA-1, a
record for each letter before and after, hashes, the delivery checklist. The others only make the pages. What is not
here is left out, and said so.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from tests.benchmarks.measure import say
from tests.unit.letters.test_leak_guard_rates import rates

WAYS = ("ours", "platypus", "typst", "libreoffice")
NAMES = {
    "ours": "an area run of ours, all in", "platypus": "reportlab platypus, naive",
    "typst": "typst, 200 a document, PDF/UA-1", "libreoffice": "LibreOffice mail merge, one PDF",
}  # fmt: skip
AIM_PER_CPU_S, AIM_GROWTH, AIM_MB = 500, 11, 200
_HERE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one way took for `letters` letters; `pages` counted in its files."""

    letters: int
    cpu_s: float
    peak_mb: float
    pages: int

    @property
    def per_cpu_s(self) -> float:
        return self.letters / self.cpu_s


def run(folder: Path, *, counts: tuple[int, ...], merged: int) -> None:
    """Print the table. `merged`: how many letters LibreOffice is given; it takes most of the time."""
    print("\nLetters to an area, the same words and homes for each way, in one run")
    print(f"{'':<36}{'letters':>8}{'CPU s':>9}{'a CPU s':>9}{'peak MB':>9}{'pages':>8}{'x ours':>9}")
    found: dict[str, list[Spent]] = {}
    for way in WAYS:
        why = missing(way)
        if why:
            say(NAMES[way], f"left out: {why}")
            continue
        for count in counts if way != "libreoffice" else (merged,):
            spent = spend(folder / f"{way}-{count}", way, count)
            if isinstance(spent, str):
                say(NAMES[way], f"left out: {spent}")
                break
            found.setdefault(way, []).append(spent)
            ours = next((one for one in found.get("ours", ()) if one.letters == count), found["ours"][0])
            times = spent.cpu_s / spent.letters / (ours.cpu_s / ours.letters)
            print(
                f"{NAMES[way]:<36}{count:>8,}{spent.cpu_s:>9.2f}{spent.per_cpu_s:>9.0f}{spent.peak_mb:>9.0f}"
                f"{spent.pages:>8,}{times:>8.1f}x",
                flush=True,
            )
    _aims(found["ours"])
    caught, planted, stopped, innocent = rates()
    say("Leak guard: planted leaks caught", f"{caught} of {planted} ({caught / planted:.1%})")
    say("Leak guard: look-alikes stopped", f"{stopped} of {innocent} ({stopped / innocent:.1%})")


def _aims(ours: list[Spent]) -> None:
    first, last = ours[0], ours[-1]
    say("Ours, letters a CPU second", f"{first.per_cpu_s:.0f} (aim: at least {AIM_PER_CPU_S})")
    if last.letters > first.letters:
        times = last.letters / first.letters
        grew = last.cpu_s / first.cpu_s
        say(f"Ours, growth for {times:.0f} times as many", f"{grew:.1f} (aim: at most {AIM_GROWTH})")
    say("Ours, greatest memory", f"{last.peak_mb:.0f} MB (aim: at most {AIM_MB})")


def missing(way: str) -> str:
    """Why a way cannot be measured here; "" when it can. LibreOffice is installed where that is allowed."""
    if way == "typst" and importlib.util.find_spec("typst") is None:
        return "the typst package is not installed"
    if way == "libreoffice":
        return install_libreoffice()
    return ""


def install_libreoffice() -> str:
    """Install the writer and its Python bridge from Debian's packages; why not, or "" when it is there."""
    if shutil.which("soffice") and Path("/usr/bin/python3").exists() and _bridge():
        return ""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return "LibreOffice is not here, and only the administrator of a Debian system may install it"
    say("LibreOffice", "being installed, which takes a few minutes")
    packages = ["libreoffice-writer-nogui", "libreoffice-base-nogui", "libreoffice-base-drivers", "python3-uno"]
    commands = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in commands:
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode and command is commands[-1]:
            return f"it could not be installed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1][:120]}"
    return "" if shutil.which("soffice") and _bridge() else "it was installed and cannot be started"


def _bridge() -> bool:
    done = subprocess.run(["/usr/bin/python3", "-c", "import uno"], capture_output=True, check=False)
    return done.returncode == 0


def spend(folder: Path, way: str, count: int) -> Spent | str:
    """Make `count` letters one way in a process of its own, or say why it failed. Setting up is not counted."""
    folder.mkdir(parents=True)
    python = "/usr/bin/python3" if way == "libreoffice" else sys.executable
    script = _HERE / "tests" / "benchmarks" / "letter_ways.py"
    if way == "libreoffice":
        script = script.with_name("letter_merge.py")
        (folder / "words.json").write_text(_words(), encoding="utf-8")
    around = {**os.environ, "PYTHONPATH": "" if way == "libreoffice" else str(_HERE)}
    for asked in ("prepare", way) if way == "ours" else (way,):
        done = subprocess.run(
            [python, str(script), asked, str(count), str(folder)], cwd=_HERE, capture_output=True, text=True,
            check=False, env=around,
        )  # fmt: skip
        if done.returncode:
            break
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1][:160]
    said = json.loads(done.stdout.strip().splitlines()[-1])
    pages = said["pages"] or sum(_pages(path) for path in sorted((folder / "out").glob("*.pdf")))
    return Spent(count, said["cpu_s"], said["peak_mb"], pages)


def _pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _words() -> str:
    command = [sys.executable, "-c", "from tests.benchmarks.letter_ways import words; print(words())"]
    done = subprocess.run(
        command, cwd=_HERE, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(_HERE)}
    )
    return done.stdout
