"""What notebooks show of our records."""

from __future__ import annotations

from codeoutpred import Verdict


def test_a_verdict_shows_the_answer_corrected_and_why():
    verdict = Verdict(
        match="wrong",
        similarity=0.9,
        expected="['<b>', 4]",
        answer="['<b>', 5]",
        reason="second element differs",
    )
    shown = verdict._repr_html_()
    assert "['&lt;b&gt;', <del>5</del><ins>4</ins>]" in shown
    assert "<b>wrong</b>: second element differs" in shown


def test_a_verdict_without_an_answer_says_so():
    verdict = Verdict(match="unparseable", similarity=0.0, expected="1", answer=None)
    assert "no answer" in verdict._repr_html_()
