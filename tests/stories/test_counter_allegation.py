"""Two neighbours complain of each other: two files that know of each other, and nothing of one in the other (4.7)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Office
from tests.support.story_parts import report, wants

pytestmark = [pytest.mark.qt_log_ignore("plugin does not support"), pytest.mark.timeout(300)]
FIRST, SECOND = "2026-AB-001", "2026-AB-002"
HERS = "He plays music at night and swears at me when I ask him to stop."
HIS = "She follows me on the stairs and films me with her telephone."


def test_counter_allegation(office: Office) -> None:
    ana = office.sit_down("Ana Bright")
    report(ana, HERS, told_by="Joy Ash", home="Flat 7 Quill House", complained_about="Otto Lark")
    ana.sees(FIRST)

    # He complains of her. Somebody who is kept out of her file may well read his, and the other way round
    report(
        ana, HIS, told_by="Otto Lark", home="Flat 5 Quill House", complained_about="Joy Ash", connected=("Cat Lim",),
    )  # fmt: skip
    ana.sees(SECOND)
    ana.add("Keeping the case", "Another case that belongs to it")
    ana.fill("How they belong together", "The two sides complain of each other")
    ana.picture("link")
    ana.answer()
    ana.tab("Action")
    ana.sees(FIRST, "The two sides complain of each other")
    ana.sees_no("plays music")
    ana.tab("People")
    ana.sees("Otto Lark", "Person who reported", "Joy Ash", "Person complained about")
    ana.picture("people")

    # Each is asked what they want in their own file; one wish does not stand in the other
    wants(
        ana, "I want to be left alone.", ("Do they want no action?", "No"),
        ("Do they ask that the person complained about is not approached?", "Yes"), person="Otto Lark",
    )  # fmt: skip
    ana.tab("Action")
    ana.sees("does not want the person complained about to be approached")
    ana.open_case(FIRST)
    ana.tab("Action")
    ana.sees(SECOND, "The two sides complain of each other", "Nobody has recorded what the person wants.")
    ana.sees_no("does not want the person complained about to be approached", "films me")
    ana.exchange()

    # Ben reads both. Cat is kept out of the second: she sees the first, and not even that there is another
    ben = office.sit_down("Ben Okafor")
    ben.exchange()
    ben.open_case(SECOND)
    ben.tab("Action")
    ben.sees(FIRST, "The two sides complain of each other")
    cat = office.sit_down("Cat Lim")
    cat.exchange()
    cat.open_case(FIRST)
    cat.tab("Action")
    cat.sees_no(SECOND, "The two sides complain of each other")
    assert cat.not_offered("Another case that belongs to it")
    cat.picture("one-side")
