"""A committee member is complained about: found by his name, kept out by keys, and told nothing (policy 7, 1.8)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Office
from tests.support.story_parts import report, spoke

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"


def test_committee_member_conflicted(office: Office) -> None:
    ana = office.sit_down("Ana Bright")
    report(
        ana, "The chair of the committee calls me names in front of others.", told_by="Una Heron",
        home="Flat 11 Quill House", complained_about="Dev Patel",
    )  # fmt: skip

    # The name fits a colleague: the file asks, and nothing is decided by a program
    ana.sees("Is a colleague connected with this case?", "Dev Patel: the name fits. Decide whether they may read it.")
    ana.picture("asks")
    ana.press("Look who can read it")
    ana.stands_on("access")
    ana.sees("Perhaps connected with the case", "Dev Patel")
    ana.press("Keep out*")
    ana.sees("Keep Dev Patel out of the case", "Dev Patel is told nothing")
    ana.sees("Who can still do what takes another person", "Nobody is free to. Invite an independent reviewer")
    ana.picture("keep-out")
    ana.write("Reason", "He is the person complained about.")
    ana.press("Keep out")
    ana.sees("Dev Patel is kept out of the case.", "Kept out")
    ana.press("Back to the case")
    ana.sees_no("Is a colleague connected with this case?")
    spoke(ana, CASE)
    ana.exchange()

    # On his own laptop there is no case, nothing due, and no gap where one could be
    dev = office.sit_down("Dev Patel")
    dev.exchange()
    dev.today()
    dev.sees_no(CASE, "3-month review")
    dev.open_cases()
    dev.sees_no(CASE)
    dev.search("Una Heron")
    dev.sees_no(CASE, "1 case matches")

    # Ben is asked first whether he is connected with anybody in it; then he reads it, and cannot let Dev in
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.open_cases()
    ben.row("Cases", CASE)
    ben.sees(f"Before you open {CASE}", "Una Heron", "Dev Patel")
    ben.sees_no("calls me names")
    ben.picture("declare")
    ben.press("Save and go on")
    ben.stands_on("declare")
    ben.sees("There is a problem")
    ben.choose("Are you related to, a neighbour of*", "No")
    ben.press("Save and go on")
    ben.stands_on("case")
    ben.tab("Who can read it")
    ben.sees("Kept out, because of a connection", "Dev Patel")
    ben.press("Change who can read it")
    ben.stands_on("access")
    ben.sees_no("Keep out: Dev Patel", "Let in all the same")

    # Cat is connected and says so: the case stays shut for her, and she is kept out by key after the next exchange
    ben.exchange()
    cat = office.sit_down("Cat Lim")
    cat.exchange()
    cat.open_cases()
    cat.row("Cases", CASE)
    cat.choose("Are you related to, a neighbour of*", "Yes")
    cat.write("How", "Una Heron is my aunt")
    cat.press("Save and go on")
    cat.sees("You said that you are connected")
    cat.picture("connected")
    cat.exchange()
    ana = office.sit_down("Ana Bright")
    ana.exchange()
    ana.open_case(CASE)
    ana.tab("Who can read it")
    ana.sees("Kept out, because of a connection", "Cat Lim", "Dev Patel")
    ana.exchange()
    cat = office.sit_down("Cat Lim")
    cat.exchange()
    cat.open_cases()
    cat.sees_no(CASE)
