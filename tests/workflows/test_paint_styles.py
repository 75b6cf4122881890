"""The style pictures are painted once, by the first run."""

from models.style_pictures import style_picture_key
from models.styles import STYLES
from temporal.style_pictures import start_style_pictures
from tests.fakes.world import World


async def test_every_style_gets_one_picture_and_only_once(world: World) -> None:
    keys = {style_picture_key(style) for style in STYLES}
    world.stores.objects.delete_prefix("styles/")
    first, joined = await start_style_pictures(world.client), await start_style_pictures(world.client)
    assert (await first.result()).painted + (await joined.result()).painted in (len(STYLES), 2 * len(STYLES))
    assert keys == set(world.stores.objects.list_keys("styles/"))
    assert world.faults.calls["paint"] == len(STYLES)

    lost = style_picture_key(STYLES[3])
    world.stores.objects.delete_prefix(lost)
    again = await start_style_pictures(world.client)
    assert (await again.result()).painted == 1
    assert keys == set(world.stores.objects.list_keys("styles/"))
