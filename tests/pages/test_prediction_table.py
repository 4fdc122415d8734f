"""The table of predictions in a real browser: search, filter, sort, open, narrow, dark, large."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_html_pages import HOSTILE, Structure

from codeoutpred.pages import (
    SCRIPTS,
    PredictionTable,
    ShownPrediction,
    ShownSample,
    html_page,
    predictions,
)
from codeoutpred.pages.markup import embedded_json

ODD = (*HOSTILE, "lone \ud800 surrogate", "NUL \x00", "<!-- <script>", "👩‍👩‍👧 \u2029")


def page_of(table: PredictionTable) -> str:
    return html_page("Evaluation", [table], scripts=SCRIPTS)


def one_row(text: str) -> PredictionTable:
    sample = ShownSample(
        id=text, program=0, language=text, kind=text, difficulty=text, answer_type=text,
        call=text, expected=text,
    )  # fmt: skip
    answer = ShownPrediction(sample=0, text=text, answer=text[1:], match="wrong", reason=text)
    return PredictionTable(
        models=(text,), programs=(text,), samples=(sample,), predictions=((answer,),)
    )


def texts(browser, selector: str) -> list[str]:
    return browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector
    )


def choose(browser, label: str, value: str) -> None:
    browser.execute_script(
        """const label = [...document.querySelectorAll(".controls label")]
             .find(e => e.firstChild.textContent === arguments[0]);
           const select = label.querySelector("select");
           select.value = arguments[1];
           select.dispatchEvent(new Event("change"));""",
        *(label, value),
    )


def press(browser, selector: str, *keys: str) -> None:
    browser.find_element("css selector", selector).send_keys(*keys)


def found(browser) -> str:
    return texts(browser, "[role=status]")[0]


@given(text=st.text(st.characters()))
def test_embedded_json_gives_any_text_back_and_ends_no_script(text):
    written = embedded_json([text])
    assert json.loads(written) == [text]
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff\x00-\x1f]", written)


@pytest.mark.parametrize("text", ODD)
def test_hostile_texts_leave_the_page_well_formed(text):
    page = page_of(one_row(text))
    assert Structure(page).open == []
    assert page.count("</script>") == 1 + len(SCRIPTS)
    page.encode()  # no lone surrogate is left


def test_long_texts_are_cut_with_a_note_until_they_fit(make_table, monkeypatch):
    table = make_table(100)
    long = tuple(replace(row, text="x" * 20_000) for row in table.predictions[0])
    plain, table = len(table.html()), replace(table, predictions=(long,))
    assert "… cut here, 4,000 characters more" in table.html()
    monkeypatch.setattr(predictions, "BUDGET", 100_000)
    assert plain < len(table.html()) < plain + 100_000


def test_predictions_beyond_the_bound_are_counted(make_table, monkeypatch):
    monkeypatch.setattr(predictions, "MOST", 10)
    assert '"left_out":5' in make_table(15).html()
    assert '"left_out":0' in make_table(9).html()


def test_texts_arrive_unchanged_and_nothing_of_them_runs(show):
    for text in ODD:
        if "\ud800" in text:
            continue  # the driver of the browser cannot hand a lone surrogate over
        browser = show(page_of(one_row(text)))
        press(browser, ".open", "\ue007")
        shown = texts(browser, ".details pre")
        assert text in shown
        assert browser.get_log("browser") == []


def test_a_search_keeps_the_rows_that_hold_the_text(show, make_table):
    browser = show(page_of(make_table(100)))
    assert found(browser) == "1 to 50 of 100"
    press(browser, "input[type=search]", "EXPECTED 79, GOT")
    assert found(browser) == "1 to 1 of 1 (of 100)"
    assert texts(browser, ".open") == ["sample_77"]
    press(browser, "input[type=search]", " nowhere")
    assert found(browser) == "nothing matches (of 100)"


def test_filters_narrow_each_other(show, make_table):
    browser = show(page_of(make_table(84)))
    choose(browser, "Verdict", "exact")
    choose(browser, "Language", "rust")
    wanted = [n for n in range(84) if n % 7 != 6 and n % 3 == 0 and n % 2]
    assert texts(browser, ".open") == [f"sample_{n}" for n in wanted]
    choose(browser, "Error", "off_by_one")
    assert found(browser).startswith("nothing")


def test_a_heading_sorts_and_sorts_the_other_way(show, make_table):
    browser = show(page_of(make_table(60)))
    heading = "th:last-child button"
    press(browser, heading, "\ue007")
    values = [float(text or "inf") for text in texts(browser, "tr.row td:last-child")]
    assert values == sorted(values)
    press(browser, heading, "\ue007")
    assert texts(browser, "th[aria-sort=descending]") == ["Confidence"]


def test_a_row_opens_and_shows_all_of_a_prediction(show, make_table):
    browser = show(page_of(make_table(10)))
    press(browser, "tr.row:nth-child(2) .open", "\ue007")
    shown = "\n".join(texts(browser, ".opened"))
    for text in ("return [y]", "f(1)", "[1, 2, 3]", "[ANSWER][1, 2, 4][/ANSWER]", "third element"):
        assert text in shown
    assert texts(browser, ".details del") == ["4"]
    assert texts(browser, ".details ins") == ["3"]
    press(browser, "tr.row:nth-child(2) .open", "\ue007")
    assert texts(browser, ".opened") == []


def test_arrow_keys_move_from_row_to_row(show, make_table):
    browser = show(page_of(make_table(10)))
    press(browser, "tr.row:nth-child(1) .open", "\ue015")
    assert browser.switch_to.active_element.text == "sample_1"


def test_two_models_stand_side_by_side(show, make_table):
    browser = show(page_of(make_table(42, ("first", "second"))))
    assert texts(browser, "thead th")[-2:] == ["first", "second"]
    choose(browser, "Agreement", "right: only second")
    wanted = [n for n in range(42) if _right(n + 1) and not _right(n)]
    assert texts(browser, ".open") == [f"sample_{n}" for n in wanted]
    press(browser, ".open", "\ue007")
    assert {"first", "second"} <= set(texts(browser, ".details h4"))


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (360, "light"), (360, "dark")])
def test_a_narrow_window_scrolls_down_only_and_a_dark_one_is_dark(show, make_table, width, theme):
    browser = show(page_of(make_table(60, ("first", "second"))), width=width, theme=theme)
    press(browser, ".open", "\ue007")
    wide, background = browser.execute_script(
        "return [document.documentElement.scrollWidth, "
        "getComputedStyle(document.body).backgroundColor]"
    )
    assert wide <= width
    brightness = sum(map(int, re.findall(r"\d+", background)[:3]))
    assert brightness < 150 if theme == "dark" else brightness > 700


def test_a_printed_page_is_dark_on_white_and_has_no_controls(show, make_table):
    browser = show(page_of(make_table(6)), theme="dark")
    press(browser, ".open", "\ue007")
    dark = {"name": "prefers-color-scheme", "value": "dark"}
    on_paper = {"media": "print", "features": [dark]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", on_paper)
    paper, ink, controls, longest = browser.execute_script(
        "const style = (name) => getComputedStyle(document.querySelector(name));"
        "return [style('body').backgroundColor, style('body').color, style('.controls').display, "
        "style('.details pre').maxHeight]"
    )
    assert paper == "rgb(255, 255, 255)"
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 150
    assert (controls, longest) == ("none", "none")


def test_twenty_thousand_rows_are_searched_and_ask_the_network_for_nothing(show, make_table):
    browser = show(page_of(make_table(20_000)))
    press(browser, "input[type=search]", "sample_19999")
    assert texts(browser, ".open") == ["sample_19999"]
    assert browser.execute_script("return document.querySelectorAll('tr').length") < 100
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert asked and all(url.startswith("file:") for url in asked)


def test_a_diff_gives_both_texts_back(show, make_table):
    browser = show(page_of(make_table(1)))
    pairs = [("", ""), ("abc", ""), ("", "abc"), ("[1, 2, 3]", "[1, 3]"), ("a😀b", "a😁b")]
    pairs += [("kitten", "sitting"), ("x" * 3000, "y" * 3000), ("[1, 2, 4, 5]", "[1, 3, 4, 6]")]
    for answer, expected in pairs:
        pieces = browser.execute_script("return characterDiff(...arguments)", answer, expected)
        assert "".join(text for kind, text in pieces if kind != "+") == answer
        assert "".join(text for kind, text in pieces if kind != "-") == expected


def _right(lot: int) -> bool:
    return lot % 7 != 6 and lot % 3 == 0
