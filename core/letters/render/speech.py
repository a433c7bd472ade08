"""A letter as words to be spoken: numbers digit by digit, addresses spelt, headings and lists with pauses. Pure."""

from __future__ import annotations

import re

from core.letters.model import Letter
from core.letters.render.plain import plain_text

_PHONE = re.compile(r"\+?\d[\d ]{4,}\d")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b")
_REFERENCE = re.compile(r"\b[A-Z]+-[A-Z0-9]{4,}\b")
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
_WEB = re.compile(r"\bwww\.[\w./-]+\w")
_SHORT = re.compile(r"\b(999|101|111|116 123)\b")


def speech_text(letter: Letter) -> str:
    """The whole letter as it is read out, paragraphs parted by an empty line."""
    text = plain_text(letter)
    text = _EMAIL.sub(lambda found: _spelt_address(found.group()), text)
    text = _WEB.sub(lambda found: _spelt_address(found.group()), text)
    text = _REFERENCE.sub(lambda found: _one_by_one(found.group().replace("-", "")), text)
    text = _POSTCODE.sub(lambda found: f"{_one_by_one(found[1])}, {_one_by_one(found[2])}", text)
    text = _SHORT.sub(lambda found: _one_by_one(found.group()), text)
    text = _PHONE.sub(lambda found: ", ".join(_one_by_one(group) for group in found.group().split()), text)
    text = text.replace("[ ] ", "Box to tick: ").replace("_" * 40, "Room to write.")
    # Lines that are no sentences get a pause of their own.
    return "\n".join(line + ("" if not line or line[-1] in ".!?:," else ".") for line in text.split("\n"))


def _one_by_one(text: str) -> str:
    return " ".join(character for character in text if not character.isspace())


def _spelt_address(text: str) -> str:
    return text.replace("@", " at ").replace(".", " dot ").replace("/", " slash ").replace("-", " hyphen ")
