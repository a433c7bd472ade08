"""Somebody who is kept out is let in only when two administrators and the lead signed exactly that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.crypto.signing import SigningKey
from core.domain.case import Case
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import RecordId
from core.services import access, audit, cases, overrides, readers, sync
from core.services.access import begin_epoch
from core.services.roster import epochs_in, epochs_of, headers_of, roster_in
from core.services.streams import memberships
from core.services.workspace import Workspace
from core.sync.engine import epochs, override
from core.sync.engine.override import Override
from tests.support.laptops import Office, Template, records_of

Four = tuple[Workspace, Workspace, Workspace, Workspace]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl")
    dev = office.join(ana, "Dev Patel", "dp", role="administrator")
    for laptop in (ana, ben, cat, dev, ana, ben, cat, dev):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat, "Dev Patel": dev})


@pytest.fixture
def four(template: Template, tmp_path: Path) -> Four:
    _, laptops = template.copy(tmp_path)
    ana, ben, cat, dev = laptops.values()
    return ana, ben, cat, dev


def a_case(workspace: Workspace, **more: object) -> RecordId:
    form = cases.ReportForm(
        words="Shouting on the stairs", danger_now=False, safe_ways=frozenset({"call"}), readers=frozenset(),
        received_at=workspace.parts.clock.now() - timedelta(hours=1), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return cases.log_report(workspace, form=form).case


def exchange(*laptops: Workspace) -> None:
    for laptop in laptops:
        assert sync.sync_now(laptop).refused == 0


@pytest.mark.parametrize("from_the_start", [True, False])
def test_two_administrators_and_the_lead_let_somebody_in_and_they_read_everything(
    four: Four, from_the_start: bool
) -> None:
    ana, ben, cat, dev = four  # Ben leads; Ana and Dev are administrators and do not read the case
    case = a_case(ben, conflicted=frozenset({cat.user})) if from_the_start else a_case(ben)
    if not from_the_start:
        exchange(ben, cat)
        readers.wall_off(ben, case=case, user=cat.user, reason="a cousin")
    exchange(ben, ana, cat, dev)
    with pytest.raises(NotAllowed):
        readers.let_in(ben, case=case, user=cat.user, reason="x")
    request = overrides.ask_override(ben, case=case, user=cat.user, reason="speaks the only shared language")
    shown = overrides.read_request(ana, text=request.text)
    assert (shown.name, shown.reason) == ("Cat Lim", "speaks the only shared language")
    answers = [overrides.sign_request(signer, text=request.text) for signer in (ana, dev)]
    for too_few in ([], answers[:1], [answers[0], answers[0]]):
        with pytest.raises(FormIncomplete):
            overrides.let_in_anyway(ben, case=case, text=request.text, answers=too_few)
    overrides.let_in_anyway(ben, case=case, text=request.text, answers=answers)
    exchange(ben, ana, cat, dev, cat)
    assert [row.name for row in access.readers_of(cat, case)] == ["Ben Okafor", "Cat Lim"]
    private = {"audit_entry": []}
    assert records_of(cat) | private == records_of(ben) | private
    assert access.kept_out_of(ben, case) == ()
    assert ("Ben Okafor", "override") in {(row.who, row.deed) for row in audit.entries_about(ben, case=case)}
    assert "override" in {row.deed for row in audit.entries_here(ana)}
    # The same signatures do not take down a wall that is put up later.
    readers.wall_off(ben, case=case, user=cat.user, reason="it went wrong")
    exchange(ben, cat)
    assert cat.store.count(Case) == 0
    with pytest.raises(FormIncomplete):
        overrides.let_in_anyway(ben, case=case, text=request.text, answers=answers)


def test_only_administrators_sign_and_only_the_lead_asks(four: Four) -> None:
    ana, ben, cat, dev = four
    case = a_case(ben, conflicted=frozenset({cat.user, dev.user}))
    exchange(ben, ana, cat, dev)
    request = overrides.ask_override(ben, case=case, user=dev.user, reason="needed")
    for signer in (ben, cat, dev):  # neither officers nor the person themselves
        with pytest.raises(NotAllowed):
            overrides.sign_request(signer, text=request.text)
    with pytest.raises(NotAllowed):
        overrides.ask_override(ben, case=case, user=ana.user, reason="not kept out")
    with pytest.raises(FormIncomplete):
        overrides.read_request(ana, text=request.text[:-3])
    assert overrides.read_request(ana, text="\n ".join((request.text[:20], request.text[20:]))).name == "Dev Patel"


def smuggle(lead: Workspace, case: RecordId, told: Override | None, user: Workspace) -> None:
    """The lead's changed program takes the wall down with whatever override it likes."""
    stream = lead.store.get(Case, case).stream
    with lead.store.unit("smuggle") as (unit, _):
        known = epochs_in(unit, stream)
        members = epochs.effective_members(headers_of(known))
        (added,) = memberships(roster_in(unit, lead), {user.user}, lead=lead.user)
        if told is not None:
            unit.put_op(stream, override.op_of(stream, told))
        begin_epoch(unit, lead, known, [*members.values(), added], "x", lifted=frozenset({user.user}))


@pytest.mark.parametrize("how", ["none", "one", "twice the same", "another reason", "another wall", "an officer"])
def test_a_lead_alone_lets_nobody_in_whatever_their_program_does(four: Four, how: str) -> None:
    ana, ben, cat, dev = four
    case = a_case(ben, conflicted=frozenset({cat.user}))
    exchange(ben, ana, cat, dev)
    access.add_reader(ben, case, ana.user, "reads along")
    exchange(ben, ana, cat)
    stream = ben.store.get(Case, case).stream
    headers = headers_of(epochs_of(ben, stream))
    walls = tuple(override.walls_against(cat.user, epochs.leaves(headers), headers))
    asked = Override(cat.user, "needed", walls)

    def signed_by(*signers: Workspace, what: Override = asked) -> Override:
        message = what.statement(ben.keys.organisation, stream)
        return replace(asked, signatures=tuple(
            (one.user, SigningKey.from_seed(one.keys.user_sign_seed).sign(override.PURPOSE, message)) for one in signers
        ))  # fmt: skip

    told = {
        "none": None, "one": signed_by(ana), "twice the same": signed_by(ana, ana),
        "another reason": signed_by(ana, dev, what=replace(asked, reason="other")),
        "another wall": replace(signed_by(ana, dev), walls=(b"w" * 32,)), "an officer": signed_by(ana, ben),
    }[how]  # fmt: skip
    smuggle(ben, case, told, cat)
    sync.sync_now(ben)
    assert sync.sync_now(ana).refused == 1, "the honest reader refuses it"
    before = sync.sync_state(cat).notices
    assert sync.sync_now(cat).notices == before, "nor is the person told that there is a wall"
    assert cat.store.count(Case) == 0
