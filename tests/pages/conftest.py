"""A headless Chromium for the pages, where there is one; its tests skip elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeoutpred.pages import PredictionTable, ShownPrediction, ShownSample

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A driver of a real browser, which writes down what it asks of the network."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("chromium and chromium-driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=driver)
    with webdriver.Chrome(options=options, service=service) as opened:
        yield opened


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Callable[..., Any]:
    """(page, width, theme) -> the browser, with the page open from a file."""

    def open_page(page: str, *, width: int = 1280, theme: str = "light") -> Any:
        file = tmp_path / "page.html"
        file.write_text(page, encoding="utf-8")
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        scheme = {"media": "", "features": [{"name": "prefers-color-scheme", "value": theme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
        browser.get_log("browser"), browser.get_log("performance")  # those of the page before
        browser.get(file.as_uri())
        return browser

    return open_page


@pytest.fixture
def make_table() -> Callable[..., PredictionTable]:
    """(samples, models) -> a table: every third answer is right, every seventh is missing."""

    def table(count: int, models: tuple[str, ...] = ("small",)) -> PredictionTable:
        samples = tuple(
            ShownSample(
                id=f"sample_{at}",
                program=at % 5,
                language=("python", "rust")[at % 2],
                kind="call",
                difficulty=str(1 + at % 3),
                answer_type="list",
                call=f"f({at})",
                expected=f"[{at}, {at + 1}, {at + 2}]",
            )
            for at in range(count)
        )
        return PredictionTable(
            models=models,
            programs=tuple(f"def f(x):\n    y = x + {n}\n    return [y]\n" for n in range(5)),
            samples=samples,
            predictions=tuple(
                tuple(_prediction(at, at + shift) for at in range(count))
                for shift in range(len(models))
            ),
        )

    return table


def _prediction(at: int, lot: int) -> ShownPrediction:
    if lot % 7 == 6:
        return ShownPrediction(
            sample=at, text="I do not know", answer=None, match="unparseable", error="no_answer"
        )
    right = lot % 3 == 0
    answer = f"[{at}, {at + 1}, {at + (2 if right else 3)}]"
    return ShownPrediction(
        sample=at,
        text=f"The answer is [ANSWER]{answer}[/ANSWER]",
        answer=answer,
        match="exact" if right else "wrong",
        reason="" if right else f"third element differs: expected {at + 2}, got {at + 3}",
        error="" if right else "off_by_one",
        reward=10.0 if right else 0.0,
        confidence=(lot % 10) / 10,
    )
