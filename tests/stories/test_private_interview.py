"""A private interview in two actions: covered, kept, read back, signed, printed, into the case; for two people only."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.widgets import SignatureBox
from tests.stories.conftest import Office
from tests.support.letter_pages import page_texts
from tests.support.story_parts import report, spoke
from tests.support.teller import Teller

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"
SAID = "He waits in the cellar and whistles when I come home. I do not go down any more."


def sign(who: Teller) -> None:
    """With the pen, in the box."""
    (box,) = [one for one in who.window.findChildren(SignatureBox) if one.isVisible()]
    QTest.mousePress(box, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    for step in range(1, 6):
        QTest.mouseMove(box, QPoint(30 + 15 * step, 30 + 5 * (step % 2)))
    QTest.mouseRelease(box, Qt.MouseButton.LeftButton, pos=QPoint(110, 34))


def test_private_interview(office: Office, tmp_path: Path) -> None:
    ana = office.sit_down("Ana Bright")
    report(ana, "Somebody frightens me in the house.", told_by="Una Heron", home="Flat 11 Quill House")
    spoke(ana, CASE)
    ana.exchange()

    # Ben, who reads the case, begins it in two actions from Today: Ctrl+I, then Enter
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.open_case(CASE)
    ben.window.input.start(office.app)
    ben.key(Qt.Key.Key_I, control=True)
    ben.stands_on("interviews")
    ben.sees(f"Start for {CASE}")
    ben.choose("Who can read it besides you?", "Cat Lim")
    ben.choose("Is this a private place, where nobody else can hear?", "Yes")
    ben.press("Readers of the case see that there is one*")  # unticked: they see not even that
    ben.picture("begin")
    ben.press(f"Start for {CASE}")
    ben.stands_on("interview")
    ben.sees("Only 2 people can read this")

    # Around it: private, an interpreter, who is there, the officer she asked for
    ben.press("Around it")
    ben.sees("Not written down yet:")
    for question, answer in (
        ("Sort of place", "Our office"), ("Nobody else could hear", "Yes"),
        ("Who interpreted", "A professional interpreter, in the room"), ("Language", "Amharic"),
        ("They were asked which officer they want", "Yes"), ("Officer they want", ("A woman",)),
        ("It could be met", "No"),
        ("Why it could not be met", "Nobody was free this week"),
    ):  # fmt: skip
        ben.fill(question, answer)
    ben.choose("As what", "The person")
    ben.press("Add to the list")
    ben.choose("As what", "Interpreter")
    ben.press("Add to the list")
    ben.picture("around")

    # Her words. One key hides them from whoever comes in, and they are on the disk before anything is saved
    ben.press("Their words")
    ben.write("What the person said, in their own words", SAID)
    ben.picture("words")
    ben.sees("Saved ", "on this laptop")
    ben.press("Cover")
    assert ben.window.input.covered and SAID not in ben.words()
    ben.key(Qt.Key.Key_Escape)
    assert not ben.window.input.covered
    ben.sees(SAID)

    # What happened, asked once
    ben.press("What happened")
    for question, answer in (
        ("What happened?", "He whistled and blocked the cellar door."), ("When was it?", "Last Friday evening"),
        ("Where was it?", "Cellar of Quill House"),
    ):  # fmt: skip
        ben.fill(question, answer)
    ben.choose("Apart from this, how often*", "Most days")
    ben.choose("Has it affected their mind*", "Yes")
    ben.press("Save this one")
    ben.sees("1. Last Friday evening")
    ben.picture("what-happened")

    # Read back, agreed, signed on the screen, printed
    ben.press("Read back and sign")
    ben.sees(SAID)
    ben.choose("Read back to them", "Yes")
    ben.choose("They agreed that it is what they said", "Yes")
    ben.save()
    sign(ben)
    ben.press("Keep it with the statement")
    ben.sees("It stands as it was signed.")
    ben.picture("signed")
    paper = tmp_path / "copy.pdf"
    ben.write("File", str(paper))
    ben.press("Make the PDF")
    ben.sees("copy.pdf is written.")
    assert "He waits in the cellar and whistles" in " ".join(page_texts(paper.read_bytes()))

    # Into the case goes what she chose, and the statement is not among it
    ben.press("Into the case")
    ben.choose("What may go into the case", "Only what the person said may go in")
    ben.press("Look what could go in")
    ben.sees("He whistled and blocked the cellar door.")
    ben.sees_no(SAID)
    for answer in ("What happened (1)", "When (1)", "Where (1)", "That you spoke", "Which officer they asked for"):
        ben.press(answer)
    ben.press("Answers about risk")
    ben.picture("into-the-case")
    ben.press("Put these into the case")
    ben.sees("It is in the case now, and says that it came from a private interview.")
    ben.press("Finish")
    ben.stands_on_one_of("interviews", "case", "today")
    ben.window.input.stop(office.app)
    ben.exchange()

    # Ana leads on the case and administers the organisation: she reads what was put in, and no word of the interview
    ana = office.sit_down("Ana Bright")
    ana.exchange()
    ana.open_case(CASE)
    ana.tab("Risk")
    ana.sees("Risk to Una Heron")
    ana.tab("Incidents (2)")
    ana.sees("Cellar of Quill House")
    ana.sees_no("2 people", SAID, "whistles when I come home", "Amharic", "Nobody was free this week")
    ana.picture("reader")
    ana.key(Qt.Key.Key_I, control=True)
    ana.stands_on("interviews")
    ana.sees("None. Somebody who sets one apart names exactly who can read it.")

    # Cat was named: she is asked about its case, opens it with a reason, and reads it as it was signed
    cat = office.sit_down("Cat Lim")
    cat.exchange()
    cat.key(Qt.Key.Key_I, control=True)
    cat.stands_on("interviews")
    cat.press("Open: *")
    cat.choose("Are you related to, a neighbour of*", "No")
    cat.press("Save and go on")
    cat.stands_on("interview")  # what she wanted, not the case it belongs to
    cat.write("Why do you open it?", "To prepare the talk on Monday")
    cat.press("Open")
    cat.sees(SAID)
    cat.press("Read back and sign")
    cat.sees("It stands as it was signed.")
    cat.press("Put away")
