"""What programs are about: the vocabulary of each topic.

A topic names functions and variables, and gives the words and texts that programs work on. All of
it is ASCII without quotes, braces, backslashes or percent signs, which languages treat apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A purpose to program for.

    `things` is what there are many of, one and many; `number` and `limit` name integers, `numbers`
    a list of them, `table` a map from words to integers, `text` a text; `words` are the names of
    the things, `lines` texts to take apart; `verbs` begin the names of functions.
    """

    name: str
    things: tuple[str, str]
    numbers: tuple[str, str]
    limit: str
    table: str
    text: str
    verbs: tuple[str, ...]
    words: tuple[str, ...]
    lines: tuple[str, ...]


def _topic(
    name: str,
    things: str,
    numbers: str,
    limit: str,
    table: str,
    text: str,
    verbs: str,
    words: str,
    lines: str,
) -> Topic:
    one, many = things.split()
    number, more = numbers.split()
    return Topic(
        name=name,
        things=(one, many),
        numbers=(number, more),
        limit=limit,
        table=table,
        text=text,
        verbs=tuple(verbs.split()),
        words=tuple(words.split()),
        lines=tuple(line.strip() for line in lines.split("/")),
    )


TOPICS = (
    _topic(
        "inventory", "product products", "quantity quantities", "reorder_level", "stock",
        "label", "restock audit reserve pack",
        "bolt nut screw hinge washer bracket lamp cable valve rivet spring gear",
        "bolt,nut,screw / A12-B7-C30 / 3 crates 14 boxes / hinge:4;lamp:9 / shelf 7 row 2",
    ),
    _topic(
        "scores", "player players", "score scores", "pass_mark", "points",
        "motto", "rank grade rate compare",
        "ana ben carla dev emil fay gus hana igor june kofi lena",
        "ana 12 ben 9 / win-loss-win-draw / level up 3 / 10,7,8,9 / WWLDWLL",
    ),
    _topic(
        "text", "word words", "width widths", "margin", "frequency",
        "sentence", "format clean wrap shorten",
        "river stone cloud maple amber quiet signal paper candle winter harbor lantern",
        "the quiet river / a stone in the cloud / Amber and Maple / one two three / paper, candle",
    ),
    _topic(
        "bank", "account accounts", "amount amounts", "fee", "balances",
        "reference", "settle charge transfer post",
        "savings checking travel rent salary pension holiday school medical pocket",
        "DE44-1200 / rent 850 salary 2100 / debit,credit,debit / +40 -15 +7 / INV2024-17",
    ),
    _topic(
        "queue", "task tasks", "duration durations", "quota", "waiting",
        "ticket", "serve schedule drain dispatch",
        "print scan copy mail backup index upload render deploy archive",
        "print>scan>copy / job 12 job 7 / HHLLMH / mail;backup;index / slot 3 of 8",
    ),
    _topic(
        "grid", "cell cells", "height heights", "water_line", "terrain",
        "row_text", "scan climb cross survey",
        "north south east west hill marsh rock sand reef delta ridge grove",
        "..#.#.. / NNESWE / A1 B4 C2 / ##..##.# / x3y7x1",
    ),
    _topic(
        "recipes", "ingredient ingredients", "grams portions", "serving", "pantry",
        "note", "mix scale bake portion",
        "flour sugar butter salt yeast cocoa milk honey oats rice basil lemon",
        "200 flour 50 butter / mix, rest, bake / salt+pepper / 2 cups 3 spoons / Oats and Honey",
    ),
    _topic(
        "calendar", "event events", "day days", "deadline", "agenda",
        "entry", "plan book shift count",
        "standup review lunch demo retro call workshop interview planning release",
        "09:30 standup / mon,tue,thu / 2024-11-24 / week 48 day 3 / demo at 15",
    ),
    _topic(
        "tournament", "team teams", "goals totals", "bonus", "standings",
        "result_line", "seed pair judge advance",
        "lions hawks bears foxes wolves otters ravens sharks bulls cranes",
        "lions 3:1 hawks / W-W-L-D / round 2 of 5 / bears,foxes,wolves / 4:4 after 90",
    ),
    _topic(
        "log", "message messages", "code codes", "threshold", "levels",
        "record_line", "parse filter tally trim",
        "info warn error debug trace fatal notice retry timeout login",
        "error 404 at 12:07 / warn;info;error / GET 200 POST 503 / retry=3 wait=5 / ok ok fail ok",
    ),
    _topic(
        "sequence", "term terms", "value values", "bound", "tallies",
        "pattern", "build extend fold transform",
        "alpha beta gamma delta epsilon zeta theta kappa sigma omega",
        "abcabcab / aaabbc / 1,1,2,3,5 / zigzag / tenet level noon",
    ),
    _topic(
        "sensors", "sensor sensors", "reading readings", "cutoff", "averages",
        "status_line", "sample smooth calibrate check",
        "attic cellar porch garage kitchen hall lobby roof studio nursery",
        "t=21 h=40 / up,up,down,up / S1S2S9 / on off on on / 18;19;23;17",
    ),
    _topic(
        "library", "book books", "pages counts", "loan_limit", "shelves",
        "title", "sort lend catalog review",
        "dune emma ulysses walden beloved ivanhoe candide persuasion middlemarch",
        "Emma by Austen / QA76-73 / due 14 late 3 / fiction,poetry,drama / vol 2 no 11",
    ),
    _topic(
        "transport", "stop stops", "distance distances", "fare", "timetable",
        "ticket_code", "route ride refuel load",
        "airport museum market stadium harbor central park chapel bridge terminal",
        "A-B-C-A / line 4 stop 9 / 12 km 7 km / park>bridge>market / LRRLSL",
    ),
)  # fmt: skip
"""All topics, in the order in which they are drawn from."""

LABELS = ("low", "medium", "high", "small", "large", "even", "odd", "early", "late", "other")
"""What a branch may call what it finds."""
