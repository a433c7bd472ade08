from __future__ import annotations

import pickle

import pytest

from core.foundation.driver_errors import error_of
from core.foundation.errors import (
    DiskFull,
    FolderNotWritable,
    FormIncomplete,
    NotFound,
    VaultDamaged,
    VaultInUse,
    explanation_of,
)
from core.foundation.ids import from_hex, to_hex
from core.foundation.ports import NeverCancel, no_progress
from core.foundation.system import SystemClock, SystemRandomness


def test_an_id_and_its_text_form() -> None:
    raw = bytes(range(16))
    assert to_hex(raw) == "000102030405060708090a0b0c0d0e0f"
    assert from_hex(to_hex(raw)) == raw


@pytest.mark.parametrize("text", ["", "00", "zz" * 16, "00" * 15, "00" * 17, "00 " * 16, "00 " * 10 + "00"])
def test_other_texts_are_no_ids(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        from_hex(text)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (13, DiskFull), (11, VaultDamaged), (11 | 1 << 8, VaultDamaged), (26, VaultDamaged), (5, VaultInUse),
        (5 | 2 << 8, VaultInUse), (8, FolderNotWritable), (14, FolderNotWritable), (10 | 3 << 8, FolderNotWritable),
        (10 | 19 << 8, DiskFull),
        (1, type(None)), (19, type(None)), (None, type(None)),
    ],
)  # fmt: skip
def test_what_the_driver_reports(code: int | None, kind: type) -> None:
    assert type(error_of(code)) is kind


def test_a_disk_that_fails_is_not_called_a_damaged_workbook() -> None:
    assert not isinstance(error_of(10), VaultDamaged)


def test_an_error_reads_as_three_sentences_and_survives_a_process() -> None:
    error = NotFound(what="case")
    assert str(error).startswith("There is no case that matches.")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.fields, str(again)) == (NotFound, error.fields, str(error))
    form = FormIncomplete(problems={"words": "Enter what happened."})
    again = pickle.loads(pickle.dumps(form))
    assert again.problems == form.problems
    assert "Enter what happened." in str(again)


def test_a_missing_field_leaves_a_readable_sentence() -> None:
    assert explanation_of(NotFound, {}).happened == "There is no (not known) that matches."


def test_braces_in_a_field_are_only_text() -> None:
    assert "{path}" in str(NotFound(what="{path}"))


def test_the_real_ones() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is not None
    assert clock.monotonic_s() <= clock.monotonic_s()
    dice = SystemRandomness()
    assert len(dice.bytes(16)) == 16
    assert dice.bytes(16) != dice.bytes(16)
    no_progress(1, 2, "x")
    NeverCancel().check()
