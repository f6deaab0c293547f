"""What other pages, other machines and broken clients try; each is refused, and nothing is kept."""

from __future__ import annotations

import http.client
import json
import re
import socket
import uuid

import pytest

from bwa_study.coding.recode.desk import Desk, desk_order
from bwa_study.coding.recode.keeping import MemoryKeeping
from bwa_study.coding.recode.sessions import hashed_password


class Client:
    """One request at a time, with every header as the test says; it starts from what the page itself sends."""

    def __init__(self, served):
        self.host, self.port = "127.0.0.1", served.server.port
        self.headers = {"Host": f"127.0.0.1:{self.port}", "Origin": f"http://127.0.0.1:{self.port}"}
        self.headers |= {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        self.enter(served.server.link(served.coder))

    def enter(self, link):
        status, headers, _ = self.ask("GET", link.removeprefix(f"http://127.0.0.1:{self.port}"))
        self.set_cookie = headers.get("set-cookie", "")
        self.headers["Cookie"] = self.set_cookie.split(";")[0]
        return status

    def ask(self, method, path, body=None, without=(), **changed):
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            if name not in without:
                connection.putheader(name, value)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if data is not None and "Content-Length" not in headers:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content

    def post(self, body, without=(), **changed):
        return self.ask("POST", "/api/events", body, without, **changed)[0]


@pytest.fixture
def client(served):
    return Client(served)


@pytest.fixture
def event(bilingual):
    """A change that is kept when the page sends it."""
    transcript = bilingual.corpus["s-w-1"]
    turn = transcript.turns[1]
    start = turn.span.start
    coding = {"id": str(uuid.uuid4()), "start": start, "end": start + 2, "quote": transcript.text[start : start + 2]}
    return {
        "id": str(uuid.uuid4()), "operation": "add", "transcript": "s-w-1", "digest": transcript.digest,
        "codebook": "2.1.0", "coding": {**coding, "code": "listening", "polarity": "present"},
    }  # fmt: skip


def test_what_the_page_sends_is_kept(client, event, served):
    assert client.post(event) == 200
    assert [c.quote for c in served.codings()] == ["品牌"]


def test_1_a_foreign_host_name_is_refused_so_that_no_name_can_be_bound_to_this_machine(client, event, served):
    assert client.post(event, Host=f"evil.example:{client.port}") == 403
    assert client.post(event, Host="127.0.0.1") == 403
    assert client.ask("GET", "/", Host="evil.example")[0] == 403
    assert served.codings() == []


def test_2_a_foreign_origin_is_refused(client, event, served):
    assert client.post(event, Origin="http://evil.example") == 403
    assert client.post(event, Origin="null") == 403
    assert client.post(event, Origin=f"http://127.0.0.1:{client.port + 1}") == 403
    assert client.ask("GET", "/api/work", Origin="http://evil.example")[0] == 403
    assert served.codings() == []


def test_3_a_post_without_an_origin_or_from_another_site_is_refused(client, event, served):
    assert client.post(event, without=("Origin",)) == 403
    assert client.post(event, Sec_Fetch_Site="cross-site") == 403
    assert client.post(event, Sec_Fetch_Site="same-site") == 403
    assert client.ask("GET", "/api/transcript/s-w-1", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[0] == 403
    assert served.codings() == []


def test_4_without_the_cookie_nothing_is_shown_or_kept(client, event, served):
    assert client.post(event, without=("Cookie",)) == 401
    status, _, body = client.ask("GET", "/api/transcript/s-w-1", without=("Cookie",))
    assert (status, json.loads(body)) == (401, {"what": "sign in first", "passwords": False})
    assert client.ask("GET", "/api/work", Cookie=f"bwa_study_{client.port}=guessed")[0] == 401
    assert served.codings() == []


def test_5_a_link_works_once_and_a_wrong_token_never(client, served):
    link = served.server.link(served.coder)
    path = link.removeprefix(served.url)
    head = client.ask("HEAD", path)[1]
    first, second = client.ask("GET", path)[1], client.ask("GET", path)[1]
    wrong = client.ask("GET", "/enter?token=guessed")[1]

    assert "set-cookie" in first
    assert all("set-cookie" not in headers for headers in (head, second, wrong))
    assert first["location"] == "/"


def test_6_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    parts = [part.strip().lower() for part in client.set_cookie.split(";")]
    assert "httponly" in parts
    assert "samesite=strict" in parts
    assert not any(part.startswith("domain") for part in parts)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd", "/static/..%2f..%2fserver.py", "/static/%2e%2e/%2e%2e/server.py",
        "/static//etc/passwd", "/static/recode.js%00.css", "/static/..\\..\\server.py", "/../../etc/passwd",
        "/.git/config",
    ],
)  # fmt: skip
def test_7_no_path_leads_out_of_the_two_files(client, path):
    status, _, body = client.ask("GET", path)
    assert status == 404
    assert json.loads(body)["what"] in ("there is no such page", "there is no such file")


