"""Two laptops change the same at once: one person's keys, or who administers. Both hear of it, and one comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.domain.organisation import Member
from core.services import administrators as admins
from core.services import leaving, opening, pairing, passphrase, retention_day, streams, sync
from core.services.new_keys import PAIR_AGAIN
from core.services.own_keys import own_keys
from core.services.own_standing import How, own_standing
from core.services.roster import roster_of, user_record_of
from core.services.workspace import Workspace
from tests.support.laptops import CHEAP, PASSPHRASE, Office, Template

OWN = "velvet harbour signal maple drift"
NEW, NEW_AT_HOME = "candle rivet meadow tundra flask", "socket ribbon glacier pepper anvil"


def paired(office: Office, old: Workspace, folder: str) -> Workspace:
    form = pairing.PairingForm(folder, OWN, office.folder)
    asked = pairing.ask_to_pair(office.root / folder, form, parts=office.parts, cost=CHEAP)
    pairing.pair(old, code=asked.code)
    sync.sync_now(old)
    return opening.finish_joining(office.root / folder, OWN, parts=office.parts)


def meet(*laptops: Workspace, times: int = 3) -> None:
    for _ in range(times):
        for workspace in laptops:
            sync.sync_now(workspace)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Ana and Ben administer together; Ana has a second laptop at home."""
    office = Office(tmp_path_factory.mktemp("template"))
    ana = office.found()
    ben = office.join(ana, "Ben Okafor", "bo", role="administrator")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    admins.propose_administrators(ana, add=frozenset({ben.user}))
    meet(ana, ben)
    admins.agree_to_administrators(ben, proposal=admins.administrators(ben).proposals[0].id)
    meet(ben, ana)
    home = paired(office, ana, "home")
    meet(home, ana, ben)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "home": home})


Laptops = tuple[Office, Workspace, Workspace, Workspace]


@pytest.fixture
def laptops(template: Template, tmp_path: Path) -> Laptops:
    office, found = template.copy(tmp_path)
    ana, ben, home = found.values()
    return office, ana, ben, home


def renewed(office: Office, workspace: Workspace) -> Workspace:
    words = OWN if workspace.folder.name == "home" else PASSPHRASE
    retention_day.hold_retention_day(workspace, passphrase=words)
    return opening.unlock(workspace.folder, words, parts=office.parts)


def note(workspace: Workspace, words: str) -> None:
    case = workspace.store.select(Case)[0]
    with workspace.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def notes(workspace: Workspace) -> set[str]:
    return {item.body for item in workspace.store.select(Note)}


def test_keys_renewed_on_two_laptops_at_once(laptops: Laptops, tmp_path: Path) -> None:
    """Those of one count. The other says so, hands on what only its keys opened, and is paired again."""
    office, ana, ben, home = laptops
    before = set(office.files())
    ana = renewed(office, ana)
    held_back = {path: path.read_bytes() for path in set(office.files()) - before}
    for path in held_back:
        path.unlink()
    home = renewed(office, home)
    note(ben, "for whoever counts first")
    meet(ben, home, times=1)
    meet(ben, home, times=1)
    for path, data in held_back.items():
        path.write_bytes(data)
    meet(ana, home, ben)
    counts = roster_of(ben).users[ana.user].record.hash
    winner, loser = (ana, home) if user_record_of(own_keys(ana)).hash == counts else (home, ana)
    assert PAIR_AGAIN in sync.sync_state(loser).notices
    assert PAIR_AGAIN not in sync.sync_state(winner).notices
    assert retention_day.retention_day_state(loser).pair_again
    note(ben, "afterwards")
    cat = office.join(ben, "Cat Doe", "cd")
    note(loser, "written before it is paired again")
    meet(ben, loser, winner, ben, cat)
    everything = {"for whoever counts first", "afterwards", "written before it is paired again"}
    assert notes(winner) == notes(ben) == everything, "whoever counts reads all of it, and nothing is lost"
    assert roster_of(winner).role_of(cat.user) == "officer"
    again = paired(office, winner, "again")
    meet(again, winner, ben)
    assert notes(again) == everything and sync.sync_state(again).notices == ()


