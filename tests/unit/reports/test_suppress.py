"""What is hidden, and that no small number can be worked out from what is shown."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from core.policy.figure_tables import Row, Table
from core.reports.shown import HIDDEN, as_they_are, for_committee
from core.reports.suppress import hidden_cells

LEAST = 5


def table(*rows: tuple[int, ...], total: bool = True, code: str = "one") -> Table:
    made = [Row(f"r{place}", f"Row {place}", values) for place, values in enumerate(rows)]
    whole = tuple(sum(row[place] for row in rows) for place in range(len(rows[0])))
    together = (*((row.code, 1) for row in made), ("all", -1))
    return Table(
        code=code, clause="5.1", title="A table", note="", columns=tuple(f"c{n}" for n in range(len(rows[0]))),
        rows=(*made, Row("all", "Everybody", whole)), total=total, sums=(together,),
    )  # fmt: skip


def shown(*rows: tuple[int, ...]) -> list[tuple[int | None, ...]]:
    (made,) = for_committee(0, [[table(*rows)]], least_shown=LEAST)
    return [row.values for row in made.rows]


def test_a_small_number_is_hidden_and_nothing_and_large_ones_are_not() -> None:
    assert hidden_cells({"a": 4, "b": 0, "c": 5}, [], least_shown=LEAST) == {"a"}


def test_a_second_number_is_hidden_where_a_total_would_give_the_first_away() -> None:
    sums = [{"a": 1, "b": 1, "c": 1, "all": -1}]
    assert hidden_cells({"a": 2, "b": 9, "c": 7, "all": 18}, sums, least_shown=LEAST) == {"a", "c"}


def test_two_small_parts_of_a_shown_whole_hide_a_third() -> None:
    sums = [{"a": 1, "b": 1, "c": 1, "all": -1}]
    hidden = hidden_cells({"a": 1, "b": 2, "c": 30, "all": 33}, sums, least_shown=LEAST)
    assert hidden == {"a", "b", "c"}, "otherwise it is plain that the two are three people together"


def test_what_is_never_shown_is_kept_too() -> None:
    sums = [{"with": 1, "without": 1, "all": -1}]
    hidden = hidden_cells(
        {"with": 7, "without": 1, "all": 8}, sums, least_shown=LEAST, never_shown=frozenset({"without"})
    )
    assert hidden == {"with"}, "eight less seven is one person"


def test_a_hidden_number_that_only_a_chain_of_sums_gives_away() -> None:
    """Each row and column has two hidden numbers, and still one of them would come out: a bridge between two rings."""
    cells = {f"{row}{column}": 20 for row, column in product("abcd", "wxyz")}
    for small in ("aw", "ax", "bw", "bx", "cy", "cz", "dy", "dz", "by"):
        cells[small] = 3
    sums: list[dict[str, int]] = []
    for row in "abcd":
        cells[row] = sum(cells[f"{row}{column}"] for column in "wxyz")
        sums.append({**{f"{row}{column}": 1 for column in "wxyz"}, row: -1})
    for column in "wxyz":
        cells[column] = sum(cells[f"{row}{column}"] for row in "abcd")
        sums.append({**{f"{row}{column}": 1 for row in "abcd"}, column: -1})
    hidden = hidden_cells(cells, sums, least_shown=LEAST)
    assert len(hidden) > 9 and {"by"} < hidden


def test_the_same_number_in_two_tables_is_hidden_in_both_or_given_away_by_neither() -> None:
    one, other = table((2, 9), (9, 9), code="harmed-sex"), table((9, 2), (2, 16), code="harmed-age")
    first, second = for_committee(0, [[one, other]], least_shown=LEAST)
    everybody = [{row.code: row.values for row in made.rows}["all"] for made in (first, second)]
    assert everybody[0] == everybody[1]


def test_a_reason_hidden_as_a_hate_incident_is_not_told_by_the_table_of_reasons() -> None:
    """Nine hate incidents, seven of them about religion: the two others are people one could name."""
    cases = [
        Table(code="cases", clause="5.1", title="", note="", columns=("c",), rows=(Row("opened", "", (14,)),)),
        Table(
            code="hate", clause="4.1", title="", note="", columns=("c",), homes=40,
            rows=(
                Row("opened", "", (14,)), Row("hate", "", (9,)), Row("religion", "", (7,)),
                Row("not religion", "", (2,), shown=False),
            ),
            sums=((("religion", 1), ("not religion", 1), ("hate", -1)),),
        ),
        Table(
            code="strands", clause="4.1", title="", note="", columns=("a", "b", "c", "d"), total=True, whole=4,
            rows=(Row("religion", "", (7, 0, 0, 0)), Row("age", "", (6, 0, 0, 0))),
        ),
    ]  # fmt: skip
    _, hate, strands = for_committee(0, [cases], least_shown=LEAST)
    told = {row.code: row.values[-1] for row in strands.rows}
    assert ({row.code: row.values[0] for row in hate.rows}["religion"] is None) == (told["religion"] is None)
    assert told["religion"] is None or hate.rows[1].values[0] is None


def test_three_quarters_and_the_year_do_not_give_the_fourth_away() -> None:
    quarters = [[table((count,), total=False)] for count in (9, 8, 3, 12)]
    year = [table((32,), total=False)]
    made = [for_committee(place, [*quarters, year], least_shown=LEAST)[0] for place in range(5)]
    numbers = [one.rows[0].values[0] for one in made]
    assert numbers[2] is None and numbers.count(None) >= 2


def test_the_officers_own_table_hides_nothing() -> None:
    (made,) = as_they_are([table((1, 2))])
    assert made.rows[0].values == (1, 2, 3) and not made.hides
    assert for_committee(0, [[table((1, 2))]], least_shown=LEAST)[0].rows[0].words() == ("Row 0", *[HIDDEN] * 3)


def test_a_rate_is_hidden_with_its_number() -> None:
    plain = Table(
        code="hate", clause="4.1", title="Hate", note="", columns=("Cases",), homes=40,
        rows=(Row("race", "Race", (2,)), Row("religion", "Religion", (8,))),
    )  # fmt: skip
    (own,) = as_they_are([plain])
    assert [row.rate for row in own.rows] == ["50.0", "200.0"]
    (given_out,) = for_committee(0, [[plain]], least_shown=LEAST)
    assert [row.rate for row in given_out.rows] == [HIDDEN, "200.0"]


numbers = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 8), min_size=width, max_size=width), min_size=2, max_size=3)
)


@settings(max_examples=60)
@given(numbers)
def test_every_hidden_small_number_could_be_another(rows: list[list[int]]) -> None:
    """Tried by filling in what is hidden in another way, so that every total that is shown still comes out."""
    made = shown(*(tuple(row) for row in rows))
    for place, row in enumerate(rows):
        for column, number in enumerate(row):
            if 0 < number < LEAST:
                assert made[place][column] is None
                others = [other for other in range(2 * LEAST) if other != number]
                assert any(_fits(made, {(place, column): other}) for other in others), (rows, made)


def _fits(made: list[tuple[int | None, ...]], filled: dict[tuple[int, int], int]) -> bool:
    """Whether the inner numbers can be filled in on top of `filled`, so that everything shown agrees."""
    width, height = len(made[0]) - 1, len(made) - 1
    cells = [(row, column) for row in range(height) for column in range(width)]
    known = {cell: made[cell[0]][cell[1]] for cell in cells}
    if any(known[cell] not in (None, value) for cell, value in filled.items()):
        return False
    todo = [cell for cell in cells if known[cell] is None and cell not in filled]
    whole = {**{cell: value for cell, value in known.items() if value is not None}, **filled}
    return _search(made, whole, todo, width, height)


def _search(
    made: list[tuple[int | None, ...]], whole: dict[tuple[int, int], int], todo: list[tuple[int, int]], width: int,
    height: int,
) -> bool:  # fmt: skip
    lines = [([(row, column) for column in range(width)], made[row][width]) for row in range(height)]
    lines += [([(row, column) for row in range(height)], made[height][column]) for column in range(width)]
    lines.append(([(row, column) for row in range(height) for column in range(width)], made[height][width]))
    for line, total in lines:
        there = [whole[cell] for cell in line if cell in whole]
        if total is not None and (sum(there) > total or (len(there) == len(line) and sum(there) != total)):
            return False
    if not todo:
        return True
    cell, *rest = todo
    return any(_search(made, {**whole, cell: value}, rest, width, height) for value in range(3 * LEAST))
