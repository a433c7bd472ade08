"""An officer is harassed at the counter: the file is hidden from her colleagues and her manager (policy 1.3, 3.1)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Office
from tests.support.story_parts import spoke, wants

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"
STORY = "Otto Lark shouts at me at the counter each week because of where I was born."


def test_staff_victim(office: Office) -> None:
    ana = office.sit_down("Ana Bright")
    ana.press("New report")
    ana.write("What happened?", STORY)
    ana.write("Who told us?", "Cat Lim")
    ana.write("Where?", "Our office, counter")
    ana.choose("Is anyone in danger now?", "No")
    ana.choose("Safe ways to reach them", "Phone call")
    ana.choose("What they think is behind it", "Race")
    ana.choose("Who did it", "Named")
    ana.write("Name of the person complained about", "Otto Lark")

    # One of us is harmed: nobody is ticked any more. Ben is her manager and the cause of it must not reach him
    ana.choose("How the person harmed belongs here", "Member of staff")
    ana.sees("If their manager should not know, tick them as connected below.")
    ana.choose("Is anyone here, or in their household, connected with this?", "Ben Okafor")
    ana.picture("hidden")
    ana.save()
    ana.stands_on("case")
    ana.sees(CASE)
    ana.tab("Who can read it")
    ana.sees("Ana Bright (you, leads on it)", "Kept out, because of a connection", "Ben Okafor")
    ana.sees_no("Since today at 12:00pm, given by")
    ana.picture("readers")

    # From here it is a case like any other: contact, wishes, support that was declined and stays on the file
    spoke(ana, CASE)
    ana.open_case(CASE)
    wants(
        ana, "I want somebody beside me at the counter.", ("Do they want no action?", "No"),
        ("Do they ask that the person complained about is not approached?", "No"), person="Cat Lim",
    )  # fmt: skip
    ana.add("Wishes, support and plan", "Support offered")
    ana.answer(("What was offered", "Counselling"), ("Their answer", "Declined"))
    ana.tab("Plan")
    ana.sees("What Cat Lim wants", "Counselling", "Declined")
    ana.exchange()

    # Ben finds nothing: no case, no number, nothing due. The number of his own next case tells him nothing either
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.today()
    ben.sees_no(CASE, "First contact", "3-month review", "Cat Lim")
    ben.open_cases()
    ben.sees_no(CASE)
    ben.search("counter")
    ben.sees_no(CASE, "1 case matches")
    ben.picture("manager")

    # Nor does it lie on Cat's own laptop, which a colleague may borrow: she reads what is written with Ana
    cat = office.sit_down("Cat Lim")
    cat.exchange()
    cat.open_cases()
    cat.sees_no(CASE)
