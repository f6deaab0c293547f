"""Who is asking: a link that works once, passwords for a team, and the cookie that either is changed into."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping

_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
_STORED = re.compile(r"scrypt\$[0-9a-f]{32}\$[0-9a-f]{128}")
_TRIES = 5
_WAIT = 30.0
SHORTEST_PASSWORD = 10
"""Characters of the shortest password that is taken."""


def hashed_password(password: str) -> str:
    """A password as it is stored: ``scrypt$salt$hash`` in hexadecimal, with a salt of its own.

    Raises
    ------
    ValueError
        If it is shorter than 10 characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"a password needs {SHORTEST_PASSWORD} characters or more, this one has {len(password)}")
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_hash(password, salt).hex()}"


def password_fits(password: str, stored: str) -> bool:
    """Whether a password is the stored one.

    Examples
    --------
    >>> password_fits("a long password", hashed_password("a long password"))
    True
    """
    kind, salt, wanted = stored.split("$")
    return kind == "scrypt" and hmac.compare_digest(_hash(password, bytes.fromhex(salt)), bytes.fromhex(wanted))


def is_stored_password(stored: str) -> bool:
    """Whether a text is what `hashed_password` makes.

    Examples
    --------
    >>> is_stored_password(hashed_password("a long password")), is_stored_password("a long password")
    (True, False)
    """
    return _STORED.fullmatch(stored) is not None


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)


class Doorkeeper:
    """Tells coders by their cookie, and gives cookies out.

    Parameters
    ----------
    passwords
        Stored password by coder; empty where people come by links alone.
    clock
        Seconds; for the pause after wrong passwords.
    """

    def __init__(
        self, passwords: Mapping[str, str] | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.passwords = dict(passwords or {})
        self._clock = clock
        self._lock = threading.Lock()
        self._links: dict[str, str] = {}
        self._cookies: dict[str, str] = {}
        self._wrong: dict[str, list[float]] = {}

    def link(self, coder: str) -> str:
        """A token that lets `coder` in once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links[_digest(token)] = coder
        return token

    def use_link(self, token: str) -> str | None:
        """A cookie for a token that was not used yet."""
        with self._lock:
            coder = self._links.pop(_digest(token), None)
        return self._cookie(coder) if coder is not None else None

    def sign_in(self, coder: str, password: str) -> str | None:
        """A cookie for the right password; None for a wrong one, and for all during the pause after five wrong ones."""
        stored = self.passwords.get(coder)
        if stored is None:
            password_fits(password, _DECOY)
            return None
        now = self._clock()
        with self._lock:
            recent = [t for t in self._wrong.get(coder, []) if now - t < _WAIT]
            self._wrong[coder] = recent
            if len(recent) >= _TRIES:
                return None
            recent.append(now)
        if not password_fits(password, stored):
            return None
        with self._lock:
            self._wrong.pop(coder, None)
        return self._cookie(coder)

    def coder(self, cookie: str) -> str | None:
        """Whose cookie it is, or None."""
        return self._cookies.get(_digest(cookie))

    def _cookie(self, coder: str) -> str:
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._cookies[_digest(cookie)] = coder
        return cookie


def _digest(secret: str) -> str:
    """Secrets are looked up by their digest, so that the time of a look-up tells nothing of them."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_DECOY = "scrypt$" + "00" * 16 + "$" + "00" * 64
"""What a name nobody has is compared with, so that it takes as long as a wrong password."""