def test_8_an_oversized_message_is_refused_before_it_is_read(client, event, served):
    assert client.post(b" " * 300_000) == 413
    assert client.post(b"", Content_Length="99999999999") == 413
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as raw:
        head = "".join(f"{k}: {v}\r\n" for k, v in client.headers.items())
        raw.sendall(f"POST /api/events HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        answer = b""
        try:
            for _ in range(40):
                raw.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
        except OSError:
            pass
        try:
            answer = raw.recv(100)
        except OSError:
            pass
    assert answer[:12] in (b"HTTP/1.1 413", b"")
    assert served.codings() == []


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
        "application/json; charset=gbk",
    ],
)  # fmt: skip
def test_9_only_json_is_read(client, event, served, kind):
    assert client.post(event, Content_Type=kind) == 415
    assert client.post(event, Content_Encoding="gzip") == 415
    assert served.codings() == []


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[" * 100_000, b'{"id": NaN}', b"\xff\xfe", b'{"id": "\\ud800"}', b"null", b"[]", b'"text"', b"",
        b'{"id": 1, "id": 2}', b'{"id": 1e999}', b'{"start": 99999999999999999999999}',
    ],
)  # fmt: skip
def test_10_broken_json_is_named_and_nothing_falls_over(client, body, event):
    status, _, answer = client.ask("POST", "/api/events", body)
    assert status == 400
    assert json.loads(answer)["what"]
    assert b"Traceback" not in answer
    assert client.post(event) == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_11_other_methods_are_refused_and_no_other_origin_is_allowed_in(client, method):
    status, headers, _ = client.ask(method, "/api/events")
    assert status in (405, 400)
    assert not any(name.startswith("access-control") for name in headers)
    assert client.ask("GET", "/api/events")[0] == 405


def test_the_name_of_a_proxy_with_https_is_answered_to_and_needs_passwords(run_server, bilingual, served):
    desk = Desk(bilingual, MemoryKeeping(), "c1", desk_order(bilingual))
    proxy = {"Host": "code.example", "Origin": "https://code.example", "Content-Type": "application/json"}
    with run_server({"c1": desk}, passwords={"c1": hashed_password("a long password")}, names=["code.example"]) as up:
        client = Client(type(served)(up, "c1"))
        client.headers = dict(proxy)
        body = {"coder": "c1", "password": "a long password"}
        status, headers, _ = client.ask("POST", "/api/login", body)
        assert (status, "; Secure" in headers["set-cookie"]) == (200, True)
        assert client.ask("POST", "/api/login", body, Host=f"code.example:{up.port}")[0] == 200
        assert client.ask("POST", "/api/login", body, Host="code.example:1")[0] == 403
        assert client.ask("POST", "/api/login", body, Origin="https://evil.example")[0] == 403
        own = f"127.0.0.1:{up.port}"
        _, headers, _ = client.ask("POST", "/api/login", body, Host=own, Origin=f"http://{own}")
        assert "Secure" not in headers["set-cookie"]


def test_12_no_coder_is_told_anything_of_another_or_changes_it(client, event, served):
    other = Client(type(served)(served.server, "coder-99"))
    marked = {**event["coding"], "id": str(uuid.uuid4()), "memo": "SECRETMARK"}
    assert other.post({**event, "id": str(uuid.uuid4()), "coding": marked}) == 200
    asked = [
        "/api/transcript/s-w-1", "/api/transcript/s-w-1?coder=coder-99", "/api/work", "/api/work?coder=coder-99",
        "/api/transcript/coder-99/s-w-1", "/api/codings", "/api/events", "/api/coder-99", "/", "/t/s-w-1",
    ]  # fmt: skip
    for path in asked:
        body = client.ask("GET", path, X_Coder="coder-99")[2]
        assert b"SECRETMARK" not in body
        assert b"coder-99" not in body.replace(b"'coder-99/s-w-1' is not one of yours", b"")
    assert client.post({**event, "operation": "remove", "coder": "coder-99"}) == 400
    assert client.post({**event, "operation": "remove", "expects": 1, "coding": marked}) == 409
    assert [k.coding.memo for k in served.server.keeping.held("coder-99", "s-w-1").codings.values()] == ["SECRETMARK"]


def test_13_header_injection_and_double_hosts_are_refused(client):
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nHost: evil.example\r\n\r\n" % client.port)
        assert raw.recv(12) in (b"HTTP/1.1 400", b"HTTP/1.1 403")
    status, headers, _ = client.ask("GET", "/t/x%0d%0aSet-Cookie:%20a=b")
    assert (status, headers.get("set-cookie")) == (404, None)


def test_14_every_answer_carries_the_headers_that_keep_it_in_its_place(client, served):
    for path in ("/", "/static/recode.js", "/api/work", "/nowhere", "/enter?token=x"):
        headers = client.ask("GET", path)[1]
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_the_pages_hold_no_inline_script_or_style(client):
    body = client.ask("GET", "/")[2].decode()
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|style=", body) == []


def test_a_text_full_of_markup_is_shown_as_text(tab, served, bilingual):
    """The page puts every text into the document as text: nothing of it runs and nothing is fetched."""
    transcript = bilingual.corpus["s-w-2"]
    attack = transcript.quote(transcript.turns[1].span)
    asked, alerts = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    tab.goto(served.server.link(served.coder), wait_until="commit")
    tab.goto(f"{served.url}/t/s-w-2", wait_until="commit")
    tab.wait_for_selector("[data-ready]")
    for key in ("Control+a", "1", "Alt+m"):
        tab.keyboard.press(key)
    tab.keyboard.insert_text(attack)
    tab.keyboard.press("Escape")
    tab.wait_for_selector("[data-state=saved]")
    tab.reload()
    tab.wait_for_selector("[data-ready]")
    tab.keyboard.press("[")

    assert "<script>fetch(" in attack
    assert tab.locator("#turn-2 .bwa-words").text_content() == attack
    assert tab.locator(".bwa-details textarea").input_value() == attack
    assert [kept.coding.memo for kept in served.held("s-w-2").codings.values()] == [attack]
    assert alerts == []
    assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{served.server.port}"}
    assert tab.locator("#bwa-recode img, #bwa-recode script").count() == 0
