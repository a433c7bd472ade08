"""`imani letters area`: one general warning to every home of some streets or blocks, or of a list.

Given again on the same day, it goes on with the run that is there: no household is planned twice, and a file that is
missing or was changed is made again.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from core.cli.commands import opened, told
from core.cli.console import Output
from core.cli.declaring import declared_case
from core.domain.letters import LetterRun
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import RecordId
from core.letters import formats
from core.letters.render import font_pack
from core.letters.render.braille_pages import BrailleSheet
from core.policy.words import say_moment
from core.services import drawn_list, homes, letter_approval, letters
from core.services.people_here import PersonHere
from core.services.workspace import Workspace


def letters_area(options: argparse.Namespace) -> Output:
    """Plan, then make; or go on with the run of today."""
    with opened(options) as workspace:
        case = declared_case(workspace, options.case)
        plan = letters.plan_area_letters(workspace, form=_form(workspace, options, case))
        lines = letters.plan_in_words(plan)
        if options.dry_run:
            lines += [f"To be told first: {_person(one)}." for one in plan.people]
            return Output(lines, {"dry_run": True, "letters": plan.to_make})
        run = None if options.anew else _run_of_today(workspace, plan)
        if run is None:
            plan = _all_told(workspace, plan, told=options.told)
            _refuse_letters_there(options)
            letters.ready_folder(workspace, folder=options.into)
            run_id = letters.start_area_letters(workspace, plan=plan).run
        else:
            now = workspace.parts.clock.now()
            planned = say_moment(run.planned_at or now, now=now, zone=workspace.pack.zone)
            lines = [
                f"These letters were planned {planned}. What is missing is made; what is whole is left as it is.",
                "For letters from a new start, give --anew.",
            ]
            run_id = run.id
        if letters.run_state(workspace, run=run_id).run.state == "waiting":
            lines += [f"Planned. A colleague who reads the case agrees with: imani letters agree --case {options.case}"]
            return Output(lines, {"waiting": True, "letters": plan.to_make})
        made = letters.make_area_letters(workspace, run=run_id, folder=options.into, progress=told())
    others = f" ({made.others} of them in files of their own)" if made.others else ""
    lines += [f"{made.made} letters ready{others}, {made.refused} could not be made."]
    lines += [f"  {address}: {why}" for address, why in made.refusals]
    lines += [str(path) for path in made.files]
    return Output(
        lines,
        {
            "made": made.made, "others": made.others, "refused": made.refused, "left_out": made.left_out,
            "outsourced": made.outsourced,
            "pages": made.pages, "files": [str(path) for path in made.files],
            "refusals": [{"address": address, "why": why} for address, why in made.refusals],
        },
    )  # fmt: skip


def letters_agree(options: argparse.Namespace) -> Output:
    """Agree, as a second person, to whatever letters of a case wait."""
    with opened(options) as workspace:
        case = declared_case(workspace, options.case)
        waiting = [state for state in letters.list_runs(workspace, case=case) if state.run.state == "waiting"]
        if not waiting:
            raise NotFound(what="letters that wait for a second person")
        lines = []
        for state in waiting:
            lines += [f"{state.run.area}: {len(state.letters)} homes.", *(f"  {hit}" for hit in sorted(state.run.hits))]
            letter_approval.approve_area_letters(workspace, run=state.run.id, reason=options.reason)
    return Output([*lines, "Agreed."], {"agreed": len(waiting)})


def letters_typeface(options: argparse.Namespace) -> Output:
    """Bring the Chinese typeface to this computer. Without a place, say whether it is here."""
    taken = font_pack.bring_pack(options.place) if options.place is not None else ()
    lines = [f"Taken: {name}" for name in taken]
    return Output([*lines, formats.chinese_here()], {"here": formats.is_chinese_here(), "taken": list(taken)})


def _form(workspace: Workspace, options: argparse.Namespace, case: RecordId) -> letters.AreaLettersForm:
    """Every street and block must be one of ours: a misspelt one left out in silence would leave its homes unwarned.

    Raises:
        FormIncomplete: a street, a block or a row of the list is none of ours; rows are left out only when asked.
    """
    found = drawn_list.DrawnList()
    if options.list is not None:
        found = drawn_list.draw_from_file(workspace, path=options.list, progress=told())
        if options.without_unmatched:
            found = found.with_left({row.line for row in found.to_settle})
        drawn_list.refuse_open_rows(found)
    return letters.AreaLettersForm(
        case=case, reason=options.reason, homes=found.homes, rows_left=found.left, by_name=options.by_name,
        braille=BrailleSheet(
            options.braille_cells, options.braille_lines, contracted=not options.braille_uncontracted
        ),
        streets=frozenset(homes.find_area(workspace, name=name, is_block=False).name for name in options.street),
        blocks=frozenset(homes.find_area(workspace, name=name, is_block=True).name for name in options.block),
    )  # fmt: skip


def _run_of_today(workspace: Workspace, plan: letters.AreaPlan) -> LetterRun | None:
    """A run of this case for the very same area that was stopped, or made today."""
    today = workspace.parts.clock.now().astimezone(workspace.pack.zone).date()
    return next(
        (
            state.run
            for state in letters.list_runs(workspace, case=plan.form.case)
            if state.run.area == plan.area and _same_homes(state, plan)
            and (state.run.state in ("making", "waiting") or state.run.letter_date == today)
        ),
        None,
    )


def _same_homes(state: letters.RunState, plan: letters.AreaPlan) -> bool:
    """Two lists may have as many homes and be two lists."""
    if not plan.form.homes:
        return True
    return {letter.home for letter in state.letters} == {one.addressee.home for one in plan.letters}


def _all_told(workspace: Workspace, plan: letters.AreaPlan, *, told: bool) -> letters.AreaPlan:
    """
    Raises:
        FormIncomplete: somebody of the case lives there, asked for no letters, and nobody says they know.
    """
    if told:
        form = replace(plan.form, told=frozenset(one.home for one in plan.people))
        return letters.plan_area_letters(workspace, form=form)
    first = [one for one in plan.people if one.no_letters]
    if first:
        people = "; ".join(_person(one) for one in first)
        said = f"Somebody in this case lives there and has not agreed to letters: {people}."
        raise FormIncomplete(problems={"told": f"{said} Tell them it is coming, then give the command with --told."})
    return plan


def _person(one: PersonHere) -> str:
    return f"{one.address} ({one.part})"


def _refuse_letters_there(options: argparse.Namespace) -> None:
    """
    Raises:
        FormIncomplete: the folder holds letters of another run, which would be written over.
    """
    if options.into.is_dir() and any(options.into.glob("letters-*.pdf")):
        raise FormIncomplete(
            problems={"into": f"There are letters of another run in {options.into}. Choose an empty folder."}
        )
