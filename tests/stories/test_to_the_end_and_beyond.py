"""To the end of a case and beyond: closing, the survey, a report after it, opened again (4.29, 4.30)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.conftest import Office
from tests.support.letter_pages import page_texts
from tests.support.story_parts import report, spoke
from tests.support.teller import Teller

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"
HER_HOME = "Flat 7 Quill House"
READ_OUT = "Her post is read now. Read out to her in the office."


def propose(who: Teller, reason: str) -> None:
    """Propose closing, talk it over, and say why no letter is safe."""
    who.open_case(CASE)
    who.tab("Closing")
    who.press("Propose closing")
    who.answer(
        ("Why should the case be closed?", reason), ("How did it end?", "It has stopped"),
        ("What was found?", "It could not be shown that it happened"),
    )  # fmt: skip
    who.today()
    who.due("Talk about closing", CASE)
    who.answer(
        ("How", "Phone call*"), ("Does the person agree?", "No"),
        ("What the person thinks of it, in their words", "I am not sure that it is over."),
        ("Was it explained how to appeal?", "Yes"),
    )  # fmt: skip
    who.due("Letter about closing", CASE)
    who.choose("Can a letter reach them safely*", "No")
    who.answer(("Why is none safe, and how were they told instead?", READ_OUT))


def survey(who: Teller, folder: Path) -> None:
    """It goes by the way that is safe, and counts as sent once it has left."""
    who.due("Satisfaction survey", CASE)
    who.answer()
    who.open_case(CASE)
    who.tab("Closing")
    who.press("Look at it: Satisfaction survey", last=True)
    who.write("Where does the letter go?", str(folder))
    who.press("Make the letter")
    who.sees(str(folder))
    (made,) = folder.glob("*.pdf")
    assert "How did we do?" in " ".join(page_texts(made.read_bytes()))
    assert "Ash" not in made.name and CASE not in made.name
    who.press("What became of it")
    who.answer(("How", "By email"), ("What became of it", "Posted or sent"))


def test_to_the_end_and_beyond(office: Office, tmp_path: Path) -> None:
    ana = office.sit_down("Ana Bright")
    report(
        ana, "Somebody bangs on my door at night and runs away.", told_by="Joy Ash", home=HER_HOME,
        ways=("Phone call", "Email"),
    )  # fmt: skip
    spoke(ana, CASE)

    # It is proposed to close; her time to appeal runs, and the officer who leads does not close it
    ana.later(days=60)
    propose(ana, "Quiet for two months.")
    ana.later(days=20)
    ana.today()
    ana.due("Decide on closing", CASE)
    ana.is_refused("Somebody other than the officer who leads on the case decides to close it.")
    ana.press("Throw away")
    ana.exchange()

    # A colleague closes it, and the survey goes out
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.open_case(CASE)
    ben.tab("Closing")
    ben.press("Close the case")
    ben.answer()
    ben.today()
    survey(ben, tmp_path / "survey")
    ben.exchange()

    # She answers; and it begins again. The report finds the closed case, which takes it and stays closed for now
    ana = office.sit_down("Ana Bright")
    ana.exchange()
    ana.later(days=2)
    ana.open_case(CASE)
    ana.tab("Closing")
    ana.press("Answers came back: Survey: Joy Ash")
    ana.answer(("Is there anything else you want us to know?", "Ask my neighbour sooner."))
    ana.sees("Answered")
    ana.today()
    ana.press("New report")
    ana.write("What happened?", "The banging is back, twice this week.")
    ana.write("Who told us?", "Joy Ash")
    ana.write_place("Where?", "Quill House", HER_HOME)
    ana.choose("Is anyone in danger now?", "No")
    ana.choose("Safe ways to reach them", "Phone call", "Email")
    ana.sees("It is closed. It takes the report all the same")
    ana.picture("closed-case")
    ana.press(f"Add this report to {CASE}")
    ana.stands_on("step")
    ana.is_refused("Say whether the case is opened again.")
    ana.picture("report-after-closing")
    ana.today()
    ana.sees("A report after closing")
    ana.due("Contact after a new report", CASE)
    ana.answer(("How", "Phone call*"), ("What came of it", "Spoke with the person"))
    ana.today()
    ana.due("A report after closing", CASE)
    ana.answer(("Is the case opened again?", "Yes"), ("Reasons", "The same again, at the same door."))
    ana.today()
    ana.sees_no("A report after closing", "Contact after a new report")
    ana.open_case(CASE)
    ana.tab("Closing")
    ana.sees("Opened again", "Something new happened", "Report after closing")
    ana.picture("opened-again")
