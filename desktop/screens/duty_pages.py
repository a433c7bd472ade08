"""Where a duty is done: the page it opens, and the words of its button. One line a kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyPage:
    """`step` is the page, empty for the file itself; `about_subject`: it opens with the record the duty is about.
    `button` is short."""

    step: str
    button: str
    about_subject: bool = False


DUTY_PAGES = {
    "first-contact": DutyPage("contact", "Record contact"),
    "late-report-contact": DutyPage("contact", "Record contact"),
    "graffiti": DutyPage("graffiti-removed", "Mark removed", about_subject=True),
    "review": DutyPage("review", "Start review"),
    "sooner-review": DutyPage("review", "Start review"),
    "closing-talk": DutyPage("discuss-closing", "Record the talk"),
    "closing-letter": DutyPage("closing-letter", "Write the letter"),
    "closing-end": DutyPage("close", "Close the case"),
    "late-report": DutyPage("late-report", "Decide on it", about_subject=True),
    "appeal": DutyPage("decide-appeal", "Decide the appeal", about_subject=True),
    "appeal-letter": DutyPage("appeal-letter", "Write the letter", about_subject=True),
    "survey": DutyPage("survey", "Write the survey", about_subject=True),
    "survey-reminder": DutyPage("survey-reminder", "Remind them", about_subject=True),
    "update": DutyPage("contact", "Record contact"),
    "police-answer": DutyPage("police-answer", "Record their answer", about_subject=True),
    "expiry": DutyPage("end-tool", "Say how it ended", about_subject=True),
    "ask-again": DutyPage("wish", "Ask again"),
    "stay": DutyPage("housing", "Say what comes next"),
    "referral": DutyPage("referral-answer", "Record the answer", about_subject=True),
    "second-person": DutyPage("second-person", "Say whether you agree", about_subject=True),
    "safeguarding": DutyPage("safeguarding-told", "Write down who was told", about_subject=True),
    "second-waits": DutyPage("", "Open the file"),
    "chase": DutyPage("landlord-replied", "Record the answer", about_subject=True),
}
"""Kind of duty -> where it is done."""
