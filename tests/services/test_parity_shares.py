"""Share links over HTTP and on the command line: the same links, the same refusals; and support's way to end one."""

from collections.abc import Callable
from functools import partial

import pytest

import cli.commands.accounts
import cli.commands.sharing
import cli.commands.support
from models.access import SecurityEventKind
from tests.api.conftest import Api
from tests.api.test_shares import Shared
from tests.services.conftest import Terminal

TerminalFor = Callable[..., Terminal]
make, list_links, revoke = cli.commands.sharing.make, cli.commands.sharing.list_links, cli.commands.sharing.revoke


@pytest.fixture
async def shared(api: Api) -> Shared:
    return Shared(api, await api.sign_up())


async def test_both_sides_make_list_and_end_the_same_links(shared: Shared, terminal_for: TerminalFor) -> None:
    terminal, stranger = terminal_for(shared.person.account_id), shared.api.stranger()
    await shared.link(days=3, download=True)
    typed = await terminal.run(partial(make, shared.video_id, None, 7, True))
    assert (await stranger.get(typed["url"])).status_code == 200
    listed = (await shared.http.get(shared.url)).json()["items"]
    assert (await terminal.run(partial(list_links, shared.video_id)))["shares"] == listed
    assert [one["share_id"] for one in listed][:1] == [typed["share_id"]]
    assert await terminal.run(partial(revoke, shared.video_id, typed["share_id"])) == {"share_id": typed["share_id"]}
    assert (await stranger.get(typed["url"])).status_code == 404
    assert (await shared.http.get(shared.url)).json()["items"] == listed[1:]


async def test_both_sides_refuse_alike(shared: Shared, terminal_for: TerminalFor) -> None:
    terminal, other = terminal_for(shared.person.account_id), shared.url.replace(shared.video_id, "video-0")
    for url, version, command in (
        (shared.url, 9, partial(make, shared.video_id, 9, 30, False)),
        (other, None, partial(make, "video-0", None, 30, False)),
    ):
        refused = (await shared.http.post(url, json={"version": version})).json()
        assert await terminal.refusal(command) == (refused["code"], refused["detail"])
    gone = (await shared.http.delete(f"{shared.url}/share-0")).json()
    assert await terminal.refusal(partial(revoke, shared.video_id, "share-0")) == (gone["code"], gone["detail"])
    absent = (await shared.http.get(other)).json()
    assert await terminal.refusal(partial(list_links, "video-0")) == (absent["code"], absent["detail"])


async def test_support_sees_links_and_ends_one_with_a_reason(shared: Shared, terminal_for: TerminalFor) -> None:
    account_id = shared.person.account_id
    terminal, stranger = terminal_for("account-of-support"), shared.api.stranger()
    first, second = await shared.link(), await shared.link()
    seen = await terminal.run(partial(cli.commands.support.show, account_id, "sam"))
    assert [one["video_id"] for one in seen["shares"]] == [shared.video_id] * 2
    assert first not in repr(seen)
    unshare = partial(cli.commands.accounts.unshare, reason="a complaint", actor="sam")
    # As it was sent, or by its id.
    ended = await terminal.run(partial(unshare, f"http://localhost:8080/shared/{first}"))
    (left,) = (await shared.http.get(shared.url)).json()["items"]
    assert ended["share_id"] != left["share_id"]
    assert [(await stranger.get(f"/shared/{one}")).status_code for one in (first, second)] == [404, 200]
    await terminal.run(partial(unshare, left["share_id"]))
    assert (await terminal.refusal(partial(unshare, left["share_id"])))[0] == "not_found"
    audit = shared.api.backend.stores.support.of(shared.video_id)
    assert [(one.actor, one.action, one.outcome) for one in audit] == [("sam", "unshare", "done")] * 2
    assert [one.reason for one in audit] == [f"a complaint ({id_})" for id_ in (ended["share_id"], left["share_id"])]
    kinds = [one.kind for one in shared.api.backend.access.events.of(account_id)]
    assert kinds.count(SecurityEventKind.SUPPORT_WROTE) == kinds.count(SecurityEventKind.SHARE_REVOKED) == 2
