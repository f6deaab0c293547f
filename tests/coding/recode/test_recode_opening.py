from __future__ import annotations

import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import uuid

import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.coding.recode.desk import Desk
from bwa_study.coding.recode.log_keeping import LogKeeping
from bwa_study.coding.recode.opening import desk_of, read_passwords, recode_server, set_password
from bwa_study.coding.recode.sessions import password_fits
from bwa_study.load.assignment_file import load_assignment
from bwa_study.load.log_store import LogUnavailable
from bwa_study.model.errors import Problem, ProblemsFound, UnknownName, WrongCall
from small_study import write_study

PASSWORD = "a long password"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path / "study")


def add(study, *, coder_id=None, transcript="s-w-1", code="fear"):
    text = study.corpus[transcript]
    start = text.turns[1].span.start
    coding = {"id": coder_id or str(uuid.uuid4()), "start": start, "end": start + 4}
    coding |= {"quote": text.text[start : start + 4], "code": code, "polarity": "present"}
    message = {"id": str(uuid.uuid4()), "operation": "add", "transcript": transcript, "digest": text.digest}
    return {**message, "codebook": "2.1.0", "coding": coding}


def test_the_command_opens_the_page_and_what_it_keeps_is_in_the_study(folder):
    command = [sys.executable, "-m", "bwa_study", "recode", str(folder), "--coder", "c1", "--port", "0", "--no-browser"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        said = running.stdout.readline()
        port, path = re.match(r"http://127\.0\.0\.1:(\d+)(/enter\?token=\S+) — this link works once", said).groups()
        link = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
        link.request("GET", path)
        answer = link.getresponse()
        answer.read()
        headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json"}
        headers["Cookie"] = answer.headers["set-cookie"].split(";")[0]
        link.request("POST", "/api/events", json.dumps(add(bwa.load_study(folder))), headers)
        kept = json.loads(link.getresponse().read())
        link.close()
    finally:
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)

    assert kept["version"] == 1
    assert (running.returncode, out, err) == (0, "stopped\n", "")
    table = bwa.load_study(folder).codings.select(coder="c1").frame
    assert table[["transcript", "quote", "code", "status"]].to_numpy().tolist() == [
        ["s-w-1", "They", "fear", "accepted"]
    ]


def test_the_codebook_is_not_changed_while_somebody_codes_and_is_after_the_page_was_killed(folder, tmp_path, capsys):
    new = tmp_path / "new.yaml"
    new.write_text((folder / "codebook.yaml").read_text(encoding="utf-8").replace("2.1.0", "2.2.0"), encoding="utf-8")
    command = [sys.executable, "-m", "bwa_study", "recode", str(folder), "--coder", "c1", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert "this link works once" in running.stdout.readline()
        with pytest.raises(SystemExit) as end:
            main(["codebook", "migrate", str(folder), str(new)])
        refused = capsys.readouterr().err
        running.kill()
    assert end.value.code == 2
    assert re.fullmatch(
        rf"bwa-study: {folder}: 'recode' on .* \(process {running.pid}\) since .*Z works on this study — end it, or "
        r"wait until it is done\n",
        refused,
    )
    assert bwa.load_study(folder).codebook.version == "2.1.0"

    with pytest.raises(SystemExit) as end:
        main(["codebook", "migrate", str(folder), str(new)])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert f"(process {running.pid})" in said.splitlines()[0]
    assert "was killed and had left its lock" in said.splitlines()[0]
    assert bwa.load_study(folder).codebook.version == "2.2.0"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "nobody is named who codes — say who with --coder c1"),
        (("--coder", "c1", "--transcripts", "s-w-9"), "unknown transcript 's-w-9', did you mean 's-w-"),
        (("--coder", "c1", "--host", "0.0.0.0"), "host '0.0.0.0' can be reached by other machines, and c1 has no"),
        (
            ("--coder", "c1", "--name", "code.example"),
            "name 'code.example' can be reached by other machines, and c1 has",
        ),
        (("--set-password", "--coder", "c1"), "say where the password is stored — --passwords FILE"),
    ],
)
def test_a_call_that_cannot_work_is_one_line_and_exit_code_2(folder, capsys, arguments, says):
    with pytest.raises(SystemExit) as end:
        main(["recode", str(folder), "--port", "0", "--no-browser", *arguments])
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert err.startswith(f"bwa-study: {says}")
    assert err.count("\n") == 1


