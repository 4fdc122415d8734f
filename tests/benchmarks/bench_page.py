"""A page of 20,000 predictions in Chromium: its size, time to load, from a keystroke to the rows.

python tests/benchmarks/bench_page.py, where chromium, chromedriver and selenium are installed.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver

from codeoutpred.pages import (
    SCRIPTS,
    PredictionTable,
    ShownPrediction,
    ShownSample,
    html_page,
)

ROWS = 20_000
KEYSTROKES = ("r", "re", "ret", "retu", "retur", "return", "return x", "got 777", "no such text")
TYPED = """
const search = document.querySelector("input[type=search]"), start = performance.now();
search.value = arguments[0];
search.dispatchEvent(new Event("input"));
document.body.getBoundingClientRect();
return performance.now() - start;
"""


def page() -> str:
    source = "def f(x):\n" + "".join(f"    y{n} = x + {n}\n" for n in range(20)) + "    return x\n"
    table = PredictionTable(
        models=("model",),
        programs=tuple(f"# {n}\n{source}" for n in range(2_000)),
        samples=tuple(
            ShownSample(id=f"s{n}", program=n % 2_000, language="python", kind="call",
                        difficulty=str(n % 5), answer_type="list", call=f"f({n})",
                        expected=f"[{n}, 'some text of usual length', {n + 1}]")
            for n in range(ROWS)
        ),
        predictions=(
            tuple(
                ShownPrediction(sample=n, text="Let me see. " * 20,
                                answer=f"[{n}, 'some text of usual length', {n + n % 2}]",
                                match="exact" if n % 2 else "wrong", reason=f"got {n}")
                for n in range(ROWS)
            ),
        ),
    )  # fmt: skip
    return html_page("20,000 predictions", [table], scripts=SCRIPTS)


def main() -> int:
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("chromium and chromium-driver are not installed: nothing to measure")
        return 0
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 f"--user-data-dir={folder}/profile")  # fmt: skip
        for flag in flags:
            options.add_argument(flag)
        file = Path(folder, "page.html")
        start = time.process_time()
        file.write_text(page(), encoding="utf-8")
        print(f"made in {time.process_time() - start:.2f} s of processor time, "
              f"{file.stat().st_size / 1e6:.1f} MB")  # fmt: skip
        service = webdriver.ChromeService(executable_path="/usr/bin/chromedriver")
        with webdriver.Chrome(options=options, service=service) as browser:
            loads, keystrokes = [], []
            for _ in range(5):
                browser.get(file.as_uri())
                loads.append(browser.execute_script("return performance.now()"))
                first, *others = [browser.execute_script(TYPED, text) for text in KEYSTROKES]
                keystrokes.append((first, statistics.median(others), max(others)))
        print(f"to load and show: {statistics.median(loads):.0f} ms")
        for what, times in zip(("first", "median", "slowest"), zip(*keystrokes, strict=True)):
            print(f"keystroke to laid out rows, {what}: {statistics.median(times):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