def test_new_keys_on_two_laptops_at_once_shut_both_out_until_it_is_lifted(laptops: Laptops, tmp_path: Path) -> None:
    """Each cut its own old number off, and neither had heard of the other: nobody can tell the owner from a thief, so
    both wait. Everybody is told, and the administrators let one count."""
    office, ana, ben, home = laptops
    before = set(office.files())
    passphrase.somebody_knows(ana, old=PASSPHRASE, new=NEW)
    ana = opening.unlock(ana.folder, NEW, parts=office.parts)
    held_back = {path: path.read_bytes() for path in set(office.files()) - before}
    for path in held_back:
        path.unlink()
    passphrase.somebody_knows(home, old=OWN, new=NEW_AT_HOME)
    home = opening.unlock(home.folder, NEW_AT_HOME, parts=office.parts)
    note(home, "written before it was known")
    for path, data in held_back.items():
        path.write_bytes(data)
    meet(ana, home, ben)
    for laptop in (ana, home):
        assert own_standing(laptop).how is How.SHUT_OUT, laptop.folder.name
        assert own_standing(laptop).sentence in sync.sync_state(laptop).notices
    assert any("Nothing that Ana Reyes writes counts now" in text for text in sync.sync_state(ben).notices)
    assert notes(ben) == set()
    rows = {row.device: row for row in leaving.colleague(ben, ana.user).laptops}
    assert rows[home.device].may_count_again and rows[ana.device].may_count_again
    done = admins.propose_lifting(ben, device=home.device, reason="She has the laptop at home in her hands.")
    assert not done.decided
    meet(ben, home, ana)
    (proposal,) = admins.administrators(home).proposals
    assert "is not suspended any more." in proposal.further[0] and proposal.why.startswith("She has the laptop")
    admins.agree_to_administrators(home, proposal=proposal.id)
    meet(home, ben, ana)
    for laptop in (ben, home):
        assert roster_of(laptop).withheld_from(home.device) is None
        assert own_standing(laptop).how is How.IN
    assert roster_of(ben).withheld_from(ana.device) is not None
    note(home, "written since")
    meet(home, ben)
    assert notes(ben) == notes(home) == {"written before it was known", "written since"}
    assert admins.administrators(ben).decided[0].why == "She has the laptop at home in her hands."


# ---------------------------------------------------------------- who administers


def wanted(workspace: Workspace, *, added: str) -> str:
    return next(row.id for row in admins.administrators(workspace).proposals if row.added == (added,))


def test_two_proposals_at_once_become_one_as_soon_as_one_gives_way(laptops: Laptops) -> None:
    """Ana wants Cat, Ben wants Dan. Both are asked; Ben gives way, by one press. Nobody presses twice."""
    office, ana, ben, _ = laptops
    cat = office.join(ana, "Cat Doe", "cd", role="administrator")
    dan = office.join(ana, "Dan Foe", "df", role="administrator")
    meet(ana, ben, cat, dan)
    admins.propose_administrators(ana, add=frozenset({cat.user}), reason="She was chosen in May.")
    admins.propose_administrators(ben, add=frozenset({dan.user}))
    for new in (cat, dan):
        meet(ana, ben, new, times=1)
        admins.agree_to_administrators(new, proposal=wanted(new, added=roster_name(new)))
    meet(cat, dan, ana, ben, times=2)
    for laptop in (ana, ben):
        assert len(admins.administrators(laptop).rows) == 2, "neither holds by itself"
        assert {row.agreed for row in admins.administrators(laptop).proposals} == {
            ("Ana Reyes", "Cat Doe"), ("Ben Okafor", "Dan Foe"),
        }  # fmt: skip
    done = admins.agree_to_administrators(ben, proposal=wanted(ben, added="Cat Doe"))
    assert not done.decided
    meet(ben, ana, ben, cat, dan)
    for laptop in (ana, ben, cat, dan):
        assert [row.name for row in admins.administrators(laptop).rows] == ["Ana Reyes", "Ben Okafor", "Cat Doe"]
    (newest, *_) = admins.administrators(dan).decided
    assert newest.what == ("Cat Doe administers too.",) and newest.why == "She was chosen in May."
    assert not [text for text in sync.sync_state(ben).notices if "something else" in text], "Ben gave way himself"


def roster_name(workspace: Workspace) -> str:
    return next(m.name for m in workspace.store.select(Member) if m.user == workspace.user)


def test_who_renewed_their_keys_can_become_an_administrator(laptops: Laptops) -> None:
    office, ana, ben, _ = laptops
    eve = office.join(ben, "Eve Moss", "em", role="administrator")
    eve = renewed(office, eve)
    meet(eve, ana, ben)
    admins.propose_administrators(ana, add=frozenset({eve.user}))
    meet(ana, ben, eve)
    for laptop in (ben, eve):
        admins.agree_to_administrators(laptop, proposal=wanted(laptop, added="Eve Moss"))
    meet(eve, ben, ana, eve)
    for laptop in (ana, ben, eve):
        assert "Eve Moss" in [row.name for row in admins.administrators(laptop).rows]


def test_refused_and_proposed_again_it_is_decided(laptops: Laptops) -> None:
    """Ben refuses, changes his mind and agrees after all; Ana had voted for it in a round that was given up."""
    office, ana, ben, _ = laptops
    cat = office.join(ana, "Cat Doe", "cd", role="administrator")
    admins.propose_administrators(ana, add=frozenset({cat.user}))
    meet(ana, cat, ben)
    admins.agree_to_administrators(cat, proposal=wanted(cat, added="Cat Doe"))
    meet(cat, ana, ben)
    admins.refuse_administrators(ben)
    meet(ben, ana)
    assert len(admins.administrators(ana).rows) == 2
    admins.agree_to_administrators(ben, proposal=wanted(ben, added="Cat Doe"))
    meet(ben, ana)
    admins.agree_to_administrators(ana, proposal=wanted(ana, added="Cat Doe"))
    meet(ana, ben, cat)
    for laptop in (ana, ben, cat):
        assert "Cat Doe" in [row.name for row in admins.administrators(laptop).rows]
