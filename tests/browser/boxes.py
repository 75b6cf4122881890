"""Boxes, measured: nothing is wider than the window or than what it lies in, and titles take two lines at most.

What has the focus lies under nothing else.
"""

from playwright.async_api import Page

WIDTHS = (320, 390, 1024, 1440)
_SPILLED = """(title) => {
    const told = (one) => `${one.tagName}#${one.id}.${one.className} ${(one.textContent || "").trim().slice(0, 30)}`;
    const scrolls = (one) => {
        for (let box = one.parentElement; box; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== "visible") return true;
        return false;
    };
    const found = [];
    for (const one of document.querySelectorAll("body *:not(svg *)")) {
        if (!one.checkVisibility() || one.closest(".visually-hidden, .skip")) continue;
        const box = one.getBoundingClientRect();
        if (!box.width || scrolls(one)) continue;
        if (box.right > innerWidth + 1 || box.left < -1) found.push(`beside the window: ${told(one)}`);
        const style = getComputedStyle(one);
        if (style.overflowX === "visible" && style.display !== "inline" && one.scrollWidth > one.clientWidth + 1)
            found.push(`wider than its box: ${told(one)}`);
    }
    const lines = (one) => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight);
    const shows = (node) => node.nodeType === Node.TEXT_NODE && title && node.data.includes(title);
    const has = (one) => [...one.childNodes].some(shows);
    for (const one of document.querySelectorAll("body *:not(svg *, script, textarea, option)")) {
        if (!one.matches("h1, .title") && !has(one)) continue;
        // A sentence about something may be longer than its name.
        if (one.closest(".visually-hidden, #dialog-words") || !one.checkVisibility()) continue;
        let block = one;
        while (getComputedStyle(block).display === "inline") block = block.parentElement;
        if (lines(block) > 2.2) found.push(`${lines(block).toFixed(1)} lines: ${told(block)}`);
    }
    for (const length of document.querySelectorAll(".song-pick .number")) {
        const list = length.closest(".song-list").getBoundingClientRect();
        const isCut = length.checkVisibility() && length.getBoundingClientRect().right > list.right;
        if (isCut) found.push("a duration is out of view");
    }
    for (const table of document.querySelectorAll(".table-frame"))
        if (table.scrollWidth > table.clientWidth + 1) found.push("a table is cut off");
    return found;
}"""

_COVERED = """async () => {
    const found = [];
    const stops = "main :is(a[href], button, input, textarea, select, summary, [tabindex])";
    const all = [...document.querySelectorAll(stops)];
    for (const one of all.filter((one) => one.checkVisibility() && !one.disabled && !one.closest(".timeline"))) {
        // Below a player that is seen instead.
        if (one.tagName === "VIDEO" || one.closest(".visually-hidden")) continue;
        for (const from of [0, 1e6]) {
            document.activeElement.blur();
            scrollTo(0, from);
            one.focus();
            await new Promise(requestAnimationFrame);
            const box = one.getBoundingClientRect();
            const [middle, seen] = [box.left + box.width / 2, one.closest("label") ?? one];
            const heights = Array.from({ length: Math.floor(box.height) }, (_, at) => box.top + at + 0.5);
            const shown = heights.filter((y) => seen.contains(document.elementFromPoint(middle, y))).length;
            if (document.activeElement === one && shown < Math.min(box.height, 20) - 4)
                found.push(`${one.tagName}#${one.id} shows ${shown} of ${box.height} px`);
        }
    }
    document.activeElement.blur();
    return found;
}"""


async def covered(page: Page) -> list[str]:
    """What lies under something else once it has the focus, from either end of the page; a sentence each."""
    found: list[str] = await page.evaluate(_COVERED)
    return found


async def spilled(page: Page, title: str = "") -> list[str]:
    """What does not keep to its box, in the width that the page has now.

    Args:
        page: The page.
        title: Words of a long title: whatever shows them must keep to two lines, too.

    Returns:
        A sentence each.
    """
    found: list[str] = await page.evaluate(_SPILLED, title)
    return found


async def spilled_anywhere(page: Page, title: str = "", height: int = 800) -> list[str]:
    """The same in all widths; the window has the last one afterwards."""
    found = []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": height})
        found += [f"{one} (at {width} px)" for one in await spilled(page, title)]
    return found
