"""What a hub may answer, by a real one on this machine; each is one line, and a fast one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from codeoutpred.errors import ModelError
from codeoutpred.models import failures, presets
from codeoutpred.models.failures import check_hub, loading
from codeoutpred.models.loading import load_model, resolve_preset

pytestmark = pytest.mark.heavy

ANSWERS = {
    "missing": (404, {"X-Error-Code": "RepoNotFound"}),
    "gated": (403, {"X-Error-Code": "GatedRepo"}),
    "empty": (404, {"X-Error-Code": "EntryNotFound"}),
    "busy": (503, {}),
    "good": (200, {"ETag": "e", "X-Repo-Commit": "c"}),
}


class Hub(BaseHTTPRequestHandler):
    """Answers by the name of the organisation; `slow` gets no answer in time."""

    def do_HEAD(self) -> None:
        organisation = self.path.split("/")[1]
        if organisation == "slow":
            time.sleep(1)
        status, headers = ANSWERS.get(organisation, (500, {}))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not on the terminal."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def hub(address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The hub of this process, with an empty cache."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "ENDPOINT", address)
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize(
    ("organisation", "cure"),
    [
        ("missing", "not on the Hugging Face hub: check the id"),
        ("gated", "accept its terms"),
        ("empty", r"holds no config\.json"),
        ("slow", "check the network"),
    ],
)
def test_a_refusal_is_one_line_at_once(
    organisation: str, cure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "HUB_SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(ModelError, match=rf"{organisation}/model.*{cure}") as caught:
        load_model(resolve_preset(presets.CUSTOM, f"{organisation}/model"))
    assert time.monotonic() - began < 5
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("hub")
def test_a_hub_that_nobody_answers_for_is_one_line_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    template = "http://127.0.0.1:9/{repo_id}/{revision}/{filename}"  # nothing listens there
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    began = time.monotonic()
    with pytest.raises(ModelError, match="hub cannot be reached: check the network"):
        load_model(resolve_preset(presets.CUSTOM, "some/model"))
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("hub")
def test_a_busy_hub_is_asked_again_and_the_wait_is_told(caplog: pytest.LogCaptureFixture) -> None:
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    with caplog.at_level(logging.WARNING, logger="codeoutpred"):
        check_hub("busy/model")
    assert "answers 503" in caplog.text
    with pytest.raises(ModelError, match="answers 503; try again later"), loading("busy/model"):
        get_hf_file_metadata(hf_hub_url("busy/model", "config.json"))


@pytest.mark.usefixtures("hub")
def test_a_model_that_is_there_or_in_the_cache_is_let_through(tmp_path: Path) -> None:
    check_hub("good/model")
    kept = tmp_path / "models--gated--model"
    (kept / "snapshots" / "c").mkdir(parents=True)
    (kept / "snapshots" / "c" / "config.json").write_text("{}")
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("c")
    check_hub("gated/model")
