"""Who may come in to a shared page, and who may change anything."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import pytest
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from rag.errors import NotOwner, SharingRefused
from rag.settings import Settings
from rag.web import entrance
from rag.web.door import OWNER, SHARED, is_owner, require_owner, standing_html
from rag.web.entrance import ATTEMPTS, DOOR, OUT, Attempts
from rag.web.guard import LONGEST, UPLOAD, Guard
from rag.web.sharing import VALID, Role, Sharing
from tests.making import Element, parsed
from tests.test_web_guard import STRANGERS, Header, Reply, scope_of

PASSWORD = "open sesame"  # noqa: S105
TOKEN = "the token of the owner"  # noqa: S105
PROXY = "10.0.0.7"
VISITOR = "192.0.2.9"
HOST = "192.0.2.1:7860"
USER = "x-forwarded-user"

CHANGING = [*(("POST", path) for path in LONGEST), ("PUT", f"{UPLOAD}a.txt")]
READING = [
    *(("GET", path) for path in ("/", "/config", "/theme.css", "/parallax/page.css")),
    *(("GET", path) for path in ("/gradio_api/queue/data", "/gradio_api/heartbeat/1", "/assets/a")),
]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "DELAY", 0.0)


def sharing(*, password: str | None = PASSWORD, proxy: bool = False, **more: Any) -> Sharing:  # noqa: ANN401
    by_proxy = {"proxy": ip_address(PROXY), "header": USER} if proxy else {}
    return Sharing(token=TOKEN, password=password, **(by_proxy | more))


@dataclass
class Behind:
    """The page: it notes what reaches it, and as whose request."""

    reached: list[tuple[str, str, bool]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append((scope["method"], scope["path"], scope[OWNER]))
        await PlainTextResponse("reached")(scope, receive, send)


class Visitor:
    """Somebody at a page; what the page gives them to keep they keep."""

    def __init__(
        self, shared: Sharing | None, *always: Header, client: str = VISITOR, host: str = HOST
    ) -> None:
        self.behind = Behind()
        self.guard = Guard(self.behind, shared)
        self.always, self.client, self.host = always, client, host
        self.cookies: dict[str, str] = {}

    def __call__(
        self, method: str, path: str, *headers: Header, body: bytes = b"", query: str = ""
    ) -> Reply:
        return asyncio.run(self.ask(method, path, *headers, body=body, query=query))

    async def ask(
        self, method: str, path: str, *headers: Header, body: bytes = b"", query: str = ""
    ) -> Reply:
        names = {name for name, _ in headers}
        own = [("host", self.host), ("content-length", str(len(body))), *self.always]
        if self.cookies:
            own.append(("cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items())))
        sent = [*(each for each in own if each[0] not in names), *headers]
        scope = scope_of("http", path, sent) | {
            "method": method, "client": (self.client, 50000), "query_string": query.encode(),
        }  # fmt: skip
        bodies: list[Message] = [{"type": "http.request", "body": body}]
        got: list[Message] = []

        async def receive() -> Message:
            return bodies.pop() if bodies else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            got.append(message)

        await self.guard(scope, receive, send)
        reply = Reply(
            got[0]["status"],
            Request({"type": "http", "headers": got[0]["headers"]}).headers,
            b"".join(each.get("body", b"") for each in got[1:]),
        )
        self._keep(reply)
        return reply

    def _keep(self, reply: Reply) -> None:
        for line in reply.headers.getlist("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]

    def sign_in(self, secret: str, query: str = "", *headers: Header) -> Reply:
        body = urlencode({"secret": secret}).encode()
        origin = () if any(name == "origin" for name, _ in headers) else self.origin
        return self("POST", DOOR, *origin, *headers, body=body, query=query)

    @property
    def origin(self) -> tuple[Header, ...]:
        return (("origin", f"http://{self.host}"),)


def signed_in(secret: str) -> Visitor:
    visitor = Visitor(sharing())
    assert visitor.sign_in(secret).status == 303
    return visitor


def page_of(reply: Reply) -> Element:
    """The page without its first line; what has no end in HTML gets one."""
    html = reply.body.decode().removeprefix("<!doctype html>")
    return parsed(re.sub(r"<((?:meta|link)\b[^>]*)>", r"<\1/>", html))


def visitors() -> dict[str, tuple[Visitor, bool, bool]]:
    """Who comes -> they, whether they may read, and whether they may change anything."""
    user = (USER, "ada")
    passing = Visitor(sharing(proxy=True), client=PROXY)
    passing.cookies = signed_in(TOKEN).cookies  # of another process
    owner_by_proxy = Visitor(sharing(proxy=True, password=None), user, client=PROXY)
    owner_by_proxy.sign_in(TOKEN)
    past_proxy = Visitor(sharing(proxy=True, password=None))
    past_proxy.cookies = {"parallax-7860": past_proxy.guard._sharing.pass_for("owner")}  # type: ignore[union-attr]
    return {
        "local": (Visitor(None, client="127.0.0.1", host="127.0.0.1:7860"), True, True),
        "reader": (signed_in(PASSWORD), True, False),
        "owner": (signed_in(TOKEN), True, True),
        "unsigned": (Visitor(sharing()), False, False),
        "proxy user": (Visitor(sharing(proxy=True), user, client=PROXY), True, False),
        "proxy user, no password": (
            Visitor(sharing(proxy=True, password=None), user, client=PROXY), True, False,
        ),
        "proxy user who is the owner": (owner_by_proxy, True, True),
        "nobody by the proxy": (Visitor(sharing(proxy=True), client=PROXY), False, False),
        "empty name by the proxy": (
            Visitor(sharing(proxy=True), (USER, " "), client=PROXY), False, False,
        ),
        "two names by the proxy": (
            Visitor(sharing(proxy=True), user, (USER, "root"), client=PROXY), False, False,
        ),
        "spoofed header": (Visitor(sharing(proxy=True), user), False, False),
        "spoofed header, no proxy": (Visitor(sharing(), user, client=PROXY), False, False),
        "spoofed header, no password": (
            Visitor(sharing(proxy=True, password=None), user), False, False,
        ),
        "spoofed address": (
            Visitor(sharing(proxy=True), user, ("x-forwarded-for", PROXY), ("x-real-ip", PROXY)),
            False, False,
        ),
        "this machine, but shared": (Visitor(sharing(), client="127.0.0.1"), False, False),
        "past the proxy with a pass": (past_proxy, False, False),
        "pass of another process": (passing, False, False),
    }  # fmt: skip


WHO = list(visitors())


ENDED = json.dumps(
    {"error": "Your pass has ended.", "door": DOOR, "sign": "Sign in"},
    separators=(",", ":"),
).encode()


def test_the_script_of_a_page_whose_pass_has_ended_is_told_so_in_its_language() -> None:
    visitor = Visitor(sharing())
    reply = visitor("POST", "/gradio_api/queue/join", *visitor.origin, ("accept-language", "ru"))
    assert reply.status == 401
    assert reply.headers["content-type"] == "application/json"
    told = json.loads(reply.body)
    assert told == {
        "error": "Срок вашего пропуска истёк.",
        "door": DOOR,
        "sign": "Войти",
    }


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_who_may_change_what_by_any_route(who: str, method: str, path: str) -> None:
    visitor, may_read, is_the_owner = visitors()[who]
    reply = visitor(method, path, *visitor.origin)
    if may_read:
        assert reply.body == b"reached"
        assert visitor.behind.reached == [(method, path, is_the_owner)]
    else:
        assert reply.status in (401, 403)
        assert reply.body in (b"", ENDED, b"This page can only be asked through its proxy.")
        assert visitor.behind.reached == []


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("method", "path"), READING)
def test_who_may_read_what(who: str, method: str, path: str) -> None:
    visitor, may_read, is_the_owner = visitors()[who]
    reply = visitor(method, path)
    if may_read:
        assert visitor.behind.reached == [(method, path, is_the_owner)]
        return
    assert visitor.behind.reached == []
    if "no password" in who or who == "past the proxy with a pass":
        assert reply.status == 403
    elif path == "/":
        assert (reply.status, reply.headers["location"], reply.body) == (303, DOOR, b"")
    else:
        told = ENDED if path.startswith("/gradio_api/") else b""
        assert (reply.status, reply.body) == (401, told)


@pytest.mark.parametrize("who", ["reader", "owner", "proxy user"])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_foreign_page_changes_nothing_though_the_browser_shows_the_pass(
    who: str, stranger: list[Header]
) -> None:
    visitor, *_ = visitors()[who]
    for method, path in [*CHANGING, ("POST", DOOR), ("POST", OUT)]:
        kept = dict(visitor.cookies)
        reply = visitor(method, path, *stranger, body=urlencode({"secret": TOKEN}).encode())
        assert reply.status == 403, (method, path)
        assert "set-cookie" not in reply.headers
        assert visitor.cookies == kept
    assert visitor.behind.reached == []


@pytest.mark.parametrize(
    ("origin", "proxy", "status"),
    [
        (f"http://{HOST}", False, 200),
        (f"http://{HOST}", True, 200),
        (f"https://{HOST}", True, 200),
        (f"https://{HOST}", False, 403),
        ("https://192.0.2.1", True, 403),
        ("https://evil.example", True, 403),
        ("null", True, 403),
        ("", True, 403),
    ],
)
def test_tls_is_the_proxys_alone(origin: str, proxy: bool, status: int) -> None:
    shared = sharing(proxy=True)
    visitor = Visitor(shared, (USER, "ada"), client=PROXY) if proxy else Visitor(shared)
    visitor.sign_in(PASSWORD)
    assert visitor("POST", "/gradio_api/reset", ("origin", origin)).status == status


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("192.0.2.1:7860", True),
        ("192.0.2.1", True),
        ("127.0.0.1:7860", True),
        ("localhost:7860", True),
        ("LOCALHOST", True),
        ("[::1]:7860", True),
        ("[2001:db8::1]", True),
        ("library.example", True),
        ("Library.Example:443", True),
        ("2001:db8::1", False),
        ("[192.0.2.1]", False),
        ("[library.example]", False),
        ("[::1", False),
        ("library.example.", False),
        ("library.example.evil.example", False),
        ("evil.library.example", False),
        ("evil.example", False),
        ("127.1", False),
        ("0x7f000001", False),
        ("2130706433", False),
        ("192.0.2.1.evil.example", False),
        ("evil.example@192.0.2.1", False),
        ("192.0.2.1:80:80", False),
        ("", False),
    ],
)
def test_a_shared_page_answers_to_addresses_and_to_the_names_it_was_given(
    host: str,
    known: bool,
) -> None:
    visitor = Visitor(sharing(hosts=frozenset({"library.example"})), host=host)
    assert visitor("GET", DOOR).status == (200 if known else 403)
    assert visitor.sign_in(PASSWORD).status == (303 if known else 403)


@pytest.mark.parametrize(
    ("secret", "role"),
    [
        (PASSWORD, "reader"),
        (TOKEN, "owner"),
        ("", None),
        (PASSWORD + " ", None),
        (PASSWORD.upper(), None),
        (PASSWORD[:-1], None),
        (TOKEN[:-1], None),
        ("\ud800", None),
        ("\0", None),
        ("пароль", None),
    ],
)
def test_who_knows_what_is_what(secret: str, role: Role | None) -> None:
    assert sharing().role_for(secret) == role


def test_without_a_password_not_even_an_empty_one_lets_in() -> None:
    assert sharing(password=None, proxy=True).role_for("") is None
    assert sharing(password=None, proxy=True).role_for(TOKEN) == "owner"


def asked_with(value: str) -> HTTPConnection:
    scope = scope_of("http", "/", [("host", HOST), ("cookie", f"parallax-7860={value}")])
    return HTTPConnection(scope)


def test_a_pass_says_what_its_bearer_is_and_nobody_else_can_make_one() -> None:
    shared = sharing()
    roles: list[Role] = ["reader", "owner"]
    for role in roles:
        good = shared.pass_for(role)
        assert shared.role_of(asked_with(sharing().pass_for(role))) is None
        assert shared.role_of(asked_with(good)) == role
        said, when, signature = good.split(".")
        other = "owner" if role == "reader" else "reader"
        forged = [
            *(f"{other}.{when}.{signature}", f"{said}.{int(when) + 1}.{signature}"),
            *(f"{said}.{when}.{signature[:-1]}", f"{said}.{when}.{signature.upper()}x"),
            *(f"{said}.{when}.", f"{said}.{when}", said, "", "owner", "owner.."),
            *(f"{said}.{when}.{'0' * 64}", f"admin.{when}.{signature}", f"{good}.{signature}"),
        ]
        for each in forged:
            assert shared.role_of(asked_with(each)) is None, each


def test_a_pass_ends_after_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = sharing()
    now = 1_000_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    given = shared.pass_for("owner")
    for later, role in ((0.0, "owner"), (VALID, "owner"), (VALID + 1, None), (-1.0, None)):
        monkeypatch.setattr("time.time", lambda later=later: now + later)
        assert shared.role_of(asked_with(given)) == role


@pytest.mark.parametrize("query", ["", "cite=abc&exact=%D0%B6+a", "a=b//evil.example", "?x"])
def test_who_wanted_to_go_to_a_quote_comes_to_it_by_the_door(query: str) -> None:
    visitor = Visitor(sharing())
    asked = f"?{query}" if query else ""
    sent = visitor("GET", "/", query=query)
    assert (sent.status, sent.headers["location"]) == (303, DOOR + asked)
    form = page_of(visitor("GET", DOOR, query=query)).one("form")
    assert form.attributes == {"method": "post", "action": DOOR + asked}
    come = visitor.sign_in(PASSWORD, query)
    assert (come.status, come.headers["location"]) == (303, "/" + asked)
    assert visitor("GET", "/", query=query).body == b"reached"


@pytest.mark.parametrize(
    "query",
    [
        *("//evil.example", "/\\evil.example", "https://evil.example", "to=https://evil.example"),
        *(
            "\r\nLocation: https://evil.example",
            "%0d%0aSet-Cookie:%20a=b",
            "@evil.example",
            "#",
            "\\",
        ),
        *("javascript:alert(1)", '"><script>alert(1)</script>', "'onfocus=alert(1)", "\x00", "ж"),
    ],
)
def test_the_door_leads_to_this_page_alone(query: str) -> None:
    visitor = Visitor(sharing())
    reply = visitor("GET", DOOR, query=query)
    assert b"<script" not in reply.body
    (form,) = page_of(reply).every("form")
    assert set(form.attributes) == {"method", "action"}
    for location in (
        visitor("GET", "/", query=query).headers["location"].removeprefix(DOOR),
        visitor.sign_in(PASSWORD, query).headers["location"].removeprefix("/"),
    ):
        assert re.fullmatch(r"\?[!-~]+", location)
        assert not set(location) & set("\"'<>\\#\r\n ")


@pytest.mark.parametrize(
    ("client", "headers", "origin", "secure"),
    [
        (VISITOR, [], f"http://{HOST}", False),
        (VISITOR, [("x-forwarded-proto", "https")], f"http://{HOST}", False),
        (PROXY, [], f"http://{HOST}", False),
        (PROXY, [], f"https://{HOST}", True),
        (PROXY, [("x-forwarded-proto", "https")], f"http://{HOST}", True),
    ],
)
def test_the_cookie_is_for_the_server_alone_and_for_tls_where_there_is_any(
    client: str,
    headers: list[Header],
    origin: str,
    secure: bool,
) -> None:
    visitor = Visitor(sharing(proxy=True), *headers, client=client)
    reply = visitor.sign_in(PASSWORD, "", ("origin", origin))
    (line,) = reply.headers.getlist("set-cookie")
    ((name, morsel),) = SimpleCookie(line).items()
    assert name == "parallax-7860"
    assert re.fullmatch(r"reader\.[0-9]+\.[0-9a-f]{64}", morsel.value)
    assert (morsel["httponly"], morsel["path"], morsel["domain"]) == (True, "/", "")
    assert (morsel["samesite"], bool(morsel["secure"])) == ("lax", secure)
    assert (morsel["expires"], morsel["max-age"]) == ("", "")
    assert PASSWORD not in line


def test_who_signs_out_is_nobody() -> None:
    visitor = signed_in(TOKEN)
    assert "set-cookie" not in visitor("GET", OUT).headers  # a link from elsewhere does not do it
    reply = visitor("POST", OUT, *visitor.origin)
    assert (reply.status, reply.headers["location"]) == (303, DOOR)
    assert visitor.cookies == {}
    assert visitor("GET", "/config").status == 401


def test_what_fails_shows_the_door_again_and_gives_nothing() -> None:
    visitor = Visitor(sharing())
    for body in (
        b"",
        b"secret=",
        b"secret=no",
        b"secret",
        b"\xff",
        b"a&b&c&d",
        b"token=" + b"x" * 9,
    ):
        reply = visitor("POST", DOOR, *visitor.origin, body=body)
        assert reply.status == 403
        assert "That is neither the password nor the owner's token." in (
            page_of(reply).one("p.refusal").words
        )
        assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(("length", "status"), [("4096", 303), ("4097", 413), ("", 411)])
def test_a_form_is_short(length: str, status: int) -> None:
    visitor = Visitor(sharing())
    body = urlencode({"secret": PASSWORD}).encode()
    named = ("content-length", length)
    assert visitor("POST", DOOR, *visitor.origin, named, body=body).status == status


def test_after_ten_failures_a_visitor_waits_a_minute_and_others_do_not() -> None:
    shared = sharing()
    bad, good = Visitor(shared), Visitor(shared, client="192.0.2.77")
    good.guard = bad.guard
    now = 0.0
    assert bad.guard._entrance
    bad.guard._entrance._attempts = Attempts(lambda: now)
    for _ in range(ATTEMPTS):
        assert bad.sign_in("wrong").status == 403
    late = bad.sign_in(TOKEN)
    assert late.status == 429
    assert "Wait a minute" in late.body.decode()
    assert bad.cookies == {}
    assert good.sign_in(PASSWORD).status == 303
    now = 59.9
    assert bad.sign_in(TOKEN).status == 429
    now = 60.0
    assert bad.sign_in(TOKEN).status == 303
    assert bad.guard._entrance._attempts._failed == {}


def test_many_attempts_at_once_count_before_they_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entrance, "DELAY", 0.3)
    visitor = Visitor(sharing())

    async def attempts() -> list[int]:
        body = urlencode({"secret": "wrong"}).encode()
        begun = asyncio.get_running_loop().time()
        replies = await asyncio.gather(
            *(visitor.ask("POST", DOOR, *visitor.origin, body=body) for _ in range(40)),
            visitor.ask("GET", DOOR),
        )
        assert 0.3 <= asyncio.get_running_loop().time() - begun < 3
        return [each.status for each in replies]

    statuses = asyncio.run(attempts())
    assert (statuses.count(403), statuses.count(429), statuses.count(200)) == (10, 30, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.9", "192.0.2.10", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.9", "192.0.2.9", True),
    ],
)
def test_attempts_are_counted_by_household(one: str, other: str, same: bool) -> None:
    shared = sharing()
    peers = [shared.peer(of(client)) for client in (one, other)]
    assert (peers[0] == peers[1]) is same


def of(client: str, *headers: Header) -> HTTPConnection:
    return HTTPConnection(scope_of("http", "/", headers) | {"client": (client, 1)})


def test_those_whom_the_proxy_names_are_counted_apart() -> None:
    shared = sharing(proxy=True)
    ada, bo, spoofed = (
        shared.peer(of(client, (USER, name)))
        for client, name in ((PROXY, "ada"), (PROXY, "bo"), (VISITOR, "ada"))
    )
    assert len({ada, bo, spoofed}) == 3
    assert spoofed == shared.peer(of(VISITOR))
    assert shared.named(of(f"::ffff:{PROXY}", (USER, "ada"))) == "ada"


def texts(reply: Reply) -> str:
    return page_of(reply).words


def test_the_door_says_who_one_is_and_what_can_be_overheard() -> None:
    shared = sharing(proxy=True)
    heard = "This connection is not encrypted"
    stranger = Visitor(shared)
    assert heard in texts(stranger("GET", DOOR))
    assert "Sign out" not in texts(stranger("GET", DOOR))
    assert heard not in texts(Visitor(shared, client="127.0.0.1")("GET", DOOR))
    by_tls = Visitor(shared, (USER, "ada"), ("x-forwarded-proto", "https"), client=PROXY)
    assert heard not in texts(by_tls("GET", DOOR))
    assert heard in texts(Visitor(shared, (USER, "ada"), client=PROXY)("GET", DOOR))
    assert "You may read and ask." in texts(by_tls("GET", DOOR))
    assert by_tls.sign_in(TOKEN).status == 303
    assert "You are signed in as the owner" in texts(by_tls("GET", DOOR))
    assert "Sign out" in texts(by_tls("GET", DOOR))


def test_the_door_has_one_field_with_a_name_and_a_strict_policy() -> None:
    reply = Visitor(sharing())("GET", DOOR)
    page = page_of(reply)
    (field_,) = page.every("input")
    assert field_.attributes["type"] == "password"
    assert page.one("label").attributes["for"] == field_.attributes["id"]
    assert page.one("label").text == "Password, or the owner's token"
    assert page.one("html").attributes["lang"] == "en"
    policy = reply.headers["content-security-policy"]
    assert "script" not in policy
    assert policy.startswith("default-src 'none'; ")
    assert "form-action 'self'" in policy
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["cache-control"] == "no-store"


def test_a_page_that_is_not_shared_has_no_door() -> None:
    visitor = Visitor(None, client="127.0.0.1", host="127.0.0.1:7860")
    assert visitor("POST", DOOR, *visitor.origin).status == 404
    assert visitor("POST", OUT, *visitor.origin).status == 404
    assert visitor("GET", "/config").body == b"reached"


def test_nothing_is_shared_without_a_password_or_a_proxy() -> None:
    with pytest.raises(SharingRefused) as told:
        Sharing.of(Settings())
    assert "PARALLAX_PASSWORD" in told.value.remedy
    with pytest.raises(SharingRefused):
        Sharing.of(Settings.model_validate({"owner_token": "0123456789abcdef"}))


def test_the_settings_decide_who_comes_in_and_a_token_is_made_where_none_is() -> None:
    given = {"password": PASSWORD, "proxy": PROXY, "proxy_header": "X-Forwarded-User"}
    one, other = (Sharing.of(Settings.model_validate(given)) for _ in range(2))
    assert one.role_for(PASSWORD) == "reader"
    assert one.named(of(PROXY, (USER, "ada"))) == "ada"
    assert len(one.token) >= 24
    assert one.token != other.token
    assert one.key != other.key
    for secret in (one.token, PASSWORD, repr(one.key)):
        assert secret not in repr(one)
    chosen = Settings.model_validate(given | {"owner_token": TOKEN})
    assert Sharing.of(chosen).role_for(TOKEN) == "owner"


def gradio_request(**scope: object) -> gr.Request:
    return gr.Request(Request(scope_of("http", "/", []) | scope))


@pytest.mark.parametrize("said", [{}, {OWNER: False}, {OWNER: None}, {OWNER: "yes"}, {OWNER: 1}])
def test_without_a_plain_word_of_the_guard_nobody_is_the_owner(said: dict[str, Any]) -> None:
    request = gradio_request(**said)
    assert is_owner(request) is False
    with pytest.raises(NotOwner):
        require_owner(request)


def test_the_owner_is_the_owner() -> None:
    request = gradio_request(**{OWNER: True})
    assert is_owner(request) is True
    require_owner(request)
    assert is_owner(gr.Request()) is False


def test_the_page_says_what_a_visitor_may_do_if_it_is_shared() -> None:
    assert standing_html(gradio_request(**{OWNER: True, SHARED: False})) == ""
    owner = parsed(standing_html(gradio_request(**{OWNER: True, SHARED: True})))
    reader = parsed(standing_html(gradio_request(**{OWNER: False, SHARED: True})))
    assert owner.words == "You are signed in as the owner. Sign out"
    assert reader.words == "Sign in as the owner"
    for page in (owner, reader):
        assert page.values("href") == ["parallax/door"]
