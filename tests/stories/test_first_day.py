"""A new user's first day in the real window: from a laptop with nothing on it to an area letter at every door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.app.screens import SCREENS
from desktop.app.start import finish
from desktop.app.window import MainWindow, WindowParts
from desktop.background import JobRunner
from desktop.operations.opening import Opening, close_workspace
from desktop.screens.preferences import Preferences
from tests.support.dice import SeededRandomness
from tests.support.teller import Teller
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import PASSPHRASE

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"
LIST = "Address,Postcode,Tenant,Language\n" + "\n".join(
    f'"Flat {number}, Quill House, 4 Amber Road",ZZ1 1AA,{tenant},English'
    for number, tenant in enumerate(("Mrs Lena Moss", "Mr Idris Vale", "Ms Ada Finch"), start=1)
)


@pytest.fixture
def ana(qapp: QApplication, tmp_path: Path) -> Iterator[Teller]:
    clock, dice = TestClock(NOON), SeededRandomness(7)
    runner = JobRunner(clock, close_workspace=close_workspace)
    parts = WindowParts(
        runner=runner, opening=Opening(runner, tmp_path / "vault", clock, dice), clock=clock, screens=SCREENS,
        preferences=Preferences(theme="light"), keep_preferences=lambda wanted: None,
    )  # fmt: skip
    window = MainWindow(parts)
    window.begin()
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    yield Teller(window, runner, clock, story="first-day")
    finish(qapp, window, runner)


def test_from_an_empty_laptop_to_the_last_door(ana: Teller, tmp_path: Path) -> None:
    ana.press("Start a new organisation")
    ana.write("Name of your organisation", "Quill Homes Co-operative")
    ana.write("Your name", "Ana Bright")
    ana.write("Your initials", "AB")
    ana.write("Your passphrase", PASSPHRASE)
    ana.write("The same again", PASSPHRASE)
    ana.press("Start")
    ana.stands_on("today")
    ana.sees("Nothing is due.", "To begin with, bring in your homes")

    # The list of homes, as the secretary keeps it
    (tmp_path / "homes.csv").write_text(LIST, encoding="utf-8")
    ana.go(Qt.Key.Key_4)
    ana.sees("There are no homes yet.")
    ana.press("*Bring in a list")
    ana.write("Where is the list?", str(tmp_path / "homes.csv"))
    ana.press("Read the list")
    ana.press("Check the list")
    ana.sees("Nothing is written yet.", "3 new")
    ana.press("Bring in 3 homes")
    ana.sees("3 homes added.")

    # Somebody is on the telephone
    ana.today()
    ana.key(Qt.Key.Key_N)
    ana.write("What happened?", "Shouting on the stairs at night, and a note through the door.")
    ana.write("Who told us?", "Ada Finch")
    ana.write_place("Where?", "Quill", "Flat 3 Quill House")
    ana.choose("Is anyone in danger now?", "No")
    ana.choose("Safe ways to reach them", "Phone call")
    ana.save()
    ana.stands_on("case")
    ana.sees(f"{CASE} saved. First contact due tomorrow at 12:00pm.")

    # A letter to the street; what stands at its head is asked for on the way, and nothing chosen is lost meanwhile
    ana.press("Choose the area*")
    ana.press("Amber Road*")
    ana.press("Go on to the letter")
    ana.write("Why is the area written to now?", "Shouting on the stairs at night")
    ana.choose("Was the person asked first?", "Yes, and they agree to it")
    ana.press("Check who gets it")
    ana.sees("Enter your organisation's details for letters first.")
    ana.press("Enter them now")
    ana.stands_on("colleagues")
    ana.write("Address", "4 Amber Road, Testford, ZZ1 1AA")
    ana.write("Phone", "01632 960000")
    ana.write("Email", "help@quill.example")
    ana.save()
    ana.key(Qt.Key.Key_Escape)
    ana.stands_on("letters")
    ana.sees("We are sending this same letter to every home in your area.")
    ana.sees_no("There is a problem", "The letter cannot be made yet.")
    assert ana.standing("Why is the area written to now?") == "Shouting on the stairs at night"
    ana.press("Check who gets it")

    # Nobody else is there to read it first, and it says so. The one who is harmed lives there and is told
    ana.sees("3 homes, 3 letters to make.", "nobody else can read this case")
    ana.press("Flat 3 Quill House*")
    ana.press("Go on to make them")
    ana.write("Where do the letters go?", str(tmp_path / "out"))
    ana.press("Make 3 letters")
    ana.sees("3 letters ready.")
    (printed,) = (tmp_path / "out").glob("*/letters-001.pdf")
    document = pypdfium2.PdfDocument(printed)
    assert sum("The Resident" in page.get_textpage().get_text_range() for page in document) == 3
    document.close()

    # From door to door with one key each
    ana.press("Go on to the doors")
    for done in ("1 of 3 doors done", "2 of 3 doors done", "3 of 3 doors done"):
        ana.key(Qt.Key.Key_1)
        ana.sees(done)
    ana.sees("Every door is done.", "3 delivered by hand")
    ana.press("Back to the case")
    ana.stands_on("case")
    ana.sees("Write to every home in the area", "Delivered")
