"""Where a duty is done: the page it opens, and the words of its button. One line a kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyPage:
    """`step` is the page; `about_subject`: it opens with the record the duty is about. `button` is short."""

    step: str
    button: str
    about_subject: bool = False


DUTY_PAGES = {
    "first-contact": DutyPage("contact", "Record contact"),
    "graffiti": DutyPage("graffiti-removed", "Mark removed", about_subject=True),
    "review": DutyPage("review", "Start review"),
    "survey": DutyPage("survey", "Send the survey"),
    "update": DutyPage("contact", "Record contact"),
    "police-answer": DutyPage("police-answer", "Record their answer", about_subject=True),
    "expiry": DutyPage("end-tool", "Say how it ended", about_subject=True),
    "stay": DutyPage("housing", "Say what comes next"),
    "referral": DutyPage("referral-answer", "Record the answer", about_subject=True),
    "chase": DutyPage("landlord-replied", "Record the answer", about_subject=True),
}
"""Kind of duty -> where it is done."""
