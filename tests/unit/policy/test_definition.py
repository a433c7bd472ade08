"""What counts as harassment and how a case is handled (4.1 to 4.5)."""

from __future__ import annotations

import json

import pytest

from core.domain.case import PERCEIVERS, Incident, Judgement, Party, Perception
from core.foundation.errors import FormIncomplete, PolicyPackInvalid
from core.policy.clocks import duties_of_case
from core.policy.definition import (
    acts_by_severity,
    check_judgement,
    classify_at_intake,
    counted_as,
    course_of_conduct,
    handling_now,
    harmed_by,
    intervals_of,
    monitored_strands,
    pattern_of,
    strands_of,
    why_harassment,
    why_judge_again,
)
from core.policy.pack import parse_pack
from tests.support.policy import PACK_FILE, calendar, facts, london, make, pack

OFFICER, COLLEAGUE = b"officer", b"colleague"


def seen_by(who: str, *, is_harassment: bool | None = True, strands: frozenset[str] = frozenset()) -> Perception:
    return make(Perception, who, perceived_by=who, is_harassment=is_harassment, strands=strands)


def judged(handling: str, name: str = "", **fields: object) -> Judgement:
    whole = {"decided_at": "2026-12-01 10:00", "decided_by": OFFICER, "reasons": "Looked into.", **fields}
    return make(Judgement, name, handling=handling, **whole)


# ------------------------------------------------------------------ 4.1


def test_strand_counts_by_perception_whoever_sees_it() -> None:
    both = (seen_by("witness", strands=frozenset({"religion"})), seen_by("harmed", strands=frozenset({"race"})))
    assert [strand.code for strand in strands_of(both, pack())] == ["race", "religion"]


def test_sex_age_and_illness_count_for_the_policy_and_not_for_the_regulator() -> None:
    seen = (seen_by("harmed", strands=frozenset({"gender", "age", "illness"})),)
    assert all(strand.in_policy for strand in strands_of(seen, pack()))
    assert monitored_strands(seen, pack()) == frozenset()


def test_transgender_identity_is_monitored_though_the_policy_does_not_list_it() -> None:
    seen = (seen_by("harmed", strands=frozenset({"transgender-identity"})),)
    assert monitored_strands(seen, pack()) == {"transgender identity"}


@pytest.mark.parametrize("strand", ["none", "other"])
def test_unknown_strand_is_fine(strand: str) -> None:
    assert monitored_strands((seen_by("harmed", strands=frozenset({strand})),), pack()) == frozenset()


# ------------------------------------------------------------------ 4.2


@pytest.mark.parametrize("who", PERCEIVERS)
def test_anybodys_perception_makes_it_harassment(who: str) -> None:
    """An anonymous perceiver and a member of staff included."""
    others = [seen_by(other, is_harassment=False) for other in PERCEIVERS if other != who]
    assert classify_at_intake((*others, seen_by(who)), pack()) == "harassment"


def test_an_officer_who_disagrees_may_not_downgrade_at_intake() -> None:
    seen = (seen_by("witness"), seen_by("officer", is_harassment=False))
    assert classify_at_intake(seen, pack()) == "harassment"
    assert why_harassment(seen) == "Handled as harassment because a witness sees it that way. Policy 4.2."


def test_a_new_case_is_harassment_even_if_nobody_has_said_so() -> None:
    assert classify_at_intake((), pack()) == "harassment"


def test_why_names_everybody_who_sees_it_so() -> None:
    seen = (seen_by("witness"), seen_by("harmed"), seen_by("agency"), seen_by("officer", is_harassment=False))
    assert why_harassment(seen) == (
        "Handled as harassment because the person harmed, a witness and another agency see it that way. Policy 4.2."
    )


# ------------------------------------------------------------------ 4.3


