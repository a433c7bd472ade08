"""Which section of the guide belongs to which screen. Pure."""

from __future__ import annotations

CONTENTS = ""

SECTION_OF = {
    "today": "Today", "cases": "Cases", "case": "A case", "report": "A new report", "step": "A case",
    "file": "Files of a case", "access": "Who can read what", "declare": "Who can read what",
    "recovery": "Recovery sheets", "opened": "Who has opened what", "interviews": "Private interviews",
    "override": "Who can read what", "interview": "Private interviews", "versions": "Two versions",
    "homes-import": "Homes", "letters": "Letters to an area", "case-letter": "A letter to one person",
    "templates": "Texts of letters", "visits": "When nobody is named", "mirror": "The mirror", "figures": "Figures",
    "homes": "Homes", "sync": "Sync", "colleagues": "Colleagues",
    "colleague": "When somebody leaves, or a laptop is lost", "late": "When somebody leaves, or a laptop is lost",
    "organisation": "Organisation", "organisation-form": "Organisation", "settings": "Cover and lock",
    "help": CONTENTS,
}  # fmt: skip
"""Name of a screen -> title of a section."""

_AREA, _WITH_OTHERS, _END = "When nobody is named", "Support from others", "Reviews, closing, appeals and the survey"
_STEPS = {
    **dict.fromkeys(
        ("police", "police-answer", "association", "warning", "place", "graffiti", "graffiti-removed",
         "graffiti-judged", "graffiti-order", "graffiti-ordered"), _AREA,
    ),
    **dict.fromkeys(
        ("agency", "check-agency", "referral", "referral-answer", "withdraw-consent", "share", "panel", "joint",
         "advice", "measure", "measure-done", "witness", "transfer", "housing"), _WITH_OTHERS,
    ),
    **dict.fromkeys(
        ("review", "propose-closing", "discuss-closing", "withdraw-closing", "close", "reopen", "closing-letter",
         "appeal", "decide-appeal", "appeal-letter", "survey", "survey-reminder", "survey-answer"), _END,
    ),
    **dict.fromkeys(
        ("letter-approve", "letter-deliver", "letter-outsource", "letter-proof", "letter-cancel"),
        "A letter to one person",
    ),
    **dict.fromkeys(("interview-offer", "officer-wish"), "Private interviews"),
    "reader": "Who can read what", "needs": "Language and format somebody needs",
    "ask-deletion": "Retention day: what makes a deletion true",
    "agree-deletion": "Retention day: what makes a deletion true",
}  # fmt: skip
"""Steps of a case that have a section of their own; the others are under the case."""


def section_for(screen: str, step: str = "") -> str:
    """The title of the section to open; `CONTENTS` where no section is about it."""
    return _STEPS.get(step) or SECTION_OF.get(screen, CONTENTS)
