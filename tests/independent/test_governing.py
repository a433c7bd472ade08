"""PROTOCOL 5, 5a and 12 are enough: roles that change, votes about who administers, a suspension lifted, a capsule."""

from __future__ import annotations

from pathlib import Path

from shamir_mnemonic import combine_mnemonics, wordlist

from core.domain.case import Case, Note
from core.services import administrators as admins
from core.services import leaving, opening, streams, sync
from core.services.workspace import Workspace
from tests.independent.reader import Folder
from tests.independent.recovery import capsules, read_sheet
from tests.support import sheets
from tests.support.laptops import Office
from tests.support.oracle import keys_of, read_by, shown_by


def meet(*laptops: Workspace, times: int = 2) -> None:
    for _ in range(times):
        for workspace in laptops:
            sync.sync_now(workspace)


def note(workspace: Workspace, words: str) -> None:
    case = workspace.store.select(Case)[0]
    with workspace.store.unit("test") as (unit, _):
        unit.create(Note, case.stream, case=case.id, body=words)


def test_the_second_reader_agrees_about_roles_votes_what_is_lifted_and_a_capsule(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana = office.found()
    ben = office.join(ana, "Ben Okafor", "bo", role="administrator")
    dev = office.join(ana, "Dev Patel", "dp", role="administrator")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user, dev.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="as it was")
    admins.propose_administrators(ana, add=frozenset({ben.user}), reason="Two see more than one.")
    meet(ana, ben, dev)
    admins.agree_to_administrators(ben, proposal=admins.administrators(ben).proposals[0].id)
    meet(ben, ana, dev)
    leaving.change_role(ana, user=dev.user, role="committee")
    meet(ana, ben, dev)
    note(dev, "Dev still writes in the case")
    meet(dev, ana, ben)
    leaving.suspend_laptop(ana, device=dev.device, reason="Left on a train.")
    note(dev, "written too late")
    meet(ana, ben, times=1)
    sync.sync_now(dev)
    meet(ana, ben)
    readings = {"suspended": agree(office, ana, ben)}
    admins.propose_lifting(ben, device=dev.device, reason="Found at the depot.")
    meet(ben, ana)
    admins.agree_to_administrators(ana, proposal=admins.administrators(ana).proposals[0].id)
    _, words = sheets.begin(ana)
    meet(ana, ben, dev)
    readings["lifted"] = agree(office, ana, ben)
    for said, (roots, lifted, bodies) in readings.items():
        assert (roots, lifted) == ((2, 0) if said == "suspended" else (3, 1))
        assert ("written too late" in bodies) == (said == "lifted")
    folder = Folder(office.folder, keys_of(ana))
    assert folder.roots[1][6] == "Two see more than one." and folder.roots[2][6] == "Found at the depot."
    assert folder._role(dev.user, dict.fromkeys(folder.laptops, 10**6)) == "committee"

    seed = combine_mnemonics([words[0], words[2]])
    (*_, newest) = capsules(office.folder, read_sheet(words[3], wordlist.WORDLIST), seed)
    assert (newest[1], newest[3], newest[8]) == (ana.keys.organisation, ana.organisation_stream, 1)
    assert {tuple(item) for item in newest[4]} <= {tuple(item) for item in keys_of(ana).envelope}
    assert {item[2] for item in newest[7]} <= {key for _, _, key in keys_of(ana).streams.values()}
    for laptop in (ana, ben, dev):
        opening.lock(laptop)


def agree(office: Office, *laptops: Workspace) -> tuple[int, int, set[object]]:
    """The second reader says the same as every laptop: versions of the root, what is lifted, what the notes say."""
    for laptop in laptops:
        folder = Folder(office.folder, keys_of(laptop))
        assert (folder.problems, folder.refused) == ([], [])
        assert read_by(folder) == shown_by(laptop)
    bodies = {item.body for item in laptops[0].store.select(Note)}
    return len(folder.roots), len(folder.lifted), bodies
