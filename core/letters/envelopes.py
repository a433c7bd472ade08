"""The window envelopes a landlord can say it uses, by code. Pure.

Sizes as they are usual in the UK trade; every maker's differ a little, so a landlord prints one letter and looks before
a run. What shows and what must stay clear is worked out from them (`core/letters/addresses.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.letters.addresses import DL_WINDOW, EnvelopeProfile

C5_WINDOW = EnvelopeProfile(
    env_w_mm=229.0, env_h_mm=162.0, win_w_mm=90.0, win_h_mm=35.0, win_left_mm=20.0, win_bottom_mm=60.0,
    folds_mm=(148.5,),
)  # fmt: skip
"""The usual UK window envelope for a sheet folded once."""

PROFILES: Mapping[str, EnvelopeProfile] = MappingProxyType({"dl": DL_WINDOW, "c5": C5_WINDOW})


def profile_of(code: str) -> EnvelopeProfile:
    """The envelope of this code. One no version of this program knows, or none, is the usual one: DL."""
    return PROFILES.get(code, DL_WINDOW)
