"""Runs among the peers, in their own environment: documents as JSON in, their messages and times out."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import chatgpt_md_converter  # type: ignore[import-not-found]  # not in our environment
import telegramify_markdown  # type: ignore[import-not-found]  # likewise

LIMIT = 4096
TIMES = 3


def telegramify(text: str) -> list[dict[str, Any]]:
    """Texts with entities."""
    whole, entities = telegramify_markdown.convert(text)
    parts = telegramify_markdown.split_entities(whole, entities, LIMIT)
    return [{"text": part, "entities": [entity.to_dict() for entity in found]} for part, found in parts]


def chatgpt(text: str) -> list[dict[str, Any]]:
    """Texts in HTML."""
    html = chatgpt_md_converter.telegram_format(text)
    return [{"html": part} for part in chatgpt_md_converter.split_html_for_telegram(html)]


def measured(peer: Callable[[str], list[dict[str, Any]]], texts: list[str]) -> dict[str, Any]:
    """The messages of each document, and the best of three times in milliseconds."""
    found, times = [], []
    for text in texts:
        spent = []
        for _ in range(TIMES):
            start = time.perf_counter()
            peer(text)
            spent.append((time.perf_counter() - start) * 1000)
        found.append(peer(text))
        times.append(min(spent))
    return {"parts": found, "ms": times}


if __name__ == "__main__":
    documents = json.load(sys.stdin)
    json.dump(
        {
            "telegramify-markdown": measured(telegramify, documents),
            "chatgpt-md-converter": measured(chatgpt, documents),
        },
        sys.stdout,
    )
