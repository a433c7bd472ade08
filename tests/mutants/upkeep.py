"""More short stories on the four laptops of `scenarios.py`: packs, summaries, and who administers.

Each comes out right only if certain rules hold; `test_mutants.py` breaks them one at a time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.changes import cbor
from core.changes.change import Op, OpKind
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.foundation.errors import SharedFolderError
from core.foundation.ids import RecordId, StreamId
from core.services import administrators, leaving, summaries, sync
from core.services.workspace import Workspace
from core.store import packs, schema
from core.store import summaries as kept
from core.store.mailbox import VaultMailbox
from core.store.transactions import writing
from core.sync.engine.entries import ROOT_VOTE
from core.sync.engine.envelope import name_of, open_segment_file, seal_segment_file
from core.sync.engine.roots import Said
from core.sync.engine.segment import Head
from core.sync.engine.summary import TABLE, Summary, make_summary
from core.sync.packing import PACK
from core.sync.transports.folder import FolderTransport
from tests.mutants.scenarios import case_of, heads_of, of, reaches, set_summary, slip_in, slip_in_entry
from tests.support.fleet import Fleet

# ------------------------------------------------------------------ packs


def old_work(fleet: Fleet) -> None:
    """Ana and Ben write a little, all read it, and a hundred days pass."""
    for words in ("one", "two", "three"):
        for at in (0, 1):
            set_summary(of(fleet)[at], 1, words)
            reaches(fleet, at, 0, 1, 2, 3)
    days(fleet, 100)


def days(fleet: Fleet, count: int) -> None:
    for laptop in fleet.laptops:
        laptop.clock.step(timedelta(days=count))


def weeks(fleet: Fleet, count: int, *some: int) -> None:
    for _ in range(count):
        for at in some:
            sync.sync_now(of(fleet)[at], everything=True)
        days(fleet, 7)


def contents_of(workspace: Workspace, author: Workspace, count: int) -> list[bytes]:
    """What is in an author's oldest files, as it was signed."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        names = [name for name, _ in box.packable(author.store.author.device, before_ms=2**50)][:count]
        keys, organisation = box.envelope_keys(), workspace.keys.organisation
        return [open_segment_file(box.file(name) or b"", keys, organisation) for name in names]


def packed_at(workspace: Workspace) -> dict[str, str]:
    with VaultMailbox(workspace.store.engine).reading() as box:
        return box.packed()


def a_pack_that_changes_a_word_is_refused(fleet: Fleet) -> None:
    """Ben's changed program packs Ana's work, with one bit of a signature turned."""
    old_work(fleet)
    ana, ben, cat, _ = of(fleet)
    *whole, last = contents_of(ben, ana, 3)
    assert whole
    with VaultMailbox(ben.store.engine).reading() as box:
        keys = box.envelope_keys()
    contents = [*whole, last[:-1] + bytes([last[-1] ^ 1])]
    data = seal_segment_file(cbor.encode([PACK, list(contents)]), keys, ben.keys.organisation)
    (fleet.office.files()[0].parent / name_of(data)).write_bytes(data)
    assert sync.sync_now(cat).refused == 1
    assert name_of(data) not in packed_at(cat).values(), "nothing counts as packed by it"


def originals_stay_until_every_laptop_knows(fleet: Fleet) -> None:
    old_work(fleet)
    ana = of(fleet)[0]
    weeks(fleet, 1, 0, 1, 2, 3)
    there = {path.name for path in fleet.office.files()}
    mine = there & {name for name in packed_at(ana) if name in packs_of(ana)}
    weeks(fleet, 4, 0, 1)
    assert mine and mine <= {path.name for path in fleet.office.files()}, "two laptops have not said that they know"
    weeks(fleet, 3, 0, 1, 2, 3)
    assert not mine & {path.name for path in fleet.office.files()}


