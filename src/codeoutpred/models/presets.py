"""The models that come by name, with the hyperparameters that suit each."""

from __future__ import annotations

from codeoutpred.registry import ModelPreset

_LLAMA_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")

TINY = ModelPreset(
    name="tiny",
    description="embedded 1.4 M Llama, pre-trained on short Python drills; runs anywhere",
    builder="codeoutpred.models.tiny:build",
    parameters=1_407_200,
    prompt_format="trace",
    new_tokens=320,
    prediction_batch_size=128,
    generator="drills",
    levels=(1, 2),
    quantization="none",
    chat=False,
    supervised={
        "epochs": 0.5,  # it knows the drills already, and ten minutes are to do for all
        "batch_size": 32,
        "learning_rate": 1e-3,
        "lora_rank": 0,
        "validation_samples": 0,  # to answer takes as long as to train
    },
    reinforcement={
        "episodes": 2048,
        "batch_size": 128,
        "group_size": 8,
        "learning_rate": 1e-4,
        "candidates": 2000,
        "lora_rank": 0,
    },
)

PHI_2 = ModelPreset(
    name="phi-2",
    description="Microsoft Phi-2, 2.8 B, code and text",
    hub_id="microsoft/phi-2",
    parameters=2_779_683_840,
    chat=False,
    config={
        "model_type": "phi",
        "vocab_size": 51200,
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
    },
    lora_targets=("q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"),
)

CODELLAMA_7B = ModelPreset(
    name="codellama-7b",
    description="Meta Code Llama, 6.7 B, code",
    hub_id="codellama/CodeLlama-7b-hf",
    parameters=6_738_546_688,
    chat=False,
    config={
        "model_type": "llama",
        "vocab_size": 32016,
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "max_position_embeddings": 16384,
        "tie_word_embeddings": False,
    },
    lora_targets=_LLAMA_LINEAR,
)

DEEPSEEK_CODER_6_7B = ModelPreset(
    name="deepseek-coder-6.7b",
    description="DeepSeek Coder base, 6.7 B, code",
    hub_id="deepseek-ai/deepseek-coder-6.7b-base",
    parameters=6_740_512_768,
    chat=False,
    config={
        "model_type": "llama",
        "vocab_size": 32256,
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "max_position_embeddings": 16384,
        "tie_word_embeddings": False,
    },
    lora_targets=_LLAMA_LINEAR,
)

STARCODER2_7B = ModelPreset(
    name="starcoder2-7b",
    description="BigCode StarCoder2, 7.2 B, code",
    hub_id="bigcode/starcoder2-7b",
    parameters=7_173_923_840,
    chat=False,
    config={
        "model_type": "starcoder2",
        "vocab_size": 49152,
        "hidden_size": 4608,
        "intermediate_size": 18432,
        "num_hidden_layers": 32,
        "num_attention_heads": 36,
        "num_key_value_heads": 4,
        "max_position_embeddings": 16384,
        "tie_word_embeddings": True,
    },
    lora_targets=("q_proj", "k_proj", "v_proj", "o_proj", "c_fc", "c_proj"),
)

MISTRAL_7B = ModelPreset(
    name="mistral-7b",
    description="Mistral v0.1, 7.2 B, general",
    hub_id="mistralai/Mistral-7B-v0.1",
    parameters=7_241_732_096,
    chat=False,
    config={
        "model_type": "mistral",
        "vocab_size": 32000,
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "max_position_embeddings": 32768,
        "tie_word_embeddings": False,
    },
    lora_targets=_LLAMA_LINEAR,
)

CUSTOM = ModelPreset(
    name="custom",
    description="any Hugging Face causal model: --custom-model-id HUB_ID_OR_FOLDER",
)
