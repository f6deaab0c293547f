from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

import bwa_study as bwa
from bwa_study.coding.log.log import EventClash, StaleCoding, log_place, open_log, utc_text
from bwa_study.load.log_store import LogUnavailable, NewerLog, log_engine, read_log, transaction
from bwa_study.model.errors import WrongCall
from small_study import write_study

CODING = "00000000-0000-0000-0000-00000000000a"


def changed(event, before, **values):
    return event(operation="change", coding=before.coding, **values)


def test_an_event_comes_back_as_it_was_with_number_and_utc_time(place, event):
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=-5)))
    given = event(quote="𠀀😀厂\n", certainty=2, memo='said "softly"; twice', about="F01", evidence="own")
    with open_log(place, clock=lambda: moment) as log:
        kept = log.append(given)
    with open_log(place) as log:
        assert log.events() == (kept,)
    assert (kept.sequence, kept.time) == (1, "2026-03-29T06:30:00.000Z")
    assert kept.same_as(given)


def test_the_fold_is_the_codings_and_the_turns_read(log, event):
    first = log.append(event(coding=CODING))
    gone = log.append(event())
    log.append(changed(event, first, code="fear", certainty=3), expects=1)
    log.append(event(operation="remove", coding=gone.coding), expects=2)
    log.append(event(operation="examine", turns=(2, 4)))

    codings, examined = log.fold()

    assert codings.frame[["id", "start", "end", "quote", "code", "certainty", "coder"]].values.tolist() == [
        [CODING, 3, 7, "每月都来", "fear", 3, "c1"]
    ]
    assert examined.turns == {"c1": {"t-1": frozenset({2, 4})}}


def test_the_fold_of_a_past_moment_is_what_held_then(log, event):
    first = log.append(event())
    log.append(changed(event, first, code="fear"), expects=1)
    log.append(event(operation="remove", coding=first.coding), expects=2)

    assert [log.fold(at=n)[0].frame["code"].tolist() for n in (0, 1, 2, 3)] == [[], ["follow_up"], ["fear"], []]


def test_an_undo_is_an_event_too(log, event):
    first = log.append(event())
    log.append(event(operation="remove", coding=first.coding, undo=True), expects=1)
    again = log.append(event(coding=first.coding, undo=True))

    assert [e.undo for e in log.events()] == [False, True, True]
    assert log.standing().codings == {first.coding: again}


def test_one_coder_is_asked_for_alone(log, event):
    log.append(event())
    log.append(event(coder="c2"))

    assert log.fold(coder="c2")[0].coders == ("c2",)
    assert [e.coder for e in log.events(coder="c1", transcript="t-1")] == ["c1"]
    assert [e.sequence for e in log.events(since=1)] == [2]


def test_the_same_words_and_code_of_two_coders_are_two_codings(log, event):
    log.append(event())
    log.append(event(coder="c2"))
    assert len(log.fold()[0]) == 2


def test_an_event_is_kept_once_however_often_it_is_sent(log, event):
    given = event()
    assert log.append(given) == log.append(given)
    assert len(log.events()) == 1


def test_another_event_of_the_same_id_is_refused(log, event):
    given = event()
    log.append(given)
    with pytest.raises(EventClash, match=f"event {given.id}: the log has another event of this id .number 1, by c1"):
        log.append(event(id=given.id, code="fear"))


def test_a_change_of_a_version_that_is_gone_is_refused_with_both_values(log, event):
    first = log.append(event(coding=CODING))
    second = log.append(changed(event, first, code="fear"), expects=1)
    mine = changed(event, first, polarity="absent")

    with pytest.raises(StaleCoding) as caught:
        log.append(mine, expects=1)

    assert (caught.value.yours, caught.value.stored) == (mine, second)
    assert str(caught.value) == (
        f"coding {CODING}: changed by c1 at {second.time} (event 2); yours: follow_up absent at 3–7; stored: fear "
        "present at 3–7 — look at both, and save yours again if it shall count"
    )
    assert len(log.events()) == 2


def test_what_was_removed_cannot_be_changed_and_what_stands_cannot_be_added(log, event):
    first = log.append(event())
    with pytest.raises(StaleCoding, match="added by c1"):
        log.append(event(coding=first.coding))
    gone = log.append(event(operation="remove", coding=first.coding), expects=1)
    with pytest.raises(StaleCoding, match="removed by c1") as caught:
        log.append(changed(event, first), expects=1)
    assert caught.value.stored == gone


