"""A vault meets an older and a newer version of the program, and nothing is lost either way."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.changes.change import OpKind
from core.domain.case import Note, Party
from core.domain.estate import Home
from core.foundation.errors import VaultTooNew
from core.store import meta, schema
from core.store.transactions import writing
from tests.support.vaults import (
    STREAM,
    OpenStore,
    a_change,
    an_id,
    everything,
    older_version,
    open_store,
    put,
)

WITHOUT = {"home": ("notes", "block"), "party": ("also_known_as",)}
HOME, PARTY, REVIEW = an_id("home"), an_id("party"), an_id("review")

FROM_A_NEWER_LAPTOP = (
    a_change(
        "one",
        put(HOME, "home", "street", "Old Road"),
        put(HOME, "home", "notes", "Ring twice"),
        put(PARTY, "party", "name", "Ada Quill"),
        put(PARTY, "party", "also_known_as", "Addie", kind=OpKind.ADD),
        put(REVIEW, "review", "findings", "All is well", kind=OpKind.TEXT),
    ),
    a_change("two", put(HOME, "home", "state", "empty"), put(REVIEW, "review", "keep_open", True), minutes=1),
)


def tables(opened: OpenStore) -> set[str]:
    return {
        name
        for (name,) in opened.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'r!_%' ESCAPE '!'")
    }


def test_what_an_older_version_did_not_know_is_shown_after_the_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "never-old") as wanted:
        wanted.arrive(*FROM_A_NEWER_LAPTOP)
        expected = everything(wanted)

    with monkeypatch.context() as patch:
        older_version(patch, without_types=("review",), without_fields=WITHOUT)
        with open_store(tmp_path / "vault") as old:
            old.arrive(*FROM_A_NEWER_LAPTOP[:1])
            old.arrive(*FROM_A_NEWER_LAPTOP[1:])
            assert "r_review" not in tables(old)
            assert old.sql("SELECT street, state FROM r_home") == [("Old Road", "empty")]
            assert old.sql("SELECT count(*) FROM pragma_table_info('r_home') WHERE name = 'notes'") == [(0,)]
            assert old.sql("SELECT count(*) FROM search WHERE search MATCH 'addie'") == [(0,)]

    with open_store(tmp_path / "vault") as new:
        assert new.store.get(Home, HOME).notes == "Ring twice"
        assert new.store.get(Party, PARTY).also_known_as == {"Addie"}
        assert new.sql("SELECT findings, keep_open FROM r_review") == [("All is well", 1)]
        assert new.sql("SELECT count(*) FROM search WHERE search MATCH 'addie'") == [(1,)]
        found = everything(new)
    assert {name: rows for name, rows in found.items() if name != "meta"} == {
        name: rows for name, rows in expected.items() if name != "meta"
    }


def test_an_older_version_that_edits_a_record_keeps_the_fields_it_cannot_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        older_version(patch, without_fields=WITHOUT)
        with open_store(tmp_path / "vault") as old:
            old.arrive(*FROM_A_NEWER_LAPTOP)
            known = schema.RECORD_TABLES["home"]
            assert "notes" not in known.c
            old_home = type("OldHome", (), {"SPEC": _spec_of(patch, "home")})
            with old.store.unit("edit") as (unit, _):
                unit.update(old_home, HOME, street="New Road")  # type: ignore[arg-type]  # the older declaration
    with open_store(tmp_path / "vault") as new:
        home = new.store.get(Home, HOME)
        assert (home.street, home.notes, home.state) == ("New Road", "Ring twice", "empty")


def _spec_of(patch: pytest.MonkeyPatch, name: str) -> object:
    del patch
    from core.store import ledger

    kind = ledger.record_type(name)
    assert kind is not None
    return kind.SPEC


def test_going_back_to_an_older_version_and_forth_again_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.arrive(*FROM_A_NEWER_LAPTOP)
        opened.create(Note, body="written here")
        before = everything(opened)
    with monkeypatch.context() as patch:
        older_version(patch, without_types=("review", "note"), without_fields=WITHOUT)
        with open_store(tmp_path / "vault") as old:
            assert not {"r_review", "r_note"} & tables(old)
            assert old.sql("SELECT count(*) FROM r_home") == [(1,)]
    with open_store(tmp_path / "vault") as again:
        assert everything(again) == before


def test_opening_with_the_same_version_builds_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.create(Note, body="x")
    monkeypatch.setattr("core.store.store.rebuild_records", lambda _: pytest.fail("rebuilt"))
    with open_store(tmp_path / "vault") as opened:
        assert opened.store.count(Note) == 1


def test_a_vault_of_a_newer_version_is_left_exactly_as_it_was(tmp_path: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.create(Note, body="x")
        with writing(opened.store.engine) as connection:
            meta.write_number(connection, meta.SCHEMA_VERSION, schema.SCHEMA_VERSION + 1)
    before = (tmp_path / "vault" / "workbook.db").read_bytes()
    with pytest.raises(VaultTooNew), open_store(tmp_path / "vault"):
        pass
    assert (tmp_path / "vault" / "workbook.db").read_bytes() == before


def test_the_words_a_search_finds_follow_a_changed_weight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert schema.catalogue_fingerprint() == schema.catalogue_fingerprint()
    here = schema.catalogue_fingerprint()
    with monkeypatch.context() as patch:
        older_version(patch, without_fields=WITHOUT)
        assert schema.catalogue_fingerprint() != here
    with monkeypatch.context() as patch:
        older_version(patch, without_types=("note",), without_fields={})
        assert schema.catalogue_fingerprint() != here


def test_an_op_kind_of_a_newer_version_is_kept_for_later(tmp_path: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.arrive(a_change("odd", put(an_id("x"), "note", "body", "words", kind=99)))
        assert opened.sql("SELECT count(*) FROM change") == [(1,)]
        assert opened.store.count(Note) == 0
        opened.store.rebuild()
        assert opened.sql("SELECT count(*) FROM change") == [(1,)]


def test_a_type_nobody_here_knows_belongs_to_its_stream_all_the_same(tmp_path: Path) -> None:
    with open_store(tmp_path / "vault") as opened:
        opened.arrive(a_change("odd", put(an_id("x"), "drone_flight", "height", 120)))
        assert opened.sql("SELECT type, stream FROM entity") == [("drone_flight", STREAM)]
