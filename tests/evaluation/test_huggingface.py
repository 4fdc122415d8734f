"""A real, tiny Llama as a predictor, on the CPU."""

from __future__ import annotations

import copy

import pytest

from codeoutpred import Predictor, Prompt
from codeoutpred.errors import InvalidValueError, ModelError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from codeoutpred.evaluation.huggingface import (  # noqa: E402
    HuggingFacePredictor,
    completion_losses,
)
from codeoutpred.models.rounds import FIRST_ROUND  # noqa: E402

pytestmark = pytest.mark.heavy

CHARACTERS = "abcdefghij0123456789 ,"


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """More only get in each other's way on a model this small."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tokenizer():
    """A token a character, a start token before every text."""
    vocabulary = {text: i for i, text in enumerate(["<pad>", "<s>", "</s>", "<unk>", *CHARACTERS])}
    core = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, [], unk_token="<unk>"))
    core.decoder = tokenizers.decoders.Fuse()
    core.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        padding_side="right",
    )


@pytest.fixture(scope="module")
def model(tokenizer):
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        initializer_range=0.6,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    return transformers.LlamaForCausalLM(config)


@pytest.fixture
def prompts():
    texts = ["a", "bcd0123,", "j" * 30, "e f", "9, 8, 7", "", "abcabc", "ab"]
    return [
        Prompt(sample_id=f"s{i}", text=text, completion=text[::-1] + "0", format="direct")
        for i, text in enumerate(texts)
    ]


class Cramped(transformers.LlamaForCausalLM):
    """Has memory for so many sequences at once, and no more."""

    room = 3

    def forward(self, input_ids=None, **others):
        if len(input_ids) > self.room:
            raise torch.OutOfMemoryError("no more memory")
        return super().forward(input_ids=input_ids, **others)


@pytest.fixture
def cramped(model):
    small = Cramped(model.config)
    small.load_state_dict(model.state_dict())
    return small


def texts_of(model, tokenizer, prompts, **settings):
    predictor = HuggingFacePredictor(model, tokenizer, **{"max_new_tokens": 12, **settings})
    return [prediction.text for prediction in predictor.predict(prompts)]


def test_the_predictor_fits_the_protocol(model, tokenizer):
    assert isinstance(HuggingFacePredictor(model, tokenizer), Predictor)


def test_a_batch_completes_as_one_prompt_at_a_time_does(model, tokenizer, prompts):
    together = texts_of(model, tokenizer, prompts)
    assert together == [texts_of(model, tokenizer, [prompt])[0] for prompt in prompts]
    assert len(set(together)) > 3


def test_greedy_completion_takes_the_likeliest_token_each_time(model, tokenizer, prompts):
    ids = tokenizer(prompts[1].text)["input_ids"]
    start = len(ids)
    while (
        len(ids) < start + 12
        and (token := int(model(torch.tensor([ids])).logits[0, -1].argmax()))
        != tokenizer.eos_token_id
    ):
        ids.append(token)
    expected = tokenizer.decode(ids[start:], skip_special_tokens=True)
    assert texts_of(model, tokenizer, prompts[1:2]) == [expected]


def test_predictions_keep_the_order_of_the_prompts(model, tokenizer, prompts):
    predictor = HuggingFacePredictor(model, tokenizer, batch_size=3, max_new_tokens=4)
    ids = [prediction.sample_id for prediction in predictor.predict(prompts)]
    assert ids == [prompt.sample_id for prompt in prompts]


def test_no_prompts_give_no_predictions(model, tokenizer):
    assert list(HuggingFacePredictor(model, tokenizer).predict([])) == []


@pytest.mark.parametrize("end", ["</s>", "a"])
def test_the_end_token_is_read_neither_special_nor_ordinary(model, tokenizer, prompts, end):
    end_id = tokenizer.convert_tokens_to_ids(end)
    ending = copy.deepcopy(model)
    ending.generation_config.eos_token_id = [end_id]
    with torch.no_grad():  # whatever the state, the end token is the likeliest
        ending.lm_head.weight.zero_()
    ending.lm_head.bias = torch.nn.Parameter(
        torch.nn.functional.one_hot(torch.tensor(end_id), len(tokenizer)).float()
    )
    assert texts_of(ending, tokenizer, prompts) == [""] * len(prompts)


def test_only_as_many_tokens_as_asked_for_are_written(model, tokenizer, prompts):
    assert max(len(text) for text in texts_of(model, tokenizer, prompts, max_new_tokens=3)) == 3


def test_sampling_hangs_on_the_seed_alone(model, tokenizer, prompts):
    def sampled(seed):
        return texts_of(model, tokenizer, prompts, temperature=1.0, seed=seed)

    first = sampled(1)
    torch.manual_seed(99)
    assert sampled(1) == first
    assert sampled(2) != first


def test_sampling_leaves_the_random_state_as_it_was(model, tokenizer, prompts):
    before = torch.get_rng_state()
    texts_of(model, tokenizer, prompts, temperature=1.0)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("training", [True, False])
def test_the_models_mode_and_the_padding_side_are_left_as_they_were(
    model, tokenizer, prompts, training
):
    model.train(training)
    texts_of(model, tokenizer, prompts)
    completion_losses(model, tokenizer, prompts)
    assert model.training is training
    assert tokenizer.padding_side == "right"


def test_a_model_that_samples_by_default_is_still_greedy_here(model, tokenizer, prompts):
    chatty = copy.deepcopy(model)
    chatty.generation_config.update(do_sample=True, temperature=0.6, top_k=2)
    assert texts_of(chatty, tokenizer, prompts) == texts_of(model, tokenizer, prompts)


def test_out_of_memory_halves_the_batch(model, cramped, tokenizer, prompts):
    expected = texts_of(model, tokenizer, prompts)
    assert texts_of(cramped, tokenizer, prompts) == expected


def test_out_of_memory_with_one_prompt_is_one_readable_error(cramped, tokenizer, prompts):
    cramped.room = 0
    with pytest.raises(ModelError, match="single sequence of 31 tokens"):
        texts_of(cramped, tokenizer, prompts)


def test_another_error_of_the_model_is_not_hidden(cramped, tokenizer, prompts):
    del cramped.model.layers
    with pytest.raises(AttributeError):
        texts_of(cramped, tokenizer, prompts)


def test_progress_is_told_after_every_batch(model, tokenizer, prompts):
    told = []
    texts_of(
        model, tokenizer, prompts, batch_size=3, progress=lambda *numbers: told.append(numbers)
    )
    assert told == [(3, 8), (6, 8), (8, 8)]


@pytest.mark.parametrize(
    "settings", [{"batch_size": 0}, {"max_new_tokens": 0}, {"temperature": -1.0}]
)
def test_senseless_settings_are_refused(model, tokenizer, settings):
    with pytest.raises(InvalidValueError, match=next(iter(settings))):
        HuggingFacePredictor(model, tokenizer, **settings)


def test_the_loss_is_that_of_the_completion_and_the_end_token(model, tokenizer, prompts):
    losses = completion_losses(model, tokenizer, prompts, batch_size=3)
    for prompt, loss in zip(prompts, losses, strict=True):
        ids = tokenizer(prompt.text + prompt.completion)["input_ids"] + [tokenizer.eos_token_id]
        start = len(tokenizer(prompt.text)["input_ids"])
        labels = [-100] * start + ids[start:]
        mean = model(input_ids=torch.tensor([ids]), labels=torch.tensor([labels])).loss
        assert loss.sample_id == prompt.sample_id
        assert loss.tokens == len(prompt.completion) + 1
        assert loss.nats / loss.tokens == pytest.approx(mean.item(), rel=1e-4)


def test_the_loss_does_not_hang_on_the_batch(cramped, tokenizer, prompts):
    halved = completion_losses(cramped, tokenizer, prompts, batch_size=8)
    single = completion_losses(cramped, tokenizer, prompts, batch_size=1)
    assert [loss.nats for loss in halved] == pytest.approx([loss.nats for loss in single], rel=1e-4)


def test_the_predictor_measures_the_loss_of_its_own_model(model, tokenizer, prompts):
    losses = HuggingFacePredictor(model, tokenizer).completion_losses(prompts)
    expected = completion_losses(model, tokenizer, prompts)
    assert [loss.nats for loss in losses] == pytest.approx([loss.nats for loss in expected])


def test_progress_counts_all_prompts_in_every_round(model, tokenizer, prompts):
    endless = copy.deepcopy(model)
    endless.generation_config.eos_token_id = None
    with torch.no_grad():  # never the end token
        endless.lm_head.weight[tokenizer.eos_token_id] = 0
    told = []
    texts_of(
        endless,
        tokenizer,
        prompts,
        max_new_tokens=FIRST_ROUND + 2,
        progress=lambda *numbers: told.append(numbers),
    )
    assert {total for _, total in told} == {len(prompts)}
    assert len(told) > 1


def test_each_prompt_is_completed_k_times(model, tokenizer, prompts):
    predictor = HuggingFacePredictor(model, tokenizer, max_new_tokens=6, temperature=1.0, k=3)
    predictions = list(predictor.predict(prompts))
    assert [p.sample_id for p in predictions] == [p.sample_id for p in prompts for _ in range(3)]
    assert len({p.text for p in predictions[:3]}) > 1


def test_several_greedy_completions_are_refused(model, tokenizer):
    with pytest.raises(InvalidValueError, match="k is 2 at temperature 0"):
        HuggingFacePredictor(model, tokenizer, k=2)


def test_confidence_is_the_probability_of_the_whole_completion(model, tokenizer, prompts):
    predictor = HuggingFacePredictor(model, tokenizer, max_new_tokens=6, confidence=True)
    for prompt, prediction in zip(prompts[:3], predictor.predict(prompts[:3]), strict=True):
        ids = tokenizer(prompt.text)["input_ids"]
        expected = 1.0
        for _ in range(6):
            chances = model(torch.tensor([ids])).logits[0, -1].softmax(-1)
            ids.append(int(chances.argmax()))
            expected *= chances.max().item()
            if ids[-1] == tokenizer.eos_token_id:
                break
        assert prediction.confidence == pytest.approx(expected, rel=1e-3)
        assert prediction.clipped == (ids[-1] != tokenizer.eos_token_id)


def test_free_reasoning_has_no_confidence(model, tokenizer, prompts):
    prompt = Prompt(sample_id="s", text="ab", completion="", format="cot")
    predictor = HuggingFacePredictor(model, tokenizer, max_new_tokens=2, confidence=True)
    assert [p.confidence for p in predictor.predict([prompt])] == [None]
