"""Rules taken out of the program one at a time: each time a story must end badly, or the rule is not tested.

A mutant is one piece of source replaced by another inside one function. The reducer has its own in
`tests/property/test_reducer_mutants.py`.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from core.services import opening
from tests.mutants import scenarios, upkeep
from tests.support.fleet import Fleet, make_template
from tests.support.laptops import Template
from tests.support.searching import SEARCHING

INGEST = "core.sync.ingest:Ingest"
INTERPRET = "core.sync.interpret:Interpreter"
EPOCHS = "core.sync.engine.epochs"
ROSTER = "core.sync.engine.roster:Roster"
STANDING = "core.sync.engine.standing:Standing"
JUDGING = "core.sync.engine.judging"
RUNNER = "core.sync.runner:Runner"
HEALER = "core.sync.healing:Healer"
FOLDER = "core.sync.transports.folder:FolderTransport"
PACKING = "core.sync.packing"
RETIRING = "core.services.retiring:retire_packs"
SUMMING = "core.sync.summing"
ELECTION = "core.sync.engine.root_votes:Election"


@dataclass(frozen=True)
class Mutant:
    """In `where`, `before` becomes `after`: what it breaks, and the story that must fail."""

    breaks: str
    where: str
    before: str
    after: str
    story: Callable[[Fleet], None]


VALIDITY = [
    Mutant("a signature is not looked at", f"{INGEST}._ready", "check_signature(segment, public)", "pass",
           scenarios.a_forged_signature),
    Mutant("what it rests on may be missing", f"{INGEST}._ready", "return all(", "return True or all(",
           scenarios.what_is_built_on_something_missing_waits),
    Mutant("a laptop does not say what it had seen", "core.sync.sealing:_news",
           "return [", "return [] and [", scenarios.what_is_built_on_something_missing_waits),
    Mutant("any segment of that number will do", f"{INGEST}._has",
           "return self._box.is_applied(device, seq, body_hash)", "return True",
           scenarios.a_branch_waits_for_its_own_beginning),
    Mutant("a fork is not noticed", f"{INGEST}._apply", "chain.seq >= segment.seq and", "False and",
           scenarios.a_laptop_used_twice_is_frozen),
    Mutant("a fork hides only what comes after it", "core.store.withholding:_late", "CHANGE.c.seq >= first",
           "CHANGE.c.seq > first", scenarios.a_laptop_used_twice_is_frozen),
    Mutant("a fork leaves what was there", f"{INGEST}._align",
           "self._changed |= self._box.withhold(reader.roster.standing.cut_devices(), writers)", "pass",
           scenarios.a_laptop_used_twice_is_frozen),
    Mutant("sections are not opened later", f"{INGEST}._open_late", "waiting = list(fresh)", "waiting = []",
           scenarios.a_key_given_later_opens_the_past),
    Mutant("anybody writes in anybody's name", f"{INTERPRET}._take", "change.actor != author.user", "False",
           scenarios.another_s_name),
    Mutant("a number may be another's", f"{INTERPRET}._take", "check_names(change, content.stream)", "pass",
           scenarios.another_s_number),
    Mutant("a record may be of another type", "core.changes.naming:check_names", "if any(record !=",
           "if False and any(record !=", scenarios.another_type_of_record),
    Mutant("the roster is written anywhere", f"{INTERPRET}._take", "if not ours and any(", "if False and any(",
           scenarios.a_roster_entry_in_a_case),
    Mutant("whoever reads may write", f"{INTERPRET}._check_right_to_write", "not header.may_write(opened.author.user)",
           "False", scenarios.somebody_who_only_reads_writes),
    Mutant("the committee writes the organisation's records", "core.sync.rights:check_ours",
           "role not in roster.WRITING_ROLES and", "False and", scenarios.somebody_writes_who_we_are),
    Mutant("officers say who we are", "core.sync.rights:check_ours", "role != roster.ADMINISTRATOR and",
           "False and", scenarios.somebody_writes_who_we_are),
]

MEMBERSHIP = [
    Mutant("a wall is taken down", f"{EPOCHS}:check_header", "not parent.conflicted - lifted <= header.conflicted",
           "False",
           scenarios.a_wall_taken_down),
    Mutant("a key for somebody walled off", f"{EPOCHS}:check_header", "if header.users & header.conflicted", "if False",
           scenarios.a_key_for_somebody_walled_off),
    Mutant("a reader adds readers", f"{EPOCHS}:check_header", "not parent.may_write(author)", "False",
           scenarios.a_reader_added_by_who_only_reads),
    Mutant("anybody takes readers away", f"{EPOCHS}:_check_only_adds", "if role is None or role < member.role",
           "if False", scenarios.a_reader_taken_away_by_who_does_not_lead),
    Mutant("anybody makes leads", f"{EPOCHS}:_check_only_adds", "if made and leads and not may_make_leads", "if False",
           scenarios.a_lead_made_by_who_does_not_lead),
    Mutant("a key that was not promised", f"{EPOCHS}:check_key", "commitment_of(key) != header.commitment", "False",
           scenarios.another_key_than_promised),
    Mutant("a case begins twice", f"{INTERPRET}._check_epoch", "if known:", "if False:",
           scenarios.a_stream_begun_twice),
    Mutant("the committee opens cases", "core.sync.engine.kinds:check_first", "role not in roster.WRITING_ROLES",
           "False", scenarios.a_case_opened_by_the_committee),
    Mutant("of two changes of readers one counts", f"{EPOCHS}:effective_members",
           "for name in leaves(headers, without)]", "for name in leaves(headers, without)[:1]]",
           scenarios.readers_changed_at_two_places),
    Mutant("two changes of readers are never joined", "core.services.access:_unsettled", "return workspace.user in",
           "return False and workspace.user in", scenarios.readers_changed_at_two_places),
    Mutant("keys are wrapped to everybody", "core.sync.sealing:_grants", "for member in header.members",
           "for member in [type(header.members[0])(u, 0, 2) for u in roster.users]",
           scenarios.nobody_knows_more_than_they_were_given),
    Mutant("who is taken off second cannot read who reads", "core.sync.sealing:_StreamKeys.of",
           "begun[-1] in self.said", "False", scenarios.two_taken_off_a_case_at_once),
    Mutant("the past is kept from a new reader", f"{EPOCHS}:following_header",
           "earlier=_seal_earlier(organisation, first.stream, number, key, earlier)", "earlier=b''",
           scenarios.a_key_given_later_opens_the_past),
    Mutant("anybody lets people in", f"{ROSTER}.check_admission", "if not self.is_administrator(author)", "if False",
           scenarios.let_in_by_who_may_not),
    Mutant("a colleague's keys are replaced", f"{ROSTER}.with_admission",
           "records and all(known.body != admission.record.body for known in records)", "False",
           scenarios.another_s_keys_replaced),
]

LEAVING = [
    Mutant("the organisation's key stays when somebody leaves", "core.services.rekeying:renew_organisation",
           "if not _are_holders(known, roster)", "if False", scenarios.nothing_new_is_derivable_after_a_removal),
    Mutant("the outer key stays when somebody leaves", "core.services.rekeying:renew_organisation",
           "if _envelope_is_stale(roster)", "if False", scenarios.nothing_new_is_derivable_after_a_removal),
    Mutant("cases go on under the key of who left", "core.services.rekeying:renew_what_is_written",
           "if not (left or", "if True or not (left or", scenarios.nothing_new_is_derivable_after_a_removal),
    Mutant("who left stays a reader", "core.sync.engine.rekeying:members_now", "if record is not None",
           "if True", scenarios.nothing_new_is_derivable_after_a_removal),
    Mutant("one entry more counts after a removal", f"{STANDING}.withheld_from", "cut + 1", "cut + 2",
           scenarios.what_comes_after_a_removal_waits),
    Mutant("one entry less counts before a removal", f"{STANDING}.withheld_from", "cut + 1", "cut",
           scenarios.what_comes_after_a_removal_waits),
    Mutant("late work is taken as it comes", f"{INGEST}._align",
           "self._changed |= self._box.withhold(reader.roster.standing.cut_devices(), writers)", "pass",
           scenarios.what_comes_after_a_removal_waits),
    Mutant("anybody removes anybody", f"{JUDGING}:_check_removal", "own_laptop or was_administrator(", "True or (",
           scenarios.removed_by_who_may_not),
    Mutant("a removal is dated back", f"{JUDGING}:_check_cut_offs", "if not spoken.proven.get(device, 0) <= number",
           "if not 0 <= number", scenarios.a_removal_dated_back),
    Mutant("people give roles", f"{JUDGING}:_check_role", "if not was_administrator(before, spoken.user)", "if False",
           scenarios.a_role_given_by_who_may_not),
    Mutant("anybody judges late work", "core.sync.interpret:check_marks", "if marks and not leads", "if False",
           scenarios.a_case_judged_late_by_who_does_not_lead),
]

FOLDER_CODE = [
    Mutant("what was lost is never put back", f"{HEALER}._refill", "if self._put_back(name)", "if False",
           scenarios.the_folder_s_loss_is_nobody_s),
    Mutant("what was spoilt is never mended", f"{HEALER}._mend", "wrong = self._is_damaged(name, info)",
           "wrong = False", scenarios.a_spoilt_file_is_mended),
    Mutant("a file of the right size is the right one", f"{FOLDER}._holds",
           "name_of(_read(path, len(data))) == name_of(data)", "True", scenarios.a_spoilt_file_is_mended),
    Mutant("links are followed", f"{FOLDER}._refuse_links", "if folder.is_symlink()", "if False",
           scenarios.nothing_is_written_through_a_link),
    Mutant("what was not written counts as sent", f"{RUNNER}._put", "return False", "return True",
           scenarios.what_could_not_be_written_stays_outgoing),
    Mutant("a laptop put back does not notice", "core.sync.runner:_is_own_future", "return True", "return False",
           scenarios.a_vault_put_back_from_a_copy),
    Mutant("odd names are passed over", "core.sync.listing:strange", "return ", "return [] and ",
           scenarios.a_conflicted_copy_is_read),
]  # fmt: skip

PACKS = [
    Mutant("a pack may change a word", f"{PACKING}:take_pack",
           "if not same and any(proven for _, proven in known[segment.hash])", "if False",
           upkeep.a_pack_that_changes_a_word_is_refused),
    Mutant("originals are deleted before everybody knows", f"{PACKING}:PackRoom.run", "waited or waits_for >= seq",
           "True", upkeep.originals_stay_until_every_laptop_knows),
    Mutant("nobody's word is waited for", f"{PACKING}:PackRoom._lowest_seen", "lowest = min(", "_ = min(",
           upkeep.originals_stay_until_every_laptop_knows),
    Mutant("a pack is told of before it was read back", RETIRING, "pack.read_back and ", "",
           upkeep.a_pack_is_told_of_once_and_only_when_it_was_read_back),
    Mutant("a pack is told of again and again", RETIRING,
           "box.note_retired(pack.name, at_ms=to_ms(workspace.parts.clock.now()))", "pass",
           upkeep.a_pack_is_told_of_once_and_only_when_it_was_read_back),
]  # fmt: skip

SUMMARIES = [
    Mutant("anybody vouches in anybody's name", f"{SUMMING}:note_summaries", "here and _is_vouched(summary, roster)",
           "here", upkeep.a_summary_in_another_s_name),
    Mutant("a summary lies anywhere", f"{SUMMING}:look_at", "bytes(op.entity) != bytes(stream)", "False",
           upkeep.a_summary_under_another_name),
    Mutant("every summary is true", f"{SUMMING}:is_true", "sha256(told) == summary.state_hash", "True",
           upkeep.a_summary_that_lies_is_found_out),
    Mutant("a summary covers a laptop twice", "core.sync.engine.summary:read_covers",
           "[head.device for head in heads] != sorted({head.device for head in heads})", "False",
           upkeep.a_summary_covers_one_laptop_twice),
    Mutant("what a summary covers is not signed", "core.sync.engine.summary:_statement", "covers_wire(covers)", "[]",
           upkeep.a_summary_moved_to_another_cut),
    Mutant("the summary that came last counts", "core.store.summaries:note", "_age(other) > _age(row)", "False",
           upkeep.two_who_sum_up_apart_come_to_rest),
    Mutant("a summary covers what never was", f"{SUMMING}:note_summaries",
           "all(box.is_applied(head.device, head.seq, head.body_hash) for head in summary.covers)", "True",
           upkeep.a_summary_covers_what_there_is),
]

ADMINISTRATORS = [
    Mutant("one of two decides alone", f"{ELECTION}._suffices", "len(old) >= self.before.threshold", "True",
           upkeep.one_of_two_does_not_decide_alone),
    Mutant("who is named need not agree", f"{ELECTION}._is_justified",
           "self._agreed_in(past, vote.choice) >= self.fresh(vote.choice).keys()", "True",
           upkeep.nobody_administers_who_never_agreed),
]  # fmt: skip

MUTANTS = [*VALIDITY, *MEMBERSHIP, *LEAVING, *FOLDER_CODE, *PACKS, *SUMMARIES, *ADMINISTRATORS]
STORIES = [story for room in (scenarios, upkeep) for name, story in inspect.getmembers(room, inspect.isfunction)
           if story.__module__ == room.__name__ and list(inspect.signature(story).parameters) == ["fleet"]
           and name not in ("of", "old_work", "administer_together")]  # fmt: skip


def put_in(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    """Replace the function everywhere it is known by a version with the one piece exchanged."""
    place, _, name = mutant.where.partition(":")
    module = import_module(place)
    owner_name, _, attribute = name.rpartition(".")
    owner = getattr(module, owner_name) if owner_name else module
    whole = inspect.getattr_static(owner, attribute)
    source = textwrap.dedent(inspect.getsource(whole))
    if source.count(mutant.before) != 1:
        raise LookupError(f"{mutant.where} no longer says this, and only once: {mutant.before}")
    made: dict[str, object] = {}
    code = compile("from __future__ import annotations\n" + source.replace(mutant.before, mutant.after), name, "exec")
    exec(code, module.__dict__, made)
    monkeypatch.setattr(owner, attribute, made[attribute])
    if owner is module:
        for other in [known for key, known in sys.modules.items() if key.startswith("core.")]:
            if getattr(other, attribute, None) is whole:
                monkeypatch.setattr(other, attribute, made[attribute])
            for table in [known for known in vars(other).values() if isinstance(known, dict)]:
                for key in [key for key, item in table.items() if item is whole and table is not vars(other)]:
                    monkeypatch.setitem(table, key, made[attribute])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("mutants") / "template")


@pytest.fixture
def fleet(template: Template, tmp_path: Path) -> Fleet:
    return Fleet(template, tmp_path / "fleet")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_with_every_rule_in_place_the_story_ends_well(fleet: Fleet, story: Callable[[Fleet], None]) -> None:
    try:
        story(fleet)
    finally:
        fleet.close()


@pytest.mark.parametrize("mutant", MUTANTS if SEARCHING else MUTANTS[::2], ids=lambda mutant: mutant.breaks)
def test_without_the_rule_the_story_ends_badly(
    fleet: Fleet, mutant: Mutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        put_in(changed, mutant)
        try:
            mutant.story(fleet)
        except Exception:
            return
        finally:
            for laptop in fleet.laptops:
                opening.lock(laptop.workspace)
    pytest.fail(f"nobody noticed: {mutant.breaks}")


def test_there_are_enough_and_each_story_kills_something() -> None:
    assert len({mutant.breaks for mutant in MUTANTS}) == len(MUTANTS) >= 30
    assert {mutant.story for mutant in MUTANTS} <= set(STORIES)