def test_passwords_are_stored_for_the_owner_only_and_never_as_they_are(tmp_path):
    place = tmp_path / "passwords.txt"
    set_password(place, "c1", PASSWORD)
    set_password(place, "c2", PASSWORD + " 2")
    set_password(place, "c1", PASSWORD + " 1")

    stored = read_passwords(place)
    assert list(stored) == ["c1", "c2"]
    assert password_fits(PASSWORD + " 1", stored["c1"])
    assert PASSWORD not in place.read_text()
    assert stat.S_IMODE(os.stat(place).st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["passwords.txt"]


def test_a_short_password_or_no_name_is_refused_and_nothing_is_stored(tmp_path):
    with pytest.raises(WrongCall, match="a password needs 10 characters or more, this one has 5 — choose a longer one"):
        set_password(tmp_path / "p", "c1", "short")
    with pytest.raises(WrongCall, match="name the coder whose password is set"):
        set_password(tmp_path / "p", " ", PASSWORD)
    assert list(tmp_path.iterdir()) == []


def test_every_wrong_line_of_a_file_of_passwords_is_named(tmp_path):
    place = tmp_path / "p"
    place.write_text("c1\tplain text\n\nc2\n")
    with pytest.raises(ProblemsFound) as found:
        read_passwords(place)
    assert [(p.line, p.what) for p in found.value.problems] == [
        (1, "'c1' has no stored password after a tab"),
        (3, "'c2' has no stored password after a tab"),
    ]


def test_a_file_of_passwords_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ProblemsFound, match="there is no such file"):
        read_passwords(tmp_path / "none")


def test_a_team_s_coders_each_have_a_desk(folder, tmp_path):
    for name in ("c1", "c2"):
        set_password(tmp_path / "p", name, PASSWORD)
    server, log = recode_server(folder, passwords=tmp_path / "p", host="0.0.0.0")
    with log, server.socket:
        assert list(server.doorkeeper.passwords) == ["c1", "c2"]


def test_an_unknown_transcript_leaves_no_log_behind(folder):
    with pytest.raises(UnknownName):
        recode_server(folder, coder="c1", transcripts=["nosuch"])
    assert not (folder / "codings.sqlite").exists()


def test_codings_in_tables_that_the_page_does_not_show_are_pointed_out(folder):
    study = bwa.load_study(folder)
    found = bwa.apply_codebook(study.corpus, study.codebook).frame.assign(coder="c1", coder_kind="human")
    (folder / "codings").mkdir()
    found.to_csv(folder / "codings" / "c1.csv", index=False)
    notes = {}
    for coder in ("c1", "c2"):
        server, log = recode_server(folder, coder=coder)
        with log, server.socket:
            notes[coder] = server.notes

    assert notes["c2"] == ()
    (note,) = notes["c1"]
    assert note.startswith(f"{len(found)} codings of c1 are in tables and not on the page — take them into the log")
    assert note.endswith(f"bwa-study log import {folder} TABLE.csv")


ASSIGNED = """\
transcript,coder,place,order,stratum,double_coded,double_probability,coder_probability,proposals_shown,seed
e-w-2,c1,first,1,,no,0.2,0.6,yes,7
s-w-1,c1,first,2,,yes,0.2,0.6,no,7
s-w-1,c2,second,1,,yes,0.2,0.6,no,7
"""


def test_each_coder_has_what_was_assigned_and_proposals_only_where_the_assignment_shows_them(folder, tmp_path):
    (folder / "assignment.csv").write_text(ASSIGNED)
    for name in ("c1", "c2"):
        set_password(tmp_path / "p", name, PASSWORD)
    study, drawn = bwa.load_study(folder), load_assignment(folder, bwa.load_study(folder).corpus)
    with bwa.open_log(tmp_path / "log.sqlite") as log:
        c1, c2 = (desk_of(study, log, name, drawn.transcripts(name), drawn) for name in ("c1", "c2"))
        assert [row["id"] for row in c1.work().body["work"]] == ["e-w-2", "s-w-1"]
        assert [row["id"] for row in c2.work().body["work"]] == ["s-w-1"]
        assert [p["code"] for p in c1.page("e-w-2").body["proposals"]] == ["listening", "visits"]
        assert c1.page("s-w-1").body["proposals"] == c2.page("s-w-1").body["proposals"] == []
        assert c2.page("e-w-2").status == 404
        assert c2.record(add(study, transcript="e-w-2")).status == 404


