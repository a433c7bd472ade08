"""One page that shows every widget of the kit, in the states an officer meets, with made-up people and homes."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from desktop.models import Column, TupleModel
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Chip,
    ChoiceGroup,
    Columns,
    DateTimeField,
    EmptyState,
    ErrorSummary,
    Field,
    Flow,
    Form,
    ListTable,
    OneLine,
    Page,
    PassphraseBox,
    ProgressRow,
    SafeContact,
    SafeContactStrip,
    Safety,
    SearchBox,
    Select,
    StepBar,
    Tag,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    TypeAhead,
)
from desktop.widgets.base import column, row, styled

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
CONTACT = SafeContact(
    ways=(
        ("Text message", Safety.SAFE),
        ("Phone call", Safety.SAFE),
        ("Voicemail", Safety.NEVER),
        ("Letters to the home", Safety.NEVER),
        ("Email", Safety.NOT_ASKED),
    ),
    times="Weekdays 10am to 2pm",
    if_someone_else_answers="say you are calling from the repairs team.",
    checked="Checked by R. Okafor on 20 November.",
    out_of_date=True,
)
ROWS = tuple(
    (f"HC-{number:04d}", what, where, stage, due)
    for number, (what, where, stage, due) in enumerate(
        (
            ("Threatening words", "1 Marsh House", "New", "Today, 6pm"),
            ("Offensive graffiti on the stairwell wall", "Stairwell, Marsh House", "Contact made", "Tomorrow"),
            ("Damage to home", "27 Willow Court, Lower Mill Lane", "Action plan agreed", "26 November"),
            ("Repeated noise at the door", "4 Marsh House", "Review due", "27 November"),
            ("Hate incident", "5 Marsh House", "Closed", "-"),
        ),
        start=98,
    )
)


def columns() -> tuple[Column[tuple[str, ...]], ...]:
    return (
        Column(heading="Ref", words=lambda r: r[0], wide_em=11),
        Column(heading="What", words=lambda r: r[1], wide_em=22, stretch=True),
        Column(heading="Where", words=lambda r: r[2], wide_em=24, drop=2),
        Column(heading="Stage", words=lambda r: r[3], wide_em=20, drop=1),
        Column(heading="Next due", words=lambda r: r[4], wide_em=14),
    )


def duty(tag: str, tone: Tone, what: str, where: str, act: str) -> Card:
    """A line of Today, as the screen will build it."""
    words = styled(QWidget(), "clear")
    lines = column(words, gap="tight")
    lines.addWidget(Text(what, "strong"))
    lines.addWidget(Text(where, "muted"))
    card = Card()
    line = row(card.body, gap="large")
    line.addWidget(Tag(tag, tone))
    line.addWidget(words, 1)
    line.addWidget(Button(act))
    return card


def today_page() -> Page:
    """The page of the pictures."""
    page = Page("Today")
    page.actions.add(Button("New report", "primary", icon_name="plus", window_keys="N"))
    page.add(
        Flow(Chip("1 late", Tone.LATE), Chip("3 due in 24 hours", Tone.SOON), Chip("2 reviews this week", Tone.INFO))
    )
    offline = "4 changes are saved on this laptop and will be sent when you next sync."
    page.add(Banner("Working offline.", offline, Tone.INFO, icon_name="wifi-off"))
    page.add(duty("Late by 2 h", Tone.LATE, "First contact with the person who reported", "HC-0142", "Record contact"))
    page.add(duty("Due in 3 h 20 m", Tone.SOON, "Offensive graffiti must be gone by 6pm", "HC-0147", "Mark removed"))
    page.add(duty("Thu 26 Nov", Tone.INFO, "3-month review", "HC-0098", "Start review"))
    page.body.addStretch(1)
    return page


def form_page(*, wrong: bool = False) -> Page:
    """A form like New report, with or without problems."""
    page = Page("New report")
    page.tags.add(Tag("Saving as you type", Tone.OK))
    page.actions.add(Button("Cancel", "quiet"))
    page.actions.add(Button("Save report", "primary", keys="Ctrl+S"))
    form = Form(ErrorSummary())
    page.pinned.addWidget(form.summary)
    what = Field(
        "What happened?", TextArea(), hint="It counts as harassment if the person, or anyone else, sees it that way."
    )
    when = DateTimeField(lambda: NOW)
    when.set_value(NOW)
    place = TypeAhead("Start typing an address")
    left = Card(
        form.add("what", what),
        Field("Who told us?", TextBox("Name, or leave empty if they want to stay unnamed"), optional=True),
        Field("Where?", place),
        Field("When were we told?", when, hint="The 24 hours for first contact run from this time."),
        Field(
            "Language or format",
            Select([("en", "English"), ("bn", "Bengali"), ("lp", "Large print")], empty="Not asked"),
        ),
    )
    ways = ChoiceGroup(
        [
            (w, w)
            for w in (
                "Text message",
                "Phone call",
                "Leave voicemail",
                "Email",
                "Letter to home",
                "Only when they contact us",
            )
        ],
        many=True,
    )
    right = Card(
        Field(
            "Is anyone in danger now?",
            ChoiceGroup([(False, "No"), (True, "Yes, show the emergency steps")], flowing=True),
        ),
        form.add("ways", Field("Safe ways to reach them", ways)),
        Tick("Offensive graffiti (starts its own clock of 24 hours, because it must be gone by then)"),
        Field("A secret", PassphraseBox()),
    )
    right.body.addStretch(1)
    page.add(Columns(left, right, stretches=(5, 3)))
    page.body.addStretch(1)
    if wrong:
        form.show_problems(
            {
                "what": "Enter what happened, in the person's words if you can",
                "ways": "Choose at least one safe way to reach the person",
            }
        )
    return page


def parts_page() -> Page:
    """Everything else."""
    page = Page("HC-0142")
    page.tags.add(Tag("Confidential", Tone.CONFIDENTIAL))
    page.tags.add(Tag("Open, 5 days", Tone.INFO))
    page.tags.add(Tag("Risk: high, reviewed 20 Nov", Tone.SOON))
    page.actions.add(Button("Print", icon_name="printer", keys="Ctrl+P"))
    page.actions.add(Button("More", "icon", icon_name="list"))
    page.pinned.addWidget(SafeContactStrip(CONTACT))
    steps = StepBar(("Area", "Letter", "Check", "Make", "Deliver"))
    steps.set_step(2)
    page.add(steps)
    page.add(
        Banner(
            "Every home gets the same letter.",
            "47 homes, 1 empty, 46 letters. No names in the text.",
            Tone.CONFIDENTIAL,
        )
    )
    seconds = iter((0.0, 10.0, 20.0))
    progress = ProgressRow("Making letters", lambda: next(seconds))
    progress.begin()
    progress.hear(18, 46)
    page.add(progress)
    page.add(SearchBox("Search by reference, street or words", name="Search cases", keys="/"))
    page.add(Flow(Chip("Open", removable=True), Chip("Marsh House", removable=True)))
    model: TupleModel[tuple[str, ...]] = TupleModel(columns())
    model.put(ROWS)
    table = ListTable("Cases", model)
    model.setParent(table)
    page.add(table)
    page.add(Card(EmptyState("Nothing is due.", "Next: 3-month review for HC-0098 on Thursday 26 November.")))
    page.add(Flow(Button("Secondary"), Button("Quiet", "quiet"), Button("A link", "link"), OneLine("one line")))
    off = Button("Not now")
    off.setEnabled(False)
    page.add(Flow(off))
    return page
