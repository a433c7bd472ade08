"""Letters to one person of a case: what they say, what stops them, and what is kept of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.case import Case, Incident, Party, SafeContact
from core.domain.estate import Home, Household, Resident
from core.domain.letters import CaseLetter, LetterTemplate
from core.foundation.errors import FolderNotWritable, FormIncomplete, NotAgreedYet, NotFound, TemplateInvalid
from core.foundation.ids import RecordId
from core.letters.render.plain import plain_text
from core.services import case_letters as letters
from core.services.case_letters import CaseLetterForm
from core.services.cases import open_case
from core.services.closing import ProposalForm, TalkForm, discuss_closing, propose_closing
from core.services.letter_matters import MATTERS
from core.services.letters import AreaLettersForm, make_area_letters, plan_area_letters, start_area_letters
from core.services.organisation import update_organisation
from core.services.template_book import (
    approve_template,
    shipped,
    template_in_use,
    templates_in_use,
    withdraw_template,
    write_template,
)
from core.services.workspace import Workspace
from tests.support.letter_pages import page_texts
from tests.support.workspaces import a_workspace, logged, with_letterhead

WARNING = {
    "period": "the spring of this year", "behaviour": "insults shouted on the stairs\nrubbish left at a door",
    "reply_by": "2026-03-16",
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield with_letterhead(opened)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    """Meera Quill, harmed, of Flat 6, and Dan Crow, complained about, of Flat 9, one house."""
    found = logged(workspace).case
    stream = workspace.store.get(Case, found).stream
    with workspace.store.unit("test") as (unit, _):
        homes = [
            unit.create(
                Home, workspace.organisation_stream, key=f"{flat}", flat=flat, building="Heron House", number="14",
                street="Marsh Lane", town="Testford", postcode="ZZ1 1AA",
            )
            for flat in ("6", "9")
        ]  # fmt: skip
        unit.create(Party, stream, case=found, name="Dan Crow", roles={"alleged-perpetrator"}, home=homes[1])
        meera = workspace.store.select(Party)[0]
        unit.update(Party, meera.id, home=homes[0], roles={"harmed", "reporter"})
    return found


def of(workspace: Workspace, name: str) -> RecordId:
    return next(party.id for party in workspace.store.select(Party) if party.name == name)


def a_form(workspace: Workspace, case: RecordId, **changes: object) -> CaseLetterForm:
    values: dict[str, object] = {
        "case": case, "template": "warning-first", "party": of(workspace, "Dan Crow"), "values": WARNING
    }
    return CaseLetterForm(**{**values, **changes})  # type: ignore[arg-type]


def written(workspace: Workspace, form: CaseLetterForm) -> RecordId:
    return letters.write_case_letter(workspace, plan=letters.plan_case_letter(workspace, form=form)).record


def as_somebody_else(workspace: Workspace, letter: RecordId) -> None:
    """The letter was written by another reader of the case."""
    with workspace.store.unit("test") as (unit, _):
        unit.update(CaseLetter, letter, written_by=bytes(16))


def test_a_first_warning_is_addressed_from_the_case_and_waits_for_a_second_person(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    plan = letters.plan_case_letter(workspace, form=a_form(workspace, case))
    assert plan.letter.address_lines[:2] == ("Dan Crow", "Flat 9 Heron House")
    assert plan.letter.blocks[0].plain == "Dear Dan Crow,"
    assert plan.blocking == ()
    assert plan.needs_second
    assert "16 March 2026" in " ".join(page_texts(letters.preview_case_letter(workspace, plan=plan)))
    letter = letters.write_case_letter(workspace, plan=plan).record
    with pytest.raises(NotAgreedYet):
        letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    with pytest.raises(FormIncomplete) as refused:
        letters.approve_case_letter(workspace, letter=letter)
    assert "did not write it" in refused.value.problems["letter"]
    assert not (tmp_path / "out").exists()


def test_what_was_sent_is_kept_and_made_again_as_it_was(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    letter = written(workspace, a_form(workspace, case))
    as_somebody_else(workspace, letter)
    letters.approve_case_letter(workspace, letter=letter)
    made = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    (path,) = made.files
    data = path.read_bytes()
    kept = workspace.store.get(CaseLetter, letter)
    assert path.name == f"letter-{kept.reference}.pdf"
    assert kept.reference in " ".join(page_texts(data))
    assert (kept.state, kept.pages, kept.file_sha256) == ("made", made.pages, hashlib.sha256(data).digest())
    path.unlink()
    update_organisation(workspace, phone="0303 999 0199")
    again = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    assert again.files[0].read_bytes() == data
    titles = [one.title for one in open_case(workspace, case=case).timeline]
    assert "Letter written: First warning, to Dan Crow" in titles
    assert "Letter agreed to: First warning" in titles


@pytest.mark.parametrize(
    "slip", ["Meera told us", "the tenant of flat 6", "Ms Quill's door", "shouted at Meeras window", "14 Marsh Lane"]
)
def test_words_that_give_somebody_away_stop_a_warning(workspace: Workspace, case: RecordId, slip: str) -> None:
    form = a_form(workspace, case, values={**WARNING, "note": f"It began when {slip}."})
    plan = letters.plan_case_letter(workspace, form=form)
    assert plan.blocking
    assert "It began when" in plan.blocking[0].sentence


def test_only_a_second_person_lets_it_out_with_a_reason_that_is_kept(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    letter = written(workspace, a_form(workspace, case, values={**WARNING, "note": "Meera said so."}))
    as_somebody_else(workspace, letter)
    with pytest.raises(FormIncomplete) as refused:
        letters.approve_case_letter(workspace, letter=letter)
    assert "Say why it goes out all the same" in refused.value.problems["reason"]
    letters.approve_case_letter(workspace, letter=letter, reason="She asked us to say her name.")
    kept = workspace.store.get(CaseLetter, letter)
    assert (kept.state, kept.override_reason) == ("ready", "She asked us to say her name.")
    assert any("Meera" in hit and "Meera said so." in hit for hit in kept.hits)
    letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")


def test_nobody_is_called_a_perpetrator_in_what_is_typed(workspace: Workspace, case: RecordId) -> None:
    form = a_form(workspace, case, values={**WARNING, "note": "You are the perpetrator."})
    with pytest.raises(FormIncomplete) as refused:
        letters.plan_case_letter(workspace, form=form)
    assert refused.value.problems["note"].startswith("Nobody is called a perpetrator")


def test_what_is_left_open_is_named_by_field(workspace: Workspace, case: RecordId) -> None:
    with pytest.raises(FormIncomplete) as refused:
        letters.plan_case_letter(workspace, form=a_form(workspace, case, values={"period": "spring"}))
    assert set(refused.value.problems) == {"behaviour", "reply_by"}


def closed_letter(workspace: Workspace, case: RecordId) -> RecordId:
    proposal = ProposalForm(case=case, reason="Nothing more has happened.", outcome="stopped")
    closure = propose_closing(workspace, form=proposal).record
    discuss_closing(workspace, form=TalkForm(closure=closure, way="call", appeal_explained=True))
    form = a_form(workspace, case, template="closure", party=of(workspace, "Meera Quill"), values={})
    known = letters.suggest_letter(workspace, case=case, template="closure", party=form.party)
    assert known.values["closing_reasons"] == "Nothing more has happened."
    assert known.values["appeal_by"] == "2026-03-16"
    return written(workspace, a_form(workspace, case, template="closure", party=form.party, values=known.values))


def test_a_closing_letter_is_filled_from_the_case_and_delivered_only_safely(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    letter = closed_letter(workspace, case)
    with pytest.raises(FormIncomplete) as early:
        letters.deliver_case_letter(workspace, letter=letter, outcome_code="posted", way="post")
    assert early.value.problems["outcome_code"] == "This letter has not been made."
    letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    with pytest.raises(FormIncomplete) as refused:
        letters.deliver_case_letter(workspace, letter=letter, outcome_code="posted", way="post")
    assert refused.value.problems["unsafe_reason"].startswith("Nobody has asked whether this way is safe")
    letters.deliver_case_letter(workspace, letter=letter, outcome_code="delivered", way="in-person")
    kept = workspace.store.get(CaseLetter, letter)
    assert (kept.delivery, kept.delivery_way) == ("delivered", "in-person")
    with pytest.raises(FormIncomplete):
        letters.cancel_case_letter(workspace, letter=letter, why="Too late")


def test_no_letters_home_means_none_without_a_reason(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    with workspace.store.unit("test") as (unit, _):
        for rule in workspace.store.select(SafeContact):
            unit.update(SafeContact, rule.id, unsafe_ways={"letter"}, safe_ways={"call", "email"})
    form = a_form(workspace, case, template="rights-sheet", party=of(workspace, "Meera Quill"), values={})
    plan = letters.plan_case_letter(workspace, form=form)
    assert any("asked never to be reached this way" in caution for caution in plan.cautions)
    letter = letters.write_case_letter(workspace, plan=plan).record
    letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    with pytest.raises(FormIncomplete):
        letters.deliver_case_letter(workspace, letter=letter, outcome_code="posted", way="door")
    letters.deliver_case_letter(workspace, letter=letter, outcome_code="delivered", way="email")


def test_the_rights_are_those_of_where_the_person_lives(workspace: Workspace, case: RecordId) -> None:
    meera = of(workspace, "Meera Quill")

    def rights(values: dict[str, str] | None = None) -> str:
        known = letters.suggest_letter(workspace, case=case, template="rights-sheet", party=meera)
        assert known.asked[0] == "in_wales"
        form = a_form(workspace, case, template="rights-sheet", party=meera, values=values or known.values)
        return plain_text(letters.plan_case_letter(workspace, form=form).letter)

    there = rights()
    assert "0300 111 3000" in there and "0808 2000 247" in there and "Wales" not in there
    home = workspace.store.get(Party, meera).home
    assert home is not None
    with workspace.store.unit("test") as (unit, _):
        unit.update(Home, home, postcode="CF10 1AA")
    welsh = rights()
    assert "0300 790 0203" in welsh and "Live Fear Free" in welsh and "0300 111 3000" not in welsh
    assert rights({"in_wales": ""}) == there, "the officer knows better"


def test_a_cancelled_letter_is_not_made(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    letter = closed_letter(workspace, case)
    letters.cancel_case_letter(workspace, letter=letter, why="She moved.")
    with pytest.raises(FormIncomplete):
        letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")


def test_every_document_can_be_planned_with_what_it_asks_for(workspace: Workspace, case: RecordId) -> None:
    for name in sorted({row.template.identity.template_id for row in letters.documents_for(workspace)} - set(MATTERS)):
        known = letters.suggest_letter(workspace, case=case, template=name, party=of(workspace, "Dan Crow"))
        filled = {asked: known.values.get(asked) or "2026-03-16" for asked in known.asked}
        form = CaseLetterForm(
            case=case, template=name, addressee="The Team", address="1 High Street\nTestford\nZZ1 1AB", values=filled
        )
        assert letters.preview_case_letter(workspace, plan=letters.plan_case_letter(workspace, form=form))


@pytest.mark.parametrize("name", ["Meera Quill", "meera-quill", "letters_to_Dan_Crow", "Flat6 warning", "QuillLetters"])
def test_a_folder_that_says_who_it_is_about_is_refused(
    workspace: Workspace, case: RecordId, tmp_path: Path, name: str
) -> None:
    letter = closed_letter(workspace, case)
    with pytest.raises(FolderNotWritable) as refused:
        letters.make_case_letter(workspace, letter=letter, folder=tmp_path / name)
    assert "its name says" in str(refused.value.fields["reason"])
    assert not (tmp_path / name).exists()
    assert letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "Letters 2026-11").files


def test_who_lives_with_somebody_in_the_case_and_where_it_happened_are_guarded(
    workspace: Workspace, case: RecordId
) -> None:
    home = workspace.store.get(Party, of(workspace, "Meera Quill")).home
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        household = unit.create(Household, workspace.organisation_stream, home=home)
        unit.create(Resident, workspace.organisation_stream, household=household, full_name="Tobias Wren")
        unit.create(Incident, stream, case=case, place="Outside 22 Amber Road")
    for slip in ("Tobias saw it.", "It was at 22 Amber Rd."):
        form = a_form(workspace, case, values={**WARNING, "note": slip})
        assert letters.plan_case_letter(workspace, form=form).blocking, slip


# ------------------------------------------------------------------ formats


def in_format(workspace: Workspace, case: RecordId, code: str) -> RecordId:
    form = a_form(
        workspace, case, template="rights-sheet", party=of(workspace, "Meera Quill"), values={}, letter_format=code
    )
    return written(workspace, form)


def test_braille_is_made_as_two_files_and_stays_a_draft_until_somebody_has_read_it(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    letter = in_format(workspace, case, "braille")
    made = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    assert [path.suffix for path in made.files] == [".brf", ".pef"]
    assert workspace.store.get(CaseLetter, letter).proof == "draft"
    letters.prove_case_letter(workspace, letter=letter, by="R. Noble")
    kept = workspace.store.get(CaseLetter, letter)
    assert (kept.proof, kept.proofed_by) == ("proofed", "R. Noble")


def test_plain_text_is_for_a_screen_reader(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    letter = in_format(workspace, case, "plain-text")
    (path,) = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out").files
    assert "Your rights, and what you can expect from us" in path.read_text(encoding="utf-8")


def test_what_cannot_be_made_here_is_for_somebody_else(workspace: Workspace, case: RecordId, tmp_path: Path) -> None:
    letter = in_format(workspace, case, "easy-read")
    made = letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    assert made.files == ()
    assert not (tmp_path / "out").exists()
    letters.outsource_case_letter(workspace, letter=letter, to="Plain Words Ltd")
    kept = workspace.store.get(CaseLetter, letter)
    assert (kept.state, kept.outsourced_to) == ("outsourced", "Plain Words Ltd")
    letters.deliver_case_letter(workspace, letter=letter, outcome_code="delivered", way="in-person")


# ------------------------------------------------------------------ templates


def own_text(version: int, language: str = "en-GB", more: str = "") -> str:
    return (
        f"---\nid: appointment\nversion: {version}\nlanguage: {language}\n{more}title: A time to meet\n"
        "audience: harmed\nclosing: Yours\n---\nDear [[salutation]],\n\nCome on [[appointment_date]].\n"
    )


def test_the_organisations_own_text_is_used_once_somebody_else_agreed(workspace: Workspace) -> None:
    record = write_template(workspace, text=own_text(2)).record
    with pytest.raises(FormIncomplete) as refused:
        approve_template(workspace, record=record)
    assert refused.value.problems["record"].startswith("Somebody other than")
    assert template_in_use(workspace, template="appointment").title == "Your appointment with us"
    with workspace.store.unit("test") as (unit, _):
        unit.update(LetterTemplate, record, written_by=bytes(16))
    approve_template(workspace, record=record)
    assert template_in_use(workspace, template="appointment").title == "A time to meet"
    withdraw_template(workspace, record=record)
    assert template_in_use(workspace, template="appointment").title == "Your appointment with us"


def test_a_version_that_is_there_is_not_written_over(workspace: Workspace) -> None:
    with pytest.raises(FormIncomplete):
        write_template(workspace, text=own_text(1))
    with pytest.raises(TemplateInvalid, match="line 12"):
        write_template(workspace, text=own_text(2) + "[[nothing]]")


def test_an_area_gets_the_organisations_own_words_and_a_run_keeps_those_it_was_planned_with(
    workspace: Workspace, case: RecordId, tmp_path: Path
) -> None:
    def use(version: int, words: str) -> None:
        text = (
            f"---\nid: area-warning\nversion: {version}\nlanguage: en-GB\ntitle: To all homes\naudience: area\n"
            f"closing: Yours\n---\nDear [[salutation]],\n\n{words}\n"
        )
        record = write_template(workspace, text=text).record
        with workspace.store.unit("test") as (unit, _):
            unit.update(LetterTemplate, record, written_by=bytes(16))
        approve_template(workspace, record=record)

    use(7, "We act on harassment.")
    form = AreaLettersForm(case=case, streets=frozenset({"Marsh Lane"}), reason="Twice now")
    plan = plan_area_letters(workspace, form=form)
    assert plan.template.identity.version == 7
    plan = plan_area_letters(workspace, form=replace(form, told=frozenset(one.home for one in plan.people)))
    run = start_area_letters(workspace, plan=plan).run
    use(8, "We take harassment seriously.")
    made = make_area_letters(workspace, run=run, folder=tmp_path / "out")
    assert "We act on harassment." in " ".join(page_texts(made.files[0].read_bytes()))
    assert plan_area_letters(workspace, form=form).template.identity.version == 8


def test_a_translation_goes_stale_when_the_english_changes(workspace: Workspace) -> None:
    with pytest.raises(FormIncomplete):
        write_template(workspace, text=own_text(1, "fr"))
    said = own_text(1, "fr", "translates: 1\n")
    with pytest.raises(FormIncomplete) as refused:
        write_template(workspace, text=said)
    assert "[[appointment_place]]" in refused.value.problems["text"], "where to come was left out"
    whole = said + "At [[appointment_time]], [[appointment_place]]: [[appointment_about]]. [[phone]] [[email]]\n"
    french = write_template(workspace, text=whole).record
    english = write_template(workspace, text=own_text(2)).record
    with workspace.store.unit("test") as (unit, _):
        for record in (french, english):
            unit.update(LetterTemplate, record, written_by=bytes(16))
    approve_template(workspace, record=french)
    assert template_in_use(workspace, template="appointment", language="fr")
    approve_template(workspace, record=english)
    with pytest.raises(NotFound):
        template_in_use(workspace, template="appointment", language="fr")
    stale = [row.template.identity.language for row in templates_in_use(workspace) if row.stale]
    assert "fr" in stale
    assert "ur" in stale  # those that come with the program translate what came with it
    assert len(templates_in_use(workspace)) == len(shipped()) + 1