def test_downgrade_needs_reasons_and_a_second_person() -> None:
    with pytest.raises(FormIncomplete) as refused:
        check_judgement(judged("other", reasons="  "), pack())
    assert set(refused.value.problems) == {"reasons", "second_person"}
    check_judgement(judged("other", second_person=COLLEAGUE), pack())


def test_the_second_person_is_somebody_else() -> None:
    with pytest.raises(FormIncomplete) as refused:
        check_judgement(judged("other", second_person=OFFICER), pack())
    assert set(refused.value.problems) == {"second_person"}


def test_upgrade_later_is_allowed_alone_and_without_reasons() -> None:
    check_judgement(judged("harassment", reasons=""), pack())


def test_a_judgement_says_what_and_by_whom() -> None:
    with pytest.raises(FormIncomplete) as refused:
        check_judgement(judged("", decided_by=b""), pack())
    assert set(refused.value.problems) == {"handling", "decided_by"}


def test_latest_judgement_holds_in_any_order() -> None:
    down = judged("other", "down", second_person=COLLEAGUE)
    up = judged("harassment", "up", decided_at="2026-12-02 10:00")
    assert handling_now((), (down,), pack()) == "other"
    assert handling_now((), (down, up), pack()) == handling_now((), (up, down), pack()) == "harassment"


def test_a_downgrade_by_one_person_alone_changes_nothing() -> None:
    assert handling_now((), (judged("other"),), pack()) == "harassment"


def test_downgrade_does_not_erase_the_count_for_the_regulator() -> None:
    seen = (seen_by("harmed", strands=frozenset({"race"})),)
    down = judged("other", second_person=COLLEAGUE)
    assert handling_now(seen, (down,), pack()) == "other"
    assert monitored_strands(seen, pack()) == {"race"}
    assert why_harassment(seen).startswith("Handled as harassment because the person harmed sees it that way")


# ------------------------------------------------------------------ 4.4


def test_one_incident_without_motive_is_enough() -> None:
    single = make(Incident, happened_at="2026-11-27 18:00")
    assert pattern_of((single,)).sentence == "One incident. One is enough. Policy 4.4."
    found = facts(single, opened_at=london("2026-11-27 18:40"))
    kinds = [duty.kind for duty in duties_of_case(found, pack(), calendar(), london("2026-11-27 19:00"))]
    assert kinds == ["first-contact", "review"]
    assert classify_at_intake((seen_by("harmed"),), pack()) == "harassment"


def test_series_says_over_how_long() -> None:
    days = [make(Incident, day, happened_at=f"2026-11-{day} 18:00") for day in ("03", "10", "27")]
    assert pattern_of(days).sentence == "3 incidents over 24 days. Policy 4.4."


def test_series_with_an_unknown_time_says_only_how_many() -> None:
    assert pattern_of((make(Incident, "a", happened_at="2026-11-03 18:00"), make(Incident, "b"))).count == 2
    assert "over" not in pattern_of((make(Incident, "a"), make(Incident, "b"))).sentence


def test_no_incident_yet_is_no_fault() -> None:
    assert pattern_of(()).count == 0


# ------------------------------------------------------------------ 4.5


def test_one_event_may_be_graffiti_threat_and_damage_and_the_gravest_comes_first() -> None:
    event = make(Incident, acts=frozenset({"graffiti", "damage", "violence"}))
    assert acts_by_severity((event,), pack()) == ("violence", "damage", "graffiti")


def test_acts_of_all_incidents_together() -> None:
    events = (make(Incident, "a", acts=frozenset({"disturbance"})), make(Incident, "b", acts=frozenset({"racist"})))
    assert acts_by_severity(events, pack()) == ("racist", "disturbance")


def test_an_act_from_a_newer_version_comes_last_and_is_kept() -> None:
    event = make(Incident, acts=frozenset({"drone", "disturbance"}))
    assert acts_by_severity((event,), pack()) == ("disturbance", "drone")


