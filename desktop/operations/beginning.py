"""What is filled in to begin: the forms of the first run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """The form of a new organisation, as typed."""

    organisation_name: str
    your_name: str
    initials: str
    job_title: str
    passphrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """The form of joining an organisation, as typed."""

    invitation: str
    your_name: str
    initials: str
    job_title: str
    passphrase: str
    shared_folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovering:
    """The form of somebody who comes back with recovery sheets, as typed."""

    first_sheet: str
    second_sheet: str
    organisation_sheet: str
    shared_folder: Path
    your_name: str
    initials: str
    passphrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The form of a second laptop, as typed."""

    laptop_name: str
    passphrase: str
    shared_folder: Path