def test_a_coding_that_never_was_cannot_be_changed(log, event):
    with pytest.raises(StaleCoding, match="there is no such coding; yours: removed; stored: nothing"):
        log.append(event(operation="remove"), expects=1)


def test_a_change_must_say_which_version_it_is_of(log, event):
    first = log.append(event())
    with pytest.raises(WrongCall, match="say which version you saw"):
        log.append(changed(event, first))


def test_nobody_changes_another_s_coding(log, event):
    first = log.append(event())
    with pytest.raises(WrongCall, match="is c1's, not c2's"):
        log.append(changed(event, first, coder="c2"), expects=1)


def test_of_several_events_all_are_kept_or_none(log, event):
    good, bad = event(), event(operation="remove")
    with pytest.raises(StaleCoding):
        log.extend([good, bad], expects=[None, 1])
    assert log.events() == ()


@pytest.mark.parametrize("statement", ["UPDATE coding_events SET code = 'x'", "DELETE FROM coding_events"])
def test_the_database_itself_refuses_to_change_or_delete_an_event(log, event, statement):
    kept = log.append(event())
    engine = log_engine(log.place)
    with pytest.raises(LogUnavailable, match="events are never changed or deleted"), \
            transaction(engine, log.place, writes=True) as connection:  # fmt: skip
        connection.execute(sa.text(statement))
    engine.dispose()
    assert log.events() == (kept,)


