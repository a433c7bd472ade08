"""The policy pack and the bank holidays that come with the program."""

from __future__ import annotations

import re
from importlib.resources import files

from core.crypto.derive import sha256
from core.foundation.errors import PolicyPackInvalid
from core.policy.calendar import WorkingCalendar, parse_calendar
from core.policy.pack import PolicyPack, parse_pack

DEFAULT_PACK = "imani-2013"
RULES_VERSION = b"1"
"""Raise it when the way duties are worked out changes, so that no vault goes on with what an older program found."""
HOLIDAYS = "holidays-england-wales.json"
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def load_pack(name: str) -> PolicyPack:
    """The pack of that name, as shipped in `resources/policy`.

    Raises:
        PolicyPackInvalid: there is none, or it is damaged.
    """
    # The name comes from a record that another laptop may have written: it must not lead out of the folder.
    if not _PLAIN_NAME.fullmatch(name):
        raise PolicyPackInvalid(reason="its name is not one a pack can have")
    try:
        text = (files("resources") / "policy" / name / "pack.json").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyPackInvalid(reason=f"{name} did not come with this version") from error
    return parse_pack(text)


def rules_mark(name: str) -> bytes:
    """Changes whenever the texts change that every deadline is worked out from.

    Raises:
        PolicyPackInvalid: there is no such pack.
    """
    load_pack(name)
    texts = (files("resources") / "policy" / name / "pack.json", files("resources") / "policy" / HOLIDAYS)
    return sha256(b"".join([RULES_VERSION, *(sha256(text.read_bytes()) for text in texts)]))


def load_calendar() -> WorkingCalendar:
    """Working days in England and Wales.

    Raises:
        PolicyPackInvalid: the shipped list is missing or damaged.
    """
    try:
        text = (files("resources") / "policy" / HOLIDAYS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyPackInvalid(reason="the list of bank holidays is missing") from error
    return parse_calendar(text)
