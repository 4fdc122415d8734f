"""How numbers are shown, whatever they measure: tables, bars, listings, and pages made of them.

    >>> bars = Bars(title="answers", rows=(("int", 3), ("str", 1)))
    >>> page = html_page("My data", [bars, Listing(title="a program", text="print('</script>')")])

A page is one file that loads nothing, and runs nothing but a script of this folder where one is
asked for. `codeoutpred.pages.terminal` shows tables by rich.
"""

from codeoutpred.pages.charts import Interval, KeyNumbers, Shares
from codeoutpred.pages.corrections import corrected
from codeoutpred.pages.curves import Curves
from codeoutpred.pages.markup import safe
from codeoutpred.pages.page import Lead, Listing, Section, Shown, html_page
from codeoutpred.pages.plots import Bars, binned
from codeoutpred.pages.predictions import (
    SCRIPTS,
    PredictionTable,
    ShownPrediction,
    ShownSample,
)
from codeoutpred.pages.tables import Table

__all__ = [
    "SCRIPTS",
    "Bars",
    "Curves",
    "Interval",
    "KeyNumbers",
    "Lead",
    "Listing",
    "PredictionTable",
    "Section",
    "Shares",
    "Shown",
    "ShownPrediction",
    "ShownSample",
    "Table",
    "binned",
    "corrected",
    "html_page",
    "safe",
]