def test_who_or_what_is_not_in_the_assignment_is_refused(folder):
    (folder / "assignment.csv").write_text(ASSIGNED)
    with pytest.raises(UnknownName, match="unknown coder 'c9' — known: c1, c2"):
        recode_server(folder, coder="c9")
    with pytest.raises(UnknownName, match="unknown transcript of coder c2 'e-w-2', did you mean 's-w-1'"):
        recode_server(folder, coder="c2", transcripts=["e-w-2"])
    assert not (folder / "codings.sqlite").exists()


@pytest.fixture
def keeping(tmp_path):
    with bwa.open_log(tmp_path / "log.sqlite") as log:
        yield LogKeeping(log, "0" * 64)


def desk(bilingual, keeping, coder="c1"):
    return Desk(bilingual, keeping, coder, ("s-w-1",))


def test_in_the_log_a_coding_carries_all_that_was_used(bilingual, keeping):
    desk(bilingual, keeping).record(add(bilingual))

    (event,) = keeping.log.events()
    assert (event.coder, event.coder_kind, event.operation, event.status) == ("c1", "human", "add", "accepted")
    assert (event.text_digest, event.codebook_version) == (bilingual.corpus["s-w-1"].digest, "2.1.0")
    assert event.codebook_digest == "0" * 64
    assert event.quote == "品牌每个"


def test_undo_is_an_event_too_and_a_page_shows_what_stands(bilingual, keeping):
    one = desk(bilingual, keeping)
    message = add(bilingual)
    one.record(message)
    undone = one.record({**message, "id": str(uuid.uuid4()), "operation": "remove", "expects": 1, "undo": True})
    again = one.record({**message, "id": str(uuid.uuid4()), "undo": True})

    assert [(e.operation, e.undo) for e in keeping.log.events()] == [("add", False), ("remove", True), ("add", True)]
    assert (undone.body["version"], again.body["version"]) == (2, 3)
    assert [c["version"] for c in one.page("s-w-1").body["codings"]] == [3]


def test_a_stale_change_in_the_log_is_a_conflict_with_both_values(bilingual, keeping):
    one, message = desk(bilingual, keeping), add(bilingual)
    one.record(message)
    change = {**message, "operation": "change", "expects": 1}
    one.record({**change, "id": str(uuid.uuid4()), "coding": {**message["coding"], "certainty": 3}})
    stale = one.record({**change, "id": str(uuid.uuid4()), "coding": {**message["coding"], "certainty": 1}})

    assert stale.status == 409
    assert (stale.body["yours"]["certainty"], stale.body["stored"]["certainty"]) == (1, 3)


def test_another_s_coding_cannot_be_changed_and_its_coder_is_not_named(bilingual, keeping):
    message = add(bilingual)
    desk(bilingual, keeping, "secret-coder").record(message)
    mine = desk(bilingual, keeping)
    for operation in ("add", "change", "remove"):
        stolen = {**message, "id": str(uuid.uuid4()), "operation": operation, "expects": 1}
        answer = mine.record(stolen)
        assert answer.status == 422
        assert "secret-coder" not in json.dumps(dict(answer.body))
    assert len(keeping.log.events()) == 1
    assert mine.page("s-w-1").body["codings"] == []


def test_changes_of_many_coders_at_once_are_all_kept_and_a_refused_one_takes_none_with_it(bilingual, keeping):
    desks = [desk(bilingual, keeping, f"c{n}") for n in range(8)]
    taken = add(bilingual)
    desks[0].record(taken)
    answers = []

    def work(one):
        for n in range(10):
            message = {**taken, "id": str(uuid.uuid4())} if n == 5 else add(bilingual)
            answers.append((n, one.record(message).status))

    threads = [threading.Thread(target=work, args=(one,)) for one in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {status for n, status in answers if n != 5} == {200}
    assert sorted(status for n, status in answers if n == 5) == [409] + [422] * 7
    assert len(keeping.log.events()) == 1 + 8 * 9
    assert [len(keeping.held(one.coder, "s-w-1").codings) for one in desks] == [10] + [9] * 7


def test_a_log_that_cannot_be_written_is_said_and_nothing_is_called_saved(bilingual, keeping):
    def full(*_, **__):
        raise LogUnavailable([Problem("codings.sqlite", 0, 0, "the disk is full", "free space")])

    one = desk(bilingual, keeping)
    keeping.log.extend = full
    with pytest.raises(LogUnavailable, match="the disk is full"):
        one.record(add(bilingual))
