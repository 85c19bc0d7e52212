"""Messages that people pass on, as Telegram brings them to the bot."""

import pytest

from bot.clock import SystemClock
from bot.demo.forwarding import forward
from bot.demo.model import Refusal
from bot.demo.world import World


@pytest.fixture
def world() -> World:
    made = World(SystemClock(), bot_id=1, username="a_bot")
    made.person(11, "Ada")
    made.person(12, "Bo")
    made.channel(-1009, "The Mill", {11: "creator"})
    return made


def test_post_names_its_channel(world: World) -> None:
    post = world.say(-1009, 11, "A **post**", entities=[{"type": "bold", "offset": 0, "length": 1}])
    [passed] = forward(world, -1009, post["message_id"], to=12, user=12)
    assert passed["chat"]["id"] == 12
    assert passed["from"]["id"] == 12
    assert (passed["text"], passed["entities"]) == (post["text"], post["entities"])
    origin = passed["forward_origin"]
    assert (origin["type"], origin["chat"]["title"], origin["message_id"]) == (
        "channel",
        "The Mill",
        post["message_id"],
    )


def test_message_of_a_person_names_them(world: World) -> None:
    said = world.say(11, 11, "Words")
    [passed] = forward(world, 11, said["message_id"], to=12, user=12)
    assert passed["forward_origin"]["sender_user"]["first_name"] == "Ada"


def test_album_is_passed_on_whole(world: World) -> None:
    first, _ = world.album(-1009, 11, "The first", "")
    passed = forward(world, -1009, first["message_id"], to=12, user=12)
    assert [each.get("caption") for each in passed] == ["The first", None]
    assert len({each["media_group_id"] for each in passed}) == 1


def test_message_that_is_gone_is_refused(world: World) -> None:
    with pytest.raises(Refusal):
        forward(world, -1009, 99, to=12, user=12)
