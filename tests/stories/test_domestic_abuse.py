"""An ex-partner with a key: high risk, the panel, no mediation, a refuge without a name (policy 3.3, 4.22, 4.23)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Office
from tests.support.story_parts import report, spoke, wants

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
CASE = "2026-AB-001"


def test_domestic_abuse(office: Office) -> None:
    ana = office.sit_down("Ana Bright")
    report(
        ana, "He still has a key. Last night he stood in my kitchen.", told_by="Ida Crane", home="Flat 9 Quill House",
        complained_about="Ewan Crane", acts=("Actual or threatened violence",), ways=("Text message",),
        never=("Phone call", "Voicemail", "Letter to home"),
    )  # fmt: skip
    ana.sees("NO PHONE CALL", "NO VOICEMAIL", "NO LETTER TO HOME")
    spoke(ana, CASE, way="Text message*")
    ana.open_case(CASE)
    wants(
        ana, "I want to get away and I do not want him to know that I spoke.", ("Do they want no action?", "No"),
        ("Do they ask that the person complained about is not approached?", "Yes"), person="Ida Crane",
    )  # fmt: skip

    # High by the tool made for it: without the panel it is not saved
    ana.add("Risk", "Domestic abuse")
    ana.fill("Person harmed", "Ida Crane*")
    ana.fill("Risk by the tool used", "High")
    ana.fill("Was it referred to the multi-agency panel?", "No")
    ana.is_refused("With a high risk it is referred to the multi-agency panel. Do that first.")
    ana.picture("panel-first")
    ana.answer(
        ("Was it referred to the multi-agency panel?", "Yes"), ("Was an independent adviser offered?", "Yes"),
    )  # fmt: skip
    ana.tab("Risk")
    ana.sees("Domestic abuse", "High", "Referred to the panel today at 12:00pm")
    ana.picture("risk")

    # No tool brings the two together, and nobody approaches him against her wish without a reason that stays
    ana.add("Action taken", "Action taken")
    tools = ana.answers("What is done")
    assert "Mediation: no. The risk is high, or this is about domestic abuse." in tools
    ana.fill("What is done", "First warning")
    ana.fill("By whose authority", "Housing officer")
    ana.is_refused(
        "The person does not want the person complained about to be approached (said 2 Mar). Say why it is done."
    )
    ana.press("Throw away")

    # A roof for now: of a refuge not even the name; and a move whose address stays out of the case
    ana.add("Keeping somebody safe", "Advice on housing")
    ana.fill("Who", "Ida Crane*")
    ana.fill("Told about", (ana.answers("Told about")[0],))
    ana.fill("What they chose for now", "A refuge*")
    ana.no_question("Who provides it")
    ana.picture("refuge")
    ana.answer(("From", "today"), ("Until", "in 2 weeks"))
    ana.add("Keeping somebody safe", "Move for safety")
    ana.fill("For whom", "Ida Crane*")
    ana.fill("What there was", (ana.answers("What there was")[-1],))
    ana.fill("Decision", ana.answers("Decision")[0])
    ana.fill("Reasons, without an address", "She can move to 14 Larch Road, ZZ9 9ZZ on Monday.")
    ana.fill("Who moves", ana.answers("Who moves")[0])
    ana.fill("By whose authority", "The committee")
    ana.fill("Was the person told how to appeal?", "Yes")
    ana.is_refused()
    ana.picture("no-address")
    ana.answer(("Reasons, without an address", "He has a key and knows her ways. She cannot stay."))

    # Locks at once: whoever fits them hears where and never why
    ana.add("Keeping somebody safe", "Locks, lights and other measures")
    ana.fill("What is fitted or mended", ana.answers("What is fitted or mended")[1])
    ana.fill("Where", "Flat 9")
    ana.answer()
    ana.later(days=13)
    ana.today()
    ana.sees("A roof for now ends")
    ana.picture("today")
    ana.exchange()
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.open_case(CASE)
    ben.sees("NO PHONE CALL", "NO LETTER TO HOME")
    ben.sees_no("Larch Road")
