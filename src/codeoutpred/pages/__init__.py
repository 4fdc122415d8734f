"""How numbers are shown, whatever they measure: tables, bars, listings, and pages made of them.

    >>> bars = Bars(title="answers", rows=(("int", 3), ("str", 1)))
    >>> page = html_page("My data", [bars, Listing(title="a program", text="print('</script>')")])

A page is one file: no script, no other file, no network. `codeoutpred.pages.terminal` shows tables
by rich.
"""

from codeoutpred.pages.page import Listing, Shown, html_page
from codeoutpred.pages.plots import Bars, binned
from codeoutpred.pages.tables import Table

__all__ = ["Bars", "Listing", "Shown", "Table", "binned", "html_page"]