def packs_of(workspace: Workspace) -> set[str]:
    """The files that lie in packs this laptop made."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        return {name for pack in box.own_packs() for name in box.packed_in(pack.name)}


def a_pack_is_told_of_once_and_only_when_it_was_read_back(fleet: Fleet) -> None:
    old_work(fleet)
    ana = of(fleet)[0]
    with pytest.MonkeyPatch.context() as full:

        def refuse(*_: object) -> None:
            raise SharedFolderError(reason="full")

        full.setattr(FolderTransport, "put_if_absent", refuse)
        sync.sync_now(ana, everything=True)
    with VaultMailbox(ana.store.engine).reading() as box:
        made = len(box.own_packs())
    assert made and told(ana) == 0, "it never reached the folder"
    weeks(fleet, 4, 0, 1, 2, 3)
    assert told(ana) == 1


def told(workspace: Workspace) -> int:
    """How often this laptop said that a pack replaces files."""
    where = (schema.CHANGE.c.cause == packs.CAUSE, schema.CHANGE.c.device == workspace.store.author.device)
    with workspace.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.CHANGE).where(*where)).scalar_one())


# ------------------------------------------------------------------ summaries


def summary_of(workspace: Workspace, stream: StreamId, signer: SigningKey, *, true: bool = False) -> Summary:
    """A summary that says that nothing is there, or one that says what is."""
    with workspace.store.reading() as connection:
        state = kept.state_of(connection, stream) if true else cbor.encode([])
    assert state is not None
    covers = [Head(device, seq, body_hash) for device, (seq, body_hash) in heads_of(workspace).items() if seq]
    made, _ = make_summary(
        state, organisation=workspace.keys.organisation, stream=stream, covers=covers,
        key=SecretBytes(b"s" * 32), device=workspace.device, signer=signer,
    )  # fmt: skip
    return made


def say(workspace: Workspace, summary: Summary, *, entity: bytes | None = None) -> None:
    entity = entity or bytes(summary.stream)
    slip_in(workspace, summary.stream, Op(OpKind.SUMMARY, RecordId(entity), TABLE, "", summary.wire()))


def is_passed_over(fleet: Fleet, made: Summary) -> None:
    """Ben's changed program says it; Ana's laptop keeps what lies beside it, and not the summary."""
    ana, ben, _, _ = of(fleet)
    say(ben, made)
    set_summary(ben, 1, "written beside it")
    assert reaches(fleet, 1, 0) == [0]
    assert case_of(ana, 1).summary == "written beside it"
    with ana.store.reading() as connection:
        assert kept.of_stream(connection, made.stream) == []


def a_summary_in_another_s_name(fleet: Fleet) -> None:
    _, ben, cat, _ = of(fleet)
    another = SigningKey.from_seed(cat.keys.device_sign_seed)
    is_passed_over(fleet, summary_of(ben, case_of(ben, 1).stream, another, true=True))


def a_summary_under_another_name(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    own = SigningKey.from_seed(ben.keys.device_sign_seed)
    say(ben, summary_of(ben, case_of(ben, 1).stream, own), entity=bytes(case_of(ben, 3).stream))
    assert reaches(fleet, 1, 0) == [1]


def a_summary_covers_one_laptop_twice(fleet: Fleet) -> None:
    _, ben, _, _ = of(fleet)
    own = SigningKey.from_seed(ben.keys.device_sign_seed)
    made = summary_of(ben, case_of(ben, 1).stream, own)
    twice = replace(made, covers=(made.covers[0], *made.covers))
    say(ben, twice.signed_by(ben.device, ben.keys.organisation, own))
    assert reaches(fleet, 1, 0) == [1]


def a_summary_moved_to_another_cut(fleet: Fleet) -> None:
    """Ben's laptop signed it for all it had seen; what it covers is changed afterwards."""
    _, ben, _, _ = of(fleet)
    made = summary_of(ben, case_of(ben, 1).stream, SigningKey.from_seed(ben.keys.device_sign_seed))
    is_passed_over(fleet, replace(made, covers=made.covers[1:]))


