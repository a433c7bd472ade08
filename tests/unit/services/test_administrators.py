"""Who administers together: one decides alone, two together, two of three; and what nobody can do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.foundation.errors import FormIncomplete, NotAllowed, NotFound, ProposalNotOpen
from core.services import administrators as admins
from core.services import opening, organisation, pairing, root_steps, sync
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine.entries import ROOT, SUSPEND, Root
from core.sync.engine.judging import suspended_by
from core.sync.engine.roots import Said
from tests.support.laptops import CHEAP, PASSPHRASE, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def meet(*laptops: Workspace, times: int = 3) -> None:
    for _ in range(times):
        for workspace in laptops:
            sync.sync_now(workspace)


def names(workspace: Workspace) -> list[str]:
    return [row.name for row in admins.administrators(workspace).rows]


def two(office: Office) -> tuple[Workspace, Workspace]:
    """Ana and Ben administer together."""
    ana, ben = office.pair("Ben Osei", "bo", role="administrator")
    admins.propose_administrators(ana, add=frozenset({ben.user}))
    meet(ana, ben)
    (proposal,) = admins.administrators(ben).proposals
    admins.agree_to_administrators(ben, proposal=proposal.id)
    meet(ben, ana)
    return ana, ben


def three(office: Office) -> tuple[Workspace, Workspace, Workspace]:
    ana, ben = two(office)
    cat = office.join(ana, "Cat Doe", "cd", role="administrator")
    admins.propose_administrators(ana, add=frozenset({cat.user}))
    meet(ana, ben, cat)
    for workspace in (cat, ben):
        (proposal,) = admins.administrators(workspace).proposals
        admins.agree_to_administrators(workspace, proposal=proposal.id)
        meet(cat, ben, ana)
    return ana, ben, cat


def test_who_is_new_must_want_it_and_the_founder_is_asked_once(office: Office) -> None:
    ana, ben = office.pair("Ben Osei", "bo", role="administrator")
    dan = office.join(ana, "Dan Foe", "df")
    view = admins.administrators(ana)
    assert (names(ana), view.needed, view.may_propose) == (["Ana Reyes"], 1, True)
    assert [row.name for row in view.candidates] == ["Ben Osei"]
    done = admins.propose_administrators(ana, add=frozenset({ben.user}))
    assert not done.decided and names(ana) == ["Ana Reyes"]
    meet(ana, ben, dan)
    (seen,) = admins.administrators(dan).proposals or (None,)
    assert seen is None or not seen.may_agree  # not his to decide
    (proposal,) = admins.administrators(ben).proposals
    assert (proposal.added, proposal.may_agree) == (("Ben Osei",), True)
    admins.agree_to_administrators(ben, proposal=proposal.id)
    meet(ben, ana, dan)
    for workspace in (ana, ben, dan):
        assert names(workspace) == ["Ana Reyes", "Ben Osei"] and admins.administrators(workspace).needed == 2
        assert admins.administrators(workspace).proposals == ()
        assert not [text for text in sync.sync_state(workspace).notices if "set aside" in text]
    assert not admins.administrators(dan).may_propose


def test_one_leaves_by_their_own_word_at_once_only_if_one_decides(office: Office) -> None:
    ana, ben = two(office)
    done = admins.propose_administrators(ana, remove=frozenset({ben.user}))
    assert not done.decided
    meet(ana, ben)
    (proposal,) = admins.administrators(ben).proposals
    assert (proposal.removed, proposal.agreed, proposal.waiting_for) == (("Ben Osei",), ("Ana Reyes",), ("Ben Osei",))
    admins.agree_to_administrators(ben, proposal=proposal.id)
    meet(ben, ana)
    assert names(ana) == names(ben) == ["Ana Reyes"]
    with pytest.raises(NotAllowed):
        admins.propose_administrators(ben, remove=frozenset({ana.user}))


def test_two_of_three_are_enough(office: Office) -> None:
    ana, ben, cat = three(office)
    assert names(cat) == ["Ana Reyes", "Ben Osei", "Cat Doe"] and admins.administrators(cat).needed == 2
    admins.propose_administrators(ana, remove=frozenset({ben.user}))
    meet(ana, cat)
    (proposal,) = admins.administrators(cat).proposals
    assert admins.agree_to_administrators(cat, proposal=proposal.id).decided
    meet(cat, ana, ben)
    assert names(ana) == names(ben) == names(cat) == ["Ana Reyes", "Cat Doe"]


def test_what_was_refused_makes_way_for_another_proposal(office: Office) -> None:
    ana, ben = two(office)
    admins.propose_administrators(ana, remove=frozenset({ben.user}))
    meet(ana, ben)
    admins.refuse_administrators(ben)
    meet(ben, ana)
    assert admins.propose_administrators(ben, remove=frozenset({ana.user})).decided is False
    meet(ben, ana)
    wanted = next(row for row in admins.administrators(ana).proposals if row.removed == ("Ana Reyes",))
    admins.agree_to_administrators(ana, proposal=wanted.id)
    meet(ana, ben)
    assert names(ana) == names(ben) == ["Ben Osei"]


def test_two_proposals_apart_are_settled_into_one(office: Office) -> None:
    ana, ben, cat = three(office)
    admins.propose_administrators(ana, remove=frozenset({cat.user}))
    admins.propose_administrators(ben, remove=frozenset({ana.user}))
    meet(ana, ben, cat)
    rows = admins.administrators(cat).proposals
    assert len(rows) == 2
    admins.agree_to_administrators(cat, proposal=next(row.id for row in rows if row.removed == ("Ana Reyes",)))
    meet(cat, ana, ben)
    assert names(ana) == names(ben) == names(cat) == ["Ben Osei", "Cat Doe"]


def test_what_cannot_be_is_refused(office: Office) -> None:
    ana, dan = office.pair("Dan Foe", "df")
    for act, error in (
        (lambda: admins.propose_administrators(ana), FormIncomplete),
        (lambda: admins.propose_administrators(ana, remove=frozenset({ana.user})), FormIncomplete),
        (lambda: admins.propose_administrators(ana, add=frozenset({dan.user})), NotFound),
        (lambda: admins.propose_administrators(ana, remove=frozenset({dan.user})), NotFound),
        (lambda: admins.agree_to_administrators(ana, proposal="00" * 32), NotFound),
        (lambda: admins.refuse_administrators(dan), NotAllowed),
    ):  # fmt: skip
        with pytest.raises(error):
            act()


def test_who_said_something_else_is_bound_until_others_refuse(office: Office) -> None:
    ana, ben, cat = three(office)
    admins.propose_administrators(ana, remove=frozenset({cat.user}))
    with pytest.raises(ProposalNotOpen) as caught:
        admins.propose_administrators(ana, remove=frozenset({ben.user}))
    assert "first refuse" in str(caught.value)


# ---------------------------------------------------------------- attacks


def put(workspace: Workspace, kind: int, value: object) -> None:
    with workspace.store.unit("attack") as (unit, _):
        root_steps.put(unit, workspace, kind, value)  # type: ignore[arg-type]


def test_nobody_makes_themselves_an_administrator(office: Office) -> None:
    """An officer writes down a root that names them and votes for it; an administrator of the role does the same."""
    ana, ben = office.pair("Ben Osei", "bo", role="administrator")
    dan = office.join(ana, "Dan Foe", "df")
    root = roster_of(ana).newest_root
    assert root is not None
    for thief in (ben, dan):
        own = roster_of(thief).users[thief.user].record.sign_public
        wanted = Root(root.organisation, 2, root.hash, ((thief.user, own),), 1)
        put(thief, ROOT, wanted.wire())
        for said in (Said(thief.user, 2, 0, wanted.hash), Said(thief.user, 2, 1, wanted.hash)):
            put(thief, said.kind, said.wire())
        meet(thief, ana)
        assert names(ana) == ["Ana Reyes"]
    assert [text for text in sync.sync_state(ana).notices if "none" in text]  # the officer may not even propose


def test_nobody_votes_in_another_s_name(office: Office) -> None:
    ana, ben = two(office)
    admins.propose_administrators(ben, remove=frozenset({ana.user}))
    (proposal,) = admins.administrators(ben).proposals
    said = Said(ana.user, 3, 1, bytes.fromhex(proposal.id))
    put(ben, said.kind, said.wire())
    meet(ben, ana)
    assert names(ana) == ["Ana Reyes", "Ben Osei"]


def test_suspending_an_administrator_s_laptop_undoes_no_decision(office: Office) -> None:
    """What more than half decided stands, whatever one of them says of another's laptop; it can even be overruled."""
    ana, ben, cat = three(office)
    with VaultMailbox(ana.store.engine).reading() as box:
        heads = {device: (head.seq, head.body_hash) for device, head in box.heads().items()}
    put(ana, SUSPEND, suspended_by(ben.user, ben.device, heads, "mine alone").wire())
    sync.sync_now(ana)
    meet(cat, ben, ana)
    assert names(ana) == names(cat) == ["Ana Reyes", "Ben Osei", "Cat Doe"]
    admins.propose_administrators(ben, remove=frozenset({ana.user}))
    meet(ben, cat)
    (proposal,) = admins.administrators(cat).proposals
    admins.agree_to_administrators(cat, proposal=proposal.id)
    meet(cat, ana)
    assert names(ana) == names(cat) == ["Ben Osei", "Cat Doe"]


def test_a_joiner_and_a_second_laptop_know_the_newest_list(office: Office) -> None:
    ana, ben = two(office)
    eve = office.join(ben, "Eve Moss", "em")
    assert names(eve) == ["Ana Reyes", "Ben Osei"]
    form = pairing.PairingForm("Home laptop", PASSPHRASE, office.folder)
    asked = pairing.ask_to_pair(office.root / "second", form, parts=office.parts, cost=CHEAP)
    pairing.pair(ben, code=asked.code)
    sync.sync_now(ben)
    second = opening.finish_joining(office.root / "second", PASSPHRASE, parts=office.parts)
    assert names(second) == ["Ana Reyes", "Ben Osei"]
    report = sync.verify_shared_folder(ana)
    assert report.problems == ()
    assert len(organisation.members(eve)) == 3
