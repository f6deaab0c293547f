from __future__ import annotations

import http.client
import json
import threading

import pytest

from bwa_study.coding.recode.desk import Desk, desk_order
from bwa_study.coding.recode.keeping import MemoryKeeping
from bwa_study.coding.recode.serve import CannotServe, RecodeServer, is_loopback
from bwa_study.coding.recode.sessions import Doorkeeper, hashed_password, password_fits
from bwa_study.model.errors import WrongCall

PASSWORD = "a long password 长"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_link_lets_in_once():
    doors = Doorkeeper()
    token = doors.link("c1")
    cookie = doors.use_link(token)

    assert doors.coder(cookie) == "c1"
    assert doors.use_link(token) is None
    assert doors.coder("guess") is None
    assert doors.use_link("") is None


def test_a_stored_password_does_not_hold_the_password_and_differs_each_time():
    one, other = hashed_password(PASSWORD), hashed_password(PASSWORD)
    assert one != other
    assert PASSWORD not in one
    assert password_fits(PASSWORD, one)
    assert not password_fits(PASSWORD + "x", one)


def test_a_short_password_is_refused():
    with pytest.raises(ValueError, match="a password needs 10 characters or more, this one has 5"):
        hashed_password("short")


def test_after_five_wrong_passwords_nobody_gets_in_by_that_name_for_half_a_minute():
    clock = Clock()
    doors = Doorkeeper({"c1": hashed_password(PASSWORD)}, clock=clock)
    assert [doors.sign_in("c1", "wrong") for _ in range(5)] == [None] * 5
    assert doors.sign_in("c1", PASSWORD) is None
    clock.now = 31
    assert doors.coder(doors.sign_in("c1", PASSWORD)) == "c1"


def test_a_name_nobody_has_is_like_a_wrong_password():
    assert Doorkeeper({"c1": hashed_password(PASSWORD)}).sign_in("c9", PASSWORD) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_a_page_that_others_can_reach_demands_a_password_for_every_coder(bilingual, host):
    desks = {name: Desk(bilingual, MemoryKeeping(), name, desk_order(bilingual)) for name in ("c1", "c2")}
    with pytest.raises(WrongCall, match=r"can be reached by other machines, and c2 has no password"):
        RecodeServer(desks, host=host, passwords={"c1": hashed_password(PASSWORD)})
    assert not is_loopback(host)


def test_a_port_that_is_taken_is_named(bilingual):
    desks = {"c1": Desk(bilingual, MemoryKeeping(), "c1", desk_order(bilingual))}
    first = RecodeServer(desks)
    with first.socket, pytest.raises(CannotServe, match=rf"127\.0\.0\.1:{first.port}: cannot be listened on"):
        RecodeServer(desks, port=first.port)


def test_signing_in_by_password_over_http(bilingual):
    desks = {"c1": Desk(bilingual, MemoryKeeping(), "c1", desk_order(bilingual))}
    server = RecodeServer(desks, passwords={"c1": hashed_password(PASSWORD)})
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def ask(method, path, body=None, cookie=""):
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        headers = {"Origin": server.url, "Content-Type": "application/json", "Cookie": cookie}
        link.request(method, path, body and json.dumps(body), headers)
        answer = link.getresponse()
        out = answer.status, json.loads(answer.read()), answer.headers.get("set-cookie", "")
        link.close()
        return out

    assert ask("GET", "/api/work")[:2] == (401, {"what": "sign in first", "passwords": True})
    wrong = ask("POST", "/api/login", {"coder": "c1", "password": "wrong password"})
    assert wrong[:2] == (403, {"what": "name or password is wrong; after five wrong tries wait half a minute"})
    assert ask("POST", "/api/login", {"coder": ["c1"]})[0] == 400
    status, body, cookie = ask("POST", "/api/login", {"coder": "c1", "password": PASSWORD})
    assert (status, body) == (200, {"coder": "c1"})
    assert ask("GET", "/api/work", cookie=cookie.split(";")[0])[1]["coder"] == "c1"
    server.stop()
    thread.join(10)