def a_summary_that_lies_is_found_out(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    with pytest.MonkeyPatch.context() as lying:
        lying.setattr(summaries, "EVERY_CHANGES", 1)
        lying.setattr(kept, "state_of", lambda connection, stream: cbor.encode([]))
        set_summary(ana, 1, "left out of the summary")
        sync.sync_now(ana)
    reaches(fleet, 0, 1, 1)
    assert any("summary made by Ana Reyes" in notice for notice in sync.sync_state(ben).notices)
    assert case_of(ben, 1).summary == "left out of the summary"


def two_who_sum_up_apart_come_to_rest(fleet: Fleet) -> None:
    ana, ben, _, _ = of(fleet)
    reaches(fleet, 0, 1)
    days(fleet, 61)
    for laptop in (ana, ben):
        while summaries.summarise(laptop):
            pass
    apart = [row for laptop in (ana, ben) for row in newest(laptop)]
    assert len({row.name for row in apart}) == 2
    for _ in range(5):
        reaches(fleet, 0, 1)
    assert reaches(fleet, 0, 1) == [0] and sync.sync_now(ana).sent == sync.sync_now(ben).sent == 0
    for laptop in (ana, ben):
        for order in (apart, [*reversed(apart)]):
            with writing(laptop.store.engine) as connection:
                for row in order:
                    kept.note(connection, row)
            kept_there = {row.name for row in newest(laptop)}
            assert kept_there == {max(row.name for row in apart)}, "in whatever order they come"


def newest(laptop: Workspace) -> list[kept.SummaryRow]:
    with laptop.store.reading() as connection:
        return kept.of_stream(connection, case_of(laptop, 1).stream)


def a_summary_covers_what_there_is(fleet: Fleet) -> None:
    """One that claims to cover more than there ever was is not kept: nothing honest would be newer."""
    ana, ben, _, _ = of(fleet)
    made = summary_of(ben, case_of(ben, 1).stream, SigningKey.from_seed(ben.keys.device_sign_seed))
    more = replace(made, covers=(*made.covers[:-1], replace(made.covers[-1], seq=10**9)))
    say(ben, more.signed_by(ben.device, ben.keys.organisation, SigningKey.from_seed(ben.keys.device_sign_seed)))
    reaches(fleet, 1, 0)
    with ana.store.reading() as connection:
        assert kept.of_stream(connection, made.stream) == []


# ------------------------------------------------------------------ who administers


def administer_together(fleet: Fleet) -> None:
    """Ben becomes an administrator with Ana."""
    ana, ben, *_ = of(fleet)
    leaving.change_role(ana, user=ben.user, role="administrator")
    reaches(fleet, 0, 1, 0)
    administrators.propose_administrators(ana, add=frozenset({ben.user}))
    reaches(fleet, 0, 1, 0, 1)
    (proposal,) = administrators.administrators(ben).proposals
    administrators.agree_to_administrators(ben, proposal=proposal.id)
    for _ in range(2):
        reaches(fleet, 1, 0, 1, 2, 3)


def who_administers(workspace: Workspace) -> list[str]:
    return [row.name for row in administrators.administrators(workspace).rows]


def one_of_two_does_not_decide_alone(fleet: Fleet) -> None:
    ana, ben, cat, _ = of(fleet)
    administer_together(fleet)
    for laptop in (ana, ben, cat):
        assert who_administers(laptop) == ["Ana Reyes", "Ben Okafor"]
    administrators.propose_administrators(ana, remove=frozenset({ben.user}))
    reaches(fleet, 0, 1, 2)
    for laptop in (ana, ben, cat):
        assert who_administers(laptop) == ["Ana Reyes", "Ben Okafor"]


def nobody_administers_who_never_agreed(fleet: Fleet) -> None:
    """Ana's changed program votes for a version that names Ben before he has said a word."""
    ana, ben, cat, _ = of(fleet)
    leaving.change_role(ana, user=ben.user, role="administrator")
    reaches(fleet, 0, 1, 2)
    administrators.propose_administrators(ana, add=frozenset({ben.user}))
    (proposal,) = administrators.administrators(ana).proposals
    slip_in_entry(ana, ROOT_VOTE, Said(ana.user, 2, 1, bytes.fromhex(proposal.id)).wire())
    reaches(fleet, 0, 1, 2)
    for laptop in (ben, cat):
        assert who_administers(laptop) == ["Ana Reyes"]