def test_intervals_between_incidents_are_said_and_none_is_needed() -> None:
    first = make(Incident, "1", happened_at="2026-11-02 10:00")
    second = make(Incident, "2", happened_at="2026-11-04 10:00")
    undated = make(Incident, "3", happened_text="last winter")
    assert intervals_of([second, undated, first]) == ((first.id, ""), (second.id, "2 days after the one before"))
    assert intervals_of([undated]) == ()


def test_a_course_of_conduct_is_a_hint_on_the_law_and_no_gate() -> None:
    one, two = make(Incident, "1"), make(Incident, "2")
    assert course_of_conduct([one]) == "" and "legal option" in course_of_conduct([one, two])
    assert classify_at_intake([], pack()) == "harassment"


def test_one_event_harms_different_people() -> None:
    meera, ada = (make(Party, name, roles=frozenset({"harmed"})) for name in ("meera", "ada"))
    witness = make(Party, "witness", roles=frozenset({"witness"}))
    people = (meera, ada, witness)
    assert harmed_by(make(Incident, "both"), people) == (meera.id, ada.id)
    assert harmed_by(make(Incident, "one", harmed=frozenset({ada.id})), people) == (ada.id,)


def test_by_association_and_an_unknown_strand_count_as_they_are_seen() -> None:
    tied = make(Perception, "tied", strands=frozenset({"religion"}), by_association=True, is_harassment=True)
    unknown = make(Perception, "unknown", strands=frozenset({"none"}), is_harassment=True)
    assert monitored_strands([tied], pack()) == {"religion"}
    assert monitored_strands([unknown], pack()) == frozenset()
    assert classify_at_intake([unknown], pack()) == "harassment"


def test_an_officer_who_does_not_see_it_so_changes_nothing() -> None:
    seen = make(Perception, "harmed", is_harassment=True, strands=frozenset({"race"}))
    view = make(Perception, "officer", perceived_by="officer", is_harassment=False)
    assert handling_now([seen, view], [], pack()) == "harassment"
    assert "staff" not in why_harassment([seen, view])


def test_a_new_perception_after_a_downgrade_asks_for_another_decision() -> None:
    other = make(
        Judgement, "other", handling="other", reasons="r", decided_by=b"ana", second_person=b"ben",
        decided_at="2026-11-09 10:00",
    )  # fmt: skip
    before = make(Perception, "before", is_harassment=True, stated_at="2026-11-02 10:00")
    after = make(Perception, "after", is_harassment=True, stated_at="2026-11-10 10:00")
    view = make(Perception, "view", is_harassment=False, stated_at="2026-11-10 10:00")
    assert why_judge_again([before, view], [other], pack()) == ""
    assert why_judge_again([before, after], [other], pack())
    again = make(Judgement, "again", handling="harassment", decided_by=b"ana", decided_at="2026-11-11 10:00")
    assert why_judge_again([before, after], [other, again], pack()) == ""
    assert handling_now([before, after], [other, again], pack()) == "harassment"


def test_each_kind_of_act_has_its_line_in_other_lists_and_a_pack_may_say_otherwise() -> None:
    assert set(counted_as(pack())) == {act.code for act in pack().acts}
    content = json.loads(PACK_FILE.read_text(encoding="utf-8"))
    rows = {row["code"]: row for row in content["acts"]}
    rows["disturbance"]["counted_as"] = {"housemark": "M Misuse of communal areas"}
    rows["abuse"]["counted_as"] = {"police": ""}
    del rows["damage"]["counted_as"]  # as in a pack that was made before
    changed = counted_as(parse_pack(json.dumps(content)))
    assert changed["disturbance"] == "HouseMark: M Misuse of communal areas" and "abuse" not in changed
    assert changed["damage"] == counted_as(pack())["damage"]
    rows["racist"]["counted_as"] = {"housemarks": "C"}
    with pytest.raises(PolicyPackInvalid, match="housemarks in counted_as is not known"):
        parse_pack(json.dumps(content))
