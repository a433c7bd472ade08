"""Keeps the settings of the window beside the workbook. They hold nothing about any case or person."""

from __future__ import annotations

import logging
from pathlib import Path

from core.foundation.errors import AppError
from core.foundation.files import make_private_folder, read_capped, write_atomic
from desktop.screens.preferences import Preferences, preferences_from

FILE_NAME = "window.json"
_MOST_BYTES = 10_000
_log = logging.getLogger(__name__)


class PreferenceKeeper:
    """Reads and writes one small file. A setting that cannot be kept still holds until the window closes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> Preferences:
        try:
            return preferences_from(read_capped(self._folder / FILE_NAME, _MOST_BYTES).decode("utf-8", "replace"))
        except AppError:
            return Preferences()

    def keep(self, wanted: Preferences) -> None:
        try:
            make_private_folder(self._folder)
            write_atomic(self._folder / FILE_NAME, wanted.to_text().encode())
        except AppError as error:
            _log.warning("the settings of the window were not kept: %s", error.code)