def test_order_is_by_number_whatever_the_clocks_say(place, event):
    clocks = [datetime(2040, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(2039, 1, 1, tzinfo=UTC)]
    kept = []
    for n, moment in enumerate(clocks):
        with open_log(place, clock=lambda moment=moment: moment) as log:
            kept.append(log.append(event(code=f"code-{n}")))
    with open_log(place) as log:
        assert log.events() == tuple(kept)
        assert [e.time[:4] for e in log.events()] == ["2040", "1970", "2039"]


def test_a_clock_without_a_zone_is_refused(place, event):
    with open_log(place, clock=lambda: datetime(2026, 1, 1)) as log:
        with pytest.raises(WrongCall, match="does not say its zone"):
            log.append(event())
        assert log.events() == ()


def test_the_hour_that_comes_twice_in_autumn_is_told_apart_in_utc():
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    assert utc_text(datetime(2026, 10, 25, 2, 30, tzinfo=summer)) == "2026-10-25T00:30:00.000Z"
    assert utc_text(datetime(2026, 10, 25, 2, 30, tzinfo=winter)) == "2026-10-25T01:30:00.000Z"


def test_a_log_of_a_newer_program_is_refused_and_not_touched(log, event):
    log.append(event())
    engine = log_engine(log.place)
    with transaction(engine, log.place, writes=True) as connection:
        connection.execute(sa.text("UPDATE coding_log SET value = '9' WHERE name = 'schema'"))
        connection.execute(sa.text("UPDATE coding_log SET value = '7.2.0' WHERE name = 'tool'"))
    engine.dispose()
    said = "written with version 9 of the log, this program knows 2; nothing was changed — update bwa-study to 7.2.0"
    with pytest.raises(NewerLog, match=said):
        open_log(log.place)


def test_what_is_no_log_is_refused_as_it_is(tmp_path: Path):
    file = tmp_path / "codings.sqlite"
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(LogUnavailable, match="the file is damaged or no coding log .* restore it from a backup"):
        open_log(file)
    assert file.read_bytes() == b"no database at all" * 100


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(LogUnavailable, match=r"nowhere/codings.sqlite: it may not be written or its folder is missing"):
        open_log(tmp_path / "nowhere" / "codings.sqlite")


@pytest.mark.parametrize(
    ("url", "said"),
    [("mysql://a@b/c", "'mysql' is not known"), ("postgresql://user:secret@127.0.0.1:1/x", "127.0.0.1")],
)
def test_a_server_that_cannot_be_used_is_named_without_its_password(url, said):
    with pytest.raises(LogUnavailable, match=said) as caught:
        open_log(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["with space", "研究", "x" * 200])
def test_the_folder_may_have_any_name(tmp_path: Path, event, name):
    folder = tmp_path / name / name
    folder.mkdir(parents=True)
    with open_log(folder / "codings.sqlite") as log:
        log.append(event())
        assert len(log.fold()[0]) == 1


def test_the_log_of_a_study_folder_is_where_study_yaml_says(tmp_path: Path):
    text = "id: s\ntitle: S\ngroups: [{id: worker}]\nrounds: [{id: R1}]\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    assert log_place(tmp_path) == tmp_path / "codings.sqlite"
    (tmp_path / "study.yaml").write_text(text + "log: postgresql://u@h/d\n", encoding="utf-8")
    assert log_place(tmp_path / "study.yaml") == "postgresql://u@h/d"


def test_readers_go_on_while_somebody_writes(tmp_path: Path, event):
    with open_log(tmp_path / "codings.sqlite") as log:
        kept = log.append(event())
        writer = sqlite3.connect(tmp_path / "codings.sqlite", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        assert log.events() == (kept,)
        writer.execute("ROLLBACK")
        writer.close()


def test_a_study_reads_its_log_from_a_server(tmp_path: Path, empty_postgres, event):
    folder = write_study(tmp_path / "study")
    file = folder / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8") + f"log: {empty_postgres}\n", encoding="utf-8")
    with open_log(folder) as log:
        log.append(event(operation="examine", transcript="e-w-1", turns=(2,)))

    study = bwa.load_study(folder)

    assert study.examined.turns == {"c1": {"e-w-1": frozenset({2})}}
    assert not (folder / "codings.sqlite").exists()


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A log that the program wrote when its tables were of version 1."""
    place = tmp_path / "codings.sqlite"
    shutil.copyfile(Path(__file__).parents[2] / "data" / "logs" / "version-1.sqlite", place)
    return place


def test_a_log_of_version_1_is_read_as_it_is(version_1):
    before = version_1.read_bytes()
    events = read_log(version_1)
    assert [(e.sequence, e.operation, e.memo, e.other_quote, e.author) for e in events] == [
        (1, "add", "𠮷 😀", "", ""), (2, "change", "", "", ""), (3, "examine", "", "", ""),
    ]  # fmt: skip
    assert version_1.read_bytes() == before


def test_a_log_of_version_1_is_copied_before_it_is_brought_to_the_present_one(version_1, event):
    before = read_log(version_1)
    with open_log(version_1) as opened:
        assert opened.notes == (
            f"the log was of version 1 and has version 2 now; as it was, it is in {version_1}.version-1",
        )
        kept = opened.append(event(other_quote="every month", author="judge"))
        assert opened.events() == (*before, kept)
    with sqlite3.connect(f"{version_1}.version-1") as copy:
        assert copy.execute("SELECT value FROM coding_log WHERE name = 'schema'").fetchone() == ("1",)
        assert copy.execute("SELECT count(*) FROM coding_events").fetchone() == (3,)
    copy.close()
    with open_log(version_1) as again:
        assert again.notes == ()
        assert again.events()[-1].author == "judge"


def test_events_of_a_log_that_was_brought_up_are_never_changed_either(version_1):
    open_log(version_1).close()
    with sqlite3.connect(version_1) as connection, pytest.raises(sqlite3.DatabaseError, match="never changed"):
        connection.execute("UPDATE coding_events SET code = 'x'")
    connection.close()


def test_a_log_that_cannot_be_copied_stays_of_its_version(version_1):
    (version_1.parent / "codings.sqlite.version-1").mkdir()
    with pytest.raises(LogUnavailable, match="version 1 and cannot be copied .*; nothing was changed — free space"):
        open_log(version_1)
    with sqlite3.connect(version_1) as connection:
        assert connection.execute("SELECT value FROM coding_log WHERE name = 'schema'").fetchone() == ("1",)
    connection.close()


def test_a_log_of_version_1_on_a_server_is_copied_into_a_table(empty_postgres, event):
    with open_log(empty_postgres) as log:
        first = log.append(event())
    engine = log_engine(empty_postgres)
    with engine.begin() as connection:
        for name in ("other_quote", "author"):
            connection.execute(sa.text(f"ALTER TABLE coding_events DROP COLUMN {name}"))
        connection.execute(sa.text("UPDATE coding_log SET value = '1' WHERE name = 'schema'"))
    assert read_log(empty_postgres) == (first,)
    with open_log(empty_postgres) as opened:
        assert opened.notes[0].endswith("as it was, it is in table coding_events_version_1")
        second = opened.append(event(author="judge"))
        assert opened.events() == (first, second)
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM coding_events_version_1")).scalar() == 1
    engine.dispose()
