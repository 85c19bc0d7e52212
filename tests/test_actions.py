"""Every action is built by a button and handled, and reads back what it wrote."""

import ast
import typing
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from bot.actions.awaited import AWAITED, AwaitedSetting, AwaitedZone, read_awaited
from bot.actions.codec import Codec, none_as, written_as
from bot.actions.model import ACTIONS, Action
from bot.actions.readers import ChooseDays, OpenSection, PauseUntil, ShowQuote, SubscribeInZone, SwitchTime
from bot.article.model import ArticleId, SectionId
from bot.errors import Unreadable
from bot.reader.model import ReaderId
from bot.tg.application import ROUTES
from bot.tg.routes import PressRoute

BOT: Final = Path(__file__).parents[1] / "bot"
NAMES: Final = [each.__name__ for each in typing.get_args(Action)]


@cache
def names_built() -> set[str]:
    """Every name in the product that is called or handed on, but not to what registers or tests a type."""
    found: set[str] = set()
    for path in BOT.rglob("*.py"):
        if path.parent.name == "actions":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        taken = {id(each) for node in ast.walk(tree) for each in _only_types(node)}
        names = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in taken)
        found |= {name.id for name in names}
    return found


def _only_types(node: ast.AST) -> list[ast.expr]:
    """What a node uses as a type alone: annotations, patterns, routes."""
    match node:
        case ast.Call(func=ast.Name(id="pressed" | "answer" | "isinstance")):
            return node.args
        case ast.BinOp(op=ast.BitOr()):
            return [node.left, node.right]
        case ast.MatchClass():
            return [node.cls]
        case ast.arg(annotation=annotation) if annotation is not None:
            return [each for each in ast.walk(annotation) if isinstance(each, ast.expr)]
        case _:
            return []


def test_every_action_has_one_handler() -> None:
    handled = [route.action for route in ROUTES if isinstance(route, PressRoute)]
    assert sorted(each.__name__ for each in handled) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_built_by_some_button(name: str) -> None:
    assert name in names_built()


@pytest.mark.parametrize(
    ("action", "data"),
    [
        (OpenSection(ArticleId(12), SectionId("ab3f9k"), 0), "sec:12:ab3f9k:0"),
        (ShowQuote(None), "quo:0"),
        (ShowQuote(ArticleId(7)), "quo:7"),
        (SwitchTime(ReaderId(1), time(5)), "set:1:time:0500"),
        (ChooseDays(ReaderId(1), frozenset({5, 1})), "set:1:day:15"),
        (PauseUntil(None, None), "set:0:until:0"),
        (PauseUntil(None, date(2026, 12, 24)), "set:0:until:2026-12-24"),
        (SubscribeInZone("Etc/GMT+5"), "zone:Etc/GMT+5"),
    ],
    ids=str,
)
def test_action_is_written_as_ever(action: Action, data: str) -> None:
    assert ACTIONS.encode(action) == data
    assert ACTIONS.decode(data) == action


@pytest.mark.parametrize(
    "data",
    [
        "", "sum", "sum:", "sum:x", "sum:-1", "sum:1:2", "sum:1٢", "sum:" + "9" * 19, "out:1", "set:1:time:25", "set:1:time:2460",
        "set:1:day:8", "set:1:day:", "set:1:until:2026-02-30", "set:1:say:xx", "set:1:part:x", "set:1:nothing", "bc:1:jump", "help:1", "forget",
    ],
)  # fmt: skip
def test_data_that_nothing_writes_is_unreadable(data: str) -> None:
    with pytest.raises(Unreadable):
        ACTIONS.decode(data)


def test_no_two_actions_write_the_same() -> None:
    written = [_example(each) for each in ACTIONS.classes]
    assert [ACTIONS.decode(ACTIONS.encode(each)) for each in written] == written


def _example(class_: type[Any]) -> Any:
    """A value of an action, with the first value that each field can have."""
    hints = typing.get_type_hints(class_)
    return class_(**{name: _value(hint) for name, hint in hints.items() if name != "TEMPLATE"})


def _value(hint: Any) -> Any:
    if type(None) in typing.get_args(hint):
        return None
    if typing.get_origin(hint) is typing.Literal:
        return typing.get_args(hint)[0]
    plain = getattr(hint, "__supertype__", hint)
    return {int: 1, str: "a", time: time(8), date: date(2026, 1, 2), frozenset[int]: frozenset({1})}[plain]


@pytest.mark.parametrize("awaited", [AwaitedZone("8:30 weekdays"), AwaitedSetting(ReaderId(3), "gozone")])
def test_what_is_awaited_is_read_back(awaited: AwaitedZone | AwaitedSetting) -> None:
    assert read_awaited(AWAITED.encode(awaited)) == awaited


@pytest.mark.parametrize(("text", "read"), [(None, None), ("zone", AwaitedZone("")), ("settings x y", None)])
def test_what_another_version_awaited_is_forgotten(text: str | None, read: AwaitedZone | None) -> None:
    assert read_awaited(text) == read


def test_codec_tells_templates_of_one_shape_apart_by_their_fields() -> None:
    @written_as("x:{number}")
    class Number:
        number: int

    @written_as("x:{text}")
    class Text:
        text: str | None = none_as("-")

    codec: Codec[Number | Text] = Codec((Number, Text))
    assert codec.decode("x:7") == Number(7)
    assert codec.decode("x:a") == Text("a")
    assert codec.decode("x:-") == Text(None)
