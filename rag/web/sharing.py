"""Whom a page lets in that others can reach, and as what.

A reader knows the password, or is named by the reverse proxy that the operator configured; the
owner knows the owner's token. Who has shown one of these gets a pass: a cookie that says which, and
since when, under a key that this process alone has (HMAC, RFC 2104). So there is no list of
sessions, and every pass ends with the program.
"""

import hmac
import re
import secrets
import time
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal, Self

from starlette.requests import HTTPConnection

from rag.errors import SharingRefused
from rag.settings import Settings

Role = Literal["reader", "owner"]

Address = IPv4Address | IPv6Address

VALID = 7 * 24 * 3600.0
"""Seconds that a pass is good for, if the browser is not closed before."""

_PASS = re.compile(r"(reader|owner)\.([0-9]{1,12})\.([0-9a-f]{64})")


def _key() -> bytes:
    return secrets.token_bytes(32)


@dataclass(frozen=True)
class Sharing:
    """What a visitor has to show.

    Attributes:
        token: the owner's.
        password: the readers'; None if only the proxy lets them in.
        proxy: the address of the proxy, if there is one.
        header: in which the proxy names the visitor.
        hosts: names under which the page may be asked for, beside addresses.
        key: of the passes.
    """

    token: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    proxy: Address | None = None
    header: str = ""
    hosts: frozenset[str] = frozenset()
    key: bytes = field(default_factory=_key, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say; the owner's token is made here if they give none.

        Raises:
            SharingRefused: they name neither a password nor a proxy.
        """
        password, token = settings.password, settings.owner_token
        if password is None and settings.proxy is None:
            raise SharingRefused(
                "the page is not shared: everybody on the network could read the library",
                "Set PARALLAX_PASSWORD (8 characters or more), or PARALLAX_PROXY and"
                " PARALLAX_PROXY_HEADER; see docs/sharing.md.",
            )
        return cls(
            token=token.get_secret_value() if token else secrets.token_urlsafe(18),
            password=password.get_secret_value() if password else None,
            proxy=settings.proxy,
            header=(settings.proxy_header or "").lower(),
            hosts=frozenset(settings.hosts),
        )

    def is_host(self, name: str) -> bool:
        """Whether this page is asked for by a name that cannot be somebody else's.

        A foreign DNS server can lead any name here, but no address: where a browser asks an address
        it shows that page's content to no other site.
        """
        try:
            is_bracketed = name.startswith("[") and name.endswith("]")
            IPv6Address(name[1:-1]) if is_bracketed else IPv4Address(name)
        except ValueError:
            return name.lower() in self.hosts | {"localhost"}
        return True

    def origins(self, asked: HTTPConnection, host: str) -> frozenset[str]:
        """The origins that this page itself has in the visitor's browser."""
        schemes = ("http", "https") if self._is_by_proxy(asked) else ("http",)
        return frozenset(f"{scheme}://{host}" for scheme in schemes)

    def is_encrypted(self, asked: HTTPConnection) -> bool:
        """Whether the visitor speaks to the proxy by TLS."""
        told = asked.headers.get("x-forwarded-proto") == "https"
        shows = asked.headers.get("origin", "").startswith("https://")
        return self._is_by_proxy(asked) and (told or shows)

    def may_be_overheard(self, asked: HTTPConnection) -> bool:
        """Whether what a visitor types goes over a network as it is."""
        address = _address(asked)
        is_near = address is not None and address.is_loopback and not self._is_by_proxy(asked)
        return not (is_near or self.is_encrypted(asked))

    def named(self, asked: HTTPConnection) -> str:
        """The visitor's name, if the proxy tells it; what others tell is not looked at."""
        names = asked.headers.getlist(self.header) if self._is_by_proxy(asked) else []
        return names[0].strip() if len(names) == 1 else ""

    def may_knock(self, asked: HTTPConnection) -> bool:
        """Whether there is anything that this visitor could show."""
        return self.password is not None or bool(self.named(asked))

    def role_of(self, asked: HTTPConnection) -> Role | None:
        """What a visitor is: by the pass in a cookie, or as a reader by the proxy's word."""
        named = bool(self.named(asked))
        if self.password is None and not named:
            return None  # came past the proxy
        by_pass = self._role_by(asked.cookies.get(cookie_name(asked), ""))
        return by_pass or ("reader" if named else None)

    def role_for(self, secret: str) -> Role | None:
        """What somebody is who knows this; each comparison takes the same time, right or wrong."""
        is_owner = self._is_same(secret, self.token)
        is_reader = self._is_same(secret, self.password or "") and self.password is not None
        return "owner" if is_owner else "reader" if is_reader else None

    def pass_for(self, role: Role) -> str:
        """The value of a cookie that says this, from now on."""
        said = f"{role}.{int(time.time())}"
        return f"{said}.{self._signed(said)}"

    def peer(self, asked: HTTPConnection) -> str:
        """Who makes an attempt: the name that the proxy tells, or the network it comes from."""
        address = _address(asked)
        if isinstance(address, IPv6Address) and not self._is_by_proxy(asked):
            return address.exploded[:19]  # a household, not one of its 2**64 addresses
        return f"{self.named(asked)}@{address}"

    def _is_by_proxy(self, asked: HTTPConnection) -> bool:
        return self.proxy is not None and _address(asked) == self.proxy

    def _role_by(self, value: str) -> Role | None:
        read = _PASS.fullmatch(value)
        if not read:
            return None
        said, _, signature = value.rpartition(".")
        is_ours = hmac.compare_digest(signature, self._signed(said))
        is_fresh = 0 <= time.time() - int(read[2]) <= VALID
        if not (is_ours and is_fresh):
            return None
        return "owner" if read[1] == "owner" else "reader"

    def _is_same(self, one: str, other: str) -> bool:
        # Of two digests, so that not even the length is told.
        return hmac.compare_digest(self._signed(one), self._signed(other))

    def _signed(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def cookie_name(asked: HTTPConnection) -> str:
    """Of the pass, with the port: browsers send a cookie to every port of a host."""
    server = asked.scope.get("server")
    return f"parallax-{server[1] if server else ''}"


def _address(asked: HTTPConnection) -> Address | None:
    """Where the connection comes from; the server is told to believe no header about that."""
    try:
        address = ip_address(asked.client.host if asked.client else "")
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
