"""The page's own words in the visitor's language; answers stay Chinese, as the reports are."""

from __future__ import annotations

from dataclasses import dataclass

from prompts import Language, page_text, page_texts


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of `prompts/page.yaml` in one language."""

    language: Language = "zh"

    def __call__(self, name: str, /, **variables: object) -> str:
        """Raises TemplateError for an unknown text and for a missing variable."""
        return page_text(name, self.language, **variables)


CHINESE = Words()


def page_words(label: str | None, page: int, words: Words) -> str:
    """`第16页（PDF第18页）`; without a printed page number `PDF第18页`."""
    if label:
        return words("page_label", label=label, page=page)
    return words("page_plain", page=page)


def words_for(accept_language: str) -> Words:
    """The words for a browser's `Accept-Language`: Chinese where it comes first or none is said."""
    first = accept_language.split(",", 1)[0].strip().lower()
    return Words("zh" if not first or first == "*" or first.startswith("zh") else "en")


def translations() -> dict[str, dict[str, str]]:
    """All texts by the browser languages that Gradio tells apart."""
    texts = page_texts()
    by_language = {
        language: {name: text[language] for name, text in texts.items()}
        for language in ("zh", "en")
    }
    chinese = ("zh", "zh-CN", "zh-TW")
    return {**dict.fromkeys(chinese, by_language["zh"]), "en": by_language["en"]}
