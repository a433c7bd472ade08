"""A child of eight is complained about, then one of fourteen: no order, a parent first, nobody's family named (4.7)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Office
from tests.support.story_parts import report, spoke, wants

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"
NO_ORDER = ("Acceptable behaviour agreement", "Report to the police for prosecution", "Civil injunction")


def test_child_perpetrator(office: Office) -> None:
    ana = office.sit_down("Ana Bright")
    report(
        ana, "The boy from upstairs throws stones at me and calls me names.", told_by="Vera Stone",
        home="Flat 6 Quill House", complained_about="Kit Rook", acts=("Abusive or insulting words or behaviour",),
    )  # fmt: skip
    spoke(ana, CASE)
    ana.open_case(CASE)
    wants(
        ana, "That it stops. I do not want him in trouble.",
        ("Do they ask that the person complained about is not approached?", "No"), ("Do they want no action?", "No"),
        person="Vera Stone",
    )  # fmt: skip

    # Eight years old: no agreement with him and no order of any kind, and the file says why
    ana.add("Action taken", "About the person complained about")
    ana.answer(("Whose tenant", "Not known"), ("Age in years, if known", "8"))
    ana.tab("Action")
    ana.sees("A child: parent or guardian, and safeguarding", "Tools for Kit Rook", "Age 8")
    ana.press("Which, and why. Select to read*")
    ana.sees("Agreement with a parent or guardian. Under 10 this is the only agreement there is.")
    ana.sees(*(f"{tool}: no. Not under 10." for tool in NO_ORDER))
    ana.picture("tools")
    ana.press("Action taken")
    assert not set(NO_ORDER) & set(ana.answers("What is done"))
    ana.fill("What is done", "Agreement with a parent or guardian")
    ana.fill("By whose authority", "Housing officer")
    ana.is_refused("The person is a child. Write down the parent or guardian first.")
    ana.picture("parent-first")
    ana.press("Throw away")
    ana.later(minutes=10)
    ana.add("Action taken", "About the person complained about")
    ana.answer(
        ("Whose tenant", "Not known"), ("Age in years, if known", "8"),
        ("Parent or guardian, for somebody under 18", "Mr Finn Rook, Flat 8"),
    )  # fmt: skip
    ana.add("Action taken", "Action taken")
    ana.answer(
        ("What is done", "Agreement with a parent or guardian"), ("By whose authority", "Housing officer"),
        ("Conditions", "He comes in at seven."), ("Ends on", "in 3 months"),
    )  # fmt: skip

    # Safeguarding is thought of, and the file says that nobody was told yet, and why
    ana.add("Risk", "Safeguarding concern")
    ana.answer(
        ("Who", "Kit Rook*"), ("About", "A child"), ("What the concern is", "He is out alone until late at night."),
        ("Why nobody was told yet", "The office of the council opens at nine"),
    )  # fmt: skip
    ana.tab("Risk")
    ana.sees("Safeguarding: a child", "Nobody was told: The office of the council opens at nine")
    ana.picture("safeguarding")

    # Others may be told that something was done, and no family is named
    ana.add("Action taken", "Telling other residents")
    ana.fill("Are other residents told?", "Yes")
    ana.fill("How many homes would read it", "12")
    ana.fill("What is said", "We have spoken with the parents of Kit Rook about stones.")
    ana.fill("Why, and what could give somebody away", "People ask; nothing gives him away.")
    ana.is_refused("Kit Rook")
    ana.answer(("What is said", "Something was done about stones thrown in the yard."))

    # Fourteen: the youth court, and a parent signs too
    ana.later(days=1)
    ana.add("Action taken", "About the person complained about")
    ana.answer(
        ("Whose tenant", "Not known"), ("Age in years, if known", "14"),
        ("Parent or guardian, for somebody under 18", "Mr Finn Rook, Flat 8"),
    )  # fmt: skip
    ana.tab("Action")
    ana.sees("Age 14")
    ana.press("Which, and why. Select to read*")
    ana.sees("From 10 to 17 in the youth court.", "Under 18 a parent or guardian signs as well.")
    ana.exchange()

    # A colleague finds the child marked as one on another laptop
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.open_case(CASE)
    ben.tab("Action")
    ben.sees("A child: parent or guardian, and safeguarding", "Age 14", "Agreement with a parent or guardian")
