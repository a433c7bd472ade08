"""A letter of a case as it was written, from its own record; and whether it is a translation nobody has gone over."""

from __future__ import annotations

import json

from core.domain.letters import CaseLetter
from core.foundation.errors import BugError
from core.letters.compose import compose
from core.letters.formats import marked_as_draft
from core.letters.model import Letter, text_sha256
from core.letters.templates import parse_template

UNREAD = "It is a draft: somebody who reads the language goes over it first, and is named under the letter."


def is_draft_translation(found: CaseLetter) -> bool:
    """Whether it is in a language in which nobody has proofed the text, nor this very letter (policy 6.5)."""
    return found.proof == "draft" and parse_template(found.template_text).is_draft


def letter_to_look_at(found: CaseLetter) -> Letter:
    """The letter as it is printed now: a translation nobody has gone over says so under its title.

    Raises:
        BugError: as `letter_as_sent`.
    """
    made = letter_as_sent(found)
    return marked_as_draft(made) if is_draft_translation(found) else made


def letter_as_sent(found: CaseLetter) -> Letter:
    """The letter as it was written, from its own record.

    Raises:
        BugError: what is made of it is not what was written.
    """
    values: dict[str, str] = json.loads(found.filled_in)
    made = compose(parse_template(found.template_text), values)
    if text_sha256(made) != found.text_sha256:
        raise BugError(rule="a letter that is made again says what it said")
    return made
