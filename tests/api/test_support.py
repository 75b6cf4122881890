"""Support's actions over HTTP: only for the role."""

from tests.api.conftest import Api

WHY = {"reason": "the artist asked"}


async def test_without_the_role_there_is_no_support(api: Api) -> None:
    person = await api.sign_up()
    calls = [("GET", "runs", None), ("POST", "runs/video-1/retry", WHY), ("POST", "runs/video-1/abandonment", WHY)]
    for method, path, body in calls:
        answer = await person.http.request(method, f"/api/v1/support/{path}", json=body)
        assert answer.status_code == 404, path

    api.make_supporter(person.account_id)
    assert (await person.http.get("/api/v1/support/runs")).status_code == 200
    for action in ("retry", "abandonment"):
        url = f"/api/v1/support/runs/video-1/{action}"
        assert (await person.http.post(url, json={"reason": " "})).status_code == 422, "a reason is needed"
        unknown = await person.http.post(url, json=WHY)
        assert (unknown.status_code, unknown.json()["detail"]) == (404, "There is no such run.")
