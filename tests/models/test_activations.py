"""What training keeps in memory, counted on tensors without content, beside the planner's rule."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

torch = pytest.importorskip("torch")
peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")

from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402

from codeoutpred.models import presets  # noqa: E402
from codeoutpred.models.memory import plan_memory  # noqa: E402
from codeoutpred.models.shapes import shape_of  # noqa: E402

pytestmark = pytest.mark.heavy

TOKENS = 1024


class Counted(TorchDispatchMode):  # type: ignore[misc]
    """Bytes of all storages that come while it is on, now and at most."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self._known: weakref.WeakKeyDictionary[Any, None] = weakref.WeakKeyDictionary()

    def __torch_dispatch__(self, function, types, arguments=(), named=None):
        for tensor in tree_leaves((arguments, named)):
            if isinstance(tensor, torch.Tensor):
                self._known[tensor.untyped_storage()] = None
        output = function(*arguments, **(named or {}))
        for tensor in tree_leaves(output):
            if isinstance(tensor, torch.Tensor) and tensor.untyped_storage() not in self._known:
                storage = tensor.untyped_storage()
                self._known[storage] = None
                self.now += storage.nbytes()
                self.peak = max(self.peak, self.now)
                weakref.finalize(storage, self._gone, storage.nbytes())
        return output

    def _gone(self, size: int) -> None:
        self.now -= size


@pytest.fixture
def like_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two operations are done in 32 bits under autocast on a GPU, and not on a CPU."""
    power, norm = torch.pow, torch.nn.functional.layer_norm

    def wide(value: Any) -> Any:
        return value.float() if isinstance(value, torch.Tensor) else value

    monkeypatch.setattr(torch, "pow", lambda x, *more: power(wide(x), *more))
    monkeypatch.setattr(
        torch.nn.functional,
        "layer_norm",
        lambda x, size, weight, bias, eps: norm(wide(x), size, wide(weight), wide(bias), eps),
    )


def adapted(preset: Any, layers: int) -> Any:
    """The preset with so many blocks of their real width, rank 64, without content."""
    fields = {**preset.config, "num_hidden_layers": layers}
    config = transformers.AutoConfig.for_model(fields.pop("model_type"), **fields)
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
        targets = list(preset.lora_targets)
        model = peft.get_peft_model(model, peft.LoraConfig(r=64, target_modules=targets))
    return model


def fill(model: Any) -> None:
    """Let the weights be on the device; those that are trained in 32 bits."""
    for module in model.modules():
        for name, weight in module._parameters.items():
            if weight is not None:
                trained = weight.requires_grad
                kind = torch.float32 if trained else weight.dtype
                empty = torch.empty(weight.shape, dtype=kind)
                module._parameters[name] = torch.nn.Parameter(empty, requires_grad=trained)
        for name, value in module._buffers.items():
            module._buffers[name] = torch.empty(value.shape, dtype=value.dtype)


def peak(preset: Any, layers: int, *, checkpointed: bool) -> float:
    """The most GB beside the weights, on the way forward and back."""
    model = adapted(preset, layers)
    with FakeTensorMode(allow_non_fake_inputs=True):
        fill(model)
        model.train()
        if checkpointed:
            model.enable_input_require_grads()
            model.gradient_checkpointing_enable({"use_reentrant": False})
        ids = torch.zeros(1, TOKENS, dtype=torch.long)
        with Counted() as memory:
            with torch.autocast("cpu", torch.bfloat16):
                decoder = model.get_base_model().base_model
                loss = decoder(input_ids=ids, use_cache=False).last_hidden_state.float().sum()
            loss.backward()
    return memory.peak / 1e9


@pytest.mark.usefixtures("like_a_gpu")
@pytest.mark.parametrize("preset", [presets.PHI_2, presets.CODELLAMA_7B, presets.STARCODER2_7B])
def test_activations_are_as_planned(preset: Any) -> None:
    """Within 15 %, on two blocks of the real width."""
    shape = shape_of({**preset.config, "num_hidden_layers": 2})
    plan = plan_memory(shape, batch_size=1, max_length=TOKENS, quantization="none")
    weights_and_moments = plan.weights_gb + plan.trained * 12 / 1e9
    for planned, checkpointed in (
        (plan.supervised_gb, False),
        (plan.supervised_checkpointed_gb, True),
    ):
        found = peak(preset, 2, checkpointed=checkpointed)
        assert planned - weights_and_moments == pytest.approx(found, rel=0.15)
