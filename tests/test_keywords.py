"""The keyword index: character bigrams, saved and loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import StoreError
from index.keywords import KeywordIndex, bigrams

TEXTS = ["公务接待费决算数3.36万元", "公务用车运行维护费8.10万元", "住房公积金143.68万元", ""]


def test_bigrams_ignore_space_quotes_and_radicals() -> None:
    assert bigrams("“三 公”经费") == ["三公", "公经", "经费"]
    assert bigrams("⽀出") == bigrams("支出")
    assert bigrams("费") == ["费"]
    assert bigrams("") == []


def test_best_first_and_nothing_for_strangers() -> None:
    index = KeywordIndex.of(TEXTS)
    assert [i for i, _ in index.search("公务接待费", 2)] == [0, 1]
    assert index.search("住房公积金是多少", 5)[0][0] == 2
    assert index.search("天文望远镜", 5) == []
    assert index.search("", 5) == []


def test_saved_and_loaded_gives_the_same(tmp_path: Path) -> None:
    index = KeywordIndex.of(TEXTS)
    index.save(tmp_path / "k")
    loaded = KeywordIndex.load(tmp_path / "k", len(TEXTS))
    assert loaded.search("运行维护费", 3) == index.search("运行维护费", 3)


@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_damaged(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "k"
    if damage == "garbage":
        KeywordIndex.of(TEXTS).save(folder)
        for path in folder.iterdir():
            path.write_bytes(b"\x00garbage")
    with pytest.raises(StoreError, match="python -m index build"):
        KeywordIndex.load(folder, 4)
