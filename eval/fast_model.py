"""A sentence-transformers model that costs next to nothing, to measure everything but the model.

A `StaticEmbedding` over single characters, as wide as the default model, with random vectors from a
fixed seed: texts that share characters are near each other. Not for answers.
"""

from __future__ import annotations

from pathlib import Path

WIDTH = 384
_CHARACTERS = (*range(0x20, 0x7F), *range(0x2010, 0x2030), *range(0x3000, 0x3020))
_IDEOGRAPHS = (*range(0x4E00, 0x9FA6), *range(0xFF01, 0xFF5F))


def save_fast_model(folder: Path) -> Path:
    """Write the model into `folder`, unless it is there; what REPORTQA_MODEL is to name."""
    if (folder / "modules.json").exists():
        return folder
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {chr(code): place for place, code in enumerate(_CHARACTERS + _IDEOGRAPHS, 1)}
    vocabulary["[UNK]"] = 0
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    generator = torch.Generator().manual_seed(384)
    weights = torch.randn(len(vocabulary), WIDTH, generator=generator)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights.numpy())], device="cpu"
    )
    model.save(str(folder))
    return folder
