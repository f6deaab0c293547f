from __future__ import annotations

import pytest

from bwa_study.load.codebook import load_codebook, parse_codebook
from bwa_study.load.codings_files import load_codings, read_codings, read_examined
from bwa_study.load.gate import Source, read_source
from bwa_study.model.codebook import Codebook
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, TableError
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn

HEAD = "id,transcript,start,end,quote,code,polarity,coder,coder_kind,status,text_digest\n"
TEXT = "They follow up each month, 每个月都来。"
BOOK = "version: 1\ncodes: [{id: follow_up, merged_from: [checking]}, {id: fear}]"


def transcript(id: str) -> Transcript:
    turns = (
        Turn(1, "R1", Role.RESPONDENT, Span(0, 26), "en"),
        Turn(2, "R1", Role.RESPONDENT, Span(26, len(TEXT)), "zh"),
    )
    return Transcript(id, "P-1", "worker", "R1", ("F01",), "en", TEXT, turns)


CORPUS = Corpus((transcript("i1"), transcript("i2")))


@pytest.fixture
def codebook() -> Codebook:
    return parse_codebook(BOOK, file="b.yaml")


def line(id: str = "a", transcript: str = "i1", start: object = 5, end: object = 11, quote: str = "follow",
         code: str = "follow_up", coder: str = "A", digest: str = "") -> str:  # fmt: skip
    return f'{id},{transcript},{start},{end},"{quote}",{code},present,{coder},human,accepted,{digest}\n'


def table(*lines: str, name: str = "A.csv") -> Source:
    return Source(name, (HEAD + "".join(lines)).encode(), "")


def shown(problems: list[Problem]) -> list[str]:
    return [str(p) for p in problems]


def read(codebook: Codebook, *sources: Source, withdrawn: frozenset[str] = frozenset()):
    codings, problems = read_codings(list(sources), codebook, CORPUS, withdrawn)
    return codings, shown(problems)


def test_codings_that_stand_on_text_and_codebook_are_read(codebook):
    codings, problems = read(
        codebook, table(line("a"), line("b", "i2", 27, 33, "每个月都来。", digest=CORPUS["i2"].digest))
    )
    assert problems == []
    assert [(c.id, c.quote) for c in codings.frame.itertuples()] == [("a", "follow"), ("b", "每个月都来。")]


def test_the_codings_of_several_coders_are_all_kept(codebook):
    codings, problems = read(
        codebook, table(line("a"), line("b", coder="B")), table(line("c", coder="C"), name="C.csv")
    )
    assert problems == []
    assert codings.coders == ("A", "B", "C")


def test_orphan_codes_are_listed_with_counts_and_coders_and_a_way_out(codebook):
    rows = [line("a"), line("b", code="old_name"), line("c", code="old_name", coder="B"), line("d", code="old_name"),
            line("e", code="fears")]  # fmt: skip
    _, problems = read(codebook, table(*rows))
    assert problems == [
        (
            "A.csv:3: code 'old_name' is not in the codebook (2 by A, 1 by B) — if it was renamed or merged, "
            "add 'merged_from: [old_name]' to its new code; nothing is dropped"
        ),
        (
            "A.csv:6: code 'fears' is not in the codebook, did you mean 'fear'? (1 by A) — if it was renamed or "
            "merged, add 'merged_from: [fears]' to its new code; nothing is dropped"
        ),
    ]


def test_a_codebook_that_has_lost_a_code_reports_its_codings(bad_inputs):
    removed = load_codebook(bad_inputs / "yaml/removed_code.yaml")
    rows = [line("a", code="oversight.positive"), line("b", code="openness.negative"), line("c", code="old_name")]
    _, problems = read(removed, table(*rows))
    assert [p.split(" — ")[0] for p in problems] == [
        "A.csv:3: code 'openness.negative' is not in the codebook (1 by A)",
        "A.csv:4: code 'old_name' is not in the codebook (1 by A)",
    ]


def test_codings_of_a_former_code_count_as_its_new_one(codebook):
    codings, problems = read(codebook, table(line("a", code="checking")))
    assert problems == []
    assert codings.frame["code"].tolist() == ["follow_up"]


def test_old_codings_stay_readable_by_themselves_whatever_the_codebook_says(tmp_path):
    (tmp_path / "old.csv").write_bytes(table(line("a", code="old_name")).data)
    assert load_codings(tmp_path / "old.csv").frame["code"].tolist() == ["old_name"]


def test_codings_whose_text_has_changed_are_detached_with_a_warning_and_not_counted(codebook):
    codings, problems = read(
        codebook, table(line("a"), line("b", quote="fallow"), line("c", "i2", digest="0" * 64), line("d", "i2", 6, 12))
    )
    assert codings.frame["id"].tolist() == ["a"]
    assert problems == [
        (
            "A.csv: warning: 3 codings no longer stand on their text (transcripts i1, i2) — the transcript was changed "
            "after coding: restore it, or code these places again; they are not counted"
        )
    ]


def test_codings_of_withdrawn_interviews_are_left_out_with_a_warning(codebook):
    codings, problems = read(codebook, table(line("a"), line("b", "gone")), withdrawn=frozenset({"gone"}))
    assert codings.frame["id"].tolist() == ["a"]
    assert problems == [
        "A.csv: warning: 1 codings are of interviews whose consent was withdrawn — they are left out; delete these rows"
    ]


def test_codings_of_a_transcript_that_is_not_in_the_manifest_are_an_error(codebook):
    _, problems = read(codebook, table(line("a"), line("b", "i11"), line("c", "i11")))
    assert problems == [
        "A.csv:3: 2 codings of transcript 'i11', which the manifest does not have, did you mean 'i1'? — correct the id"
    ]


@pytest.mark.parametrize(("start", "end"), [(-5, -1), (11, 5), (5, 5)])
def test_a_place_that_is_none_is_an_error_with_its_row(codebook, start, end):
    _, problems = read(codebook, table(line("a"), line("b", start=start, end=end)))
    assert problems[0] == (
        f"A.csv:3: columns 'start' and 'end', values '{start}' and '{end}': no place in a text — "
        "0 <= start < end, in characters (code points) of the text"
    )


def test_one_id_for_two_codings_would_drop_one_and_is_an_error(codebook):
    _, problems = read(codebook, table(line("1"), line("1", "i2")), table(line("1", coder="B"), name="B.csv"))
    assert problems == [
        (
            "A.csv:3: column 'id', value '1': the id of another coding (A.csv:2) — "
            "give each coding an id of its own, such as a uuid"
        ),
        (
            "B.csv:2: column 'id', value '1': the id of another coding (A.csv:2) — "
            "give each coding an id of its own, such as a uuid"
        ),
    ]


def test_the_same_coding_in_two_files_counts_once(codebook):
    codings, problems = read(codebook, table(line("a")), table(line("a"), name="copy.csv"))
    assert (len(codings), problems) == (1, [])


def test_bad_rows_of_all_files_come_at_once(codebook):
    _, problems = read(
        codebook,
        table(line("a", start="five"), line("b").replace("present", "maybe")),
        Source("B.csv", b"id,code\n", ""),
        Source("C.csv", b"id\xff\n", ""),
        Source("D.csv", b"", ""),
    )
    starts = ["A.csv:2: column 'start', value 'five': not a whole number",
              "A.csv:3: column 'polarity', value 'maybe': 'maybe' is not one of the values"]  # fmt: skip
    assert [p.split(" — ")[0] for p in problems[:2]] == starts
    assert "B.csv:1: column 'transcript' is missing; columns found: id, code" in problems[2]
    assert problems[-2].startswith("C.csv:1: not valid UTF-8 at byte 2 (0xFF)")
    assert problems[-1].startswith("D.csv:1: the table is empty")


def test_load_codings_raises_with_every_bad_row(tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes(table(line("a", start="x"), line("b", end="")).data)
    with pytest.raises(TableError) as caught:
        load_codings(path)
    assert [str(p).split(":")[1] for p in caught.value.problems] == ["2", "3"]
    with pytest.raises(TableError, match="none.csv: there is no such file"):
        load_codings(tmp_path / "none.csv")


def examined(text: str, withdrawn: frozenset[str] = frozenset()):
    source = Source("examined.csv", ("coder,transcript,turns\n" + text).encode(), "")
    record, problems = read_examined(source, CORPUS, withdrawn)
    return record, shown(problems)


def test_the_record_says_who_has_read_what():
    record, problems = examined("A,i1,all\nA,i2,2\nB,i2,1;2\n")
    assert problems == []
    assert record.coders == ("A", "B")
    assert record.read("A", "i1", 2)
    assert [record.read("A", "i2", n) for n in (1, 2)] == [False, True]
    assert not record.read("B", "i1", 1)


def test_bad_rows_of_the_record_are_all_named():
    record, problems = examined("A,i9,all\nA,i1,some\nA,i1,1;\nB,,all\nC,i1,3\nC,i2,0\nD,i1,1\nD,i1,2\n")
    assert [p.removeprefix("examined.csv:").split(" — ")[0] for p in problems] == [
        "2: column 'transcript', value 'i9': the manifest does not have it",
        "3: column 'turns', value 'some': neither 'all' nor numbers",
        "4: column 'turns', value '1;': neither 'all' nor numbers",
        "5: column 'transcript', value '': nothing is filled in",
        "6: column 'turns', value '3': there is no turn 3",
        "7: column 'turns', value '0': there is no turn 0",
        "9: column 'transcript', value 'i1': 'D' has a line for it above",
    ]
    assert record.coders == ("D",)


def test_the_record_may_say_on_which_day():
    data = b"coder,transcript,turns,date\nA,i1,all,2026-01-31\nA,i2,2,\nB,i2,all,31 Jan\n"
    record, problems = read_examined(Source("examined.csv", data, ""), CORPUS, frozenset())
    assert record.dates == {"A": {"i1": "2026-01-31"}}
    assert [p.split(" — ")[0] for p in shown(problems)] == ["examined.csv:4: column 'date', value '31 Jan': not a date"]


def test_withdrawn_interviews_are_left_out_of_the_record():
    record, problems = examined("A,gone,all\nA,i1,all\n", withdrawn=frozenset({"gone"}))
    assert (problems, list(record.turns["A"])) == ([], ["i1"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"coder,transcript\nA,i1\n", "examined.csv:1: column 'turns' is missing; columns found: coder, transcript"),
        (b"coder\xff", "examined.csv:1: not valid UTF-8 at byte 5 (0xFF)"),
        (b"", "examined.csv:1: the table is empty"),
    ],
)
def test_a_record_that_cannot_be_read_is_one_problem(data, message):
    record, problems = read_examined(Source("examined.csv", data, ""), CORPUS, frozenset())
    assert record.coders == ()
    assert len(problems) == 1
    assert str(problems[0]).startswith(message)


def test_the_bad_table_of_the_folder_is_refused_as_codings(bad_inputs, codebook):
    source = read_source(bad_inputs / "csv/semicolon.csv", name="s.csv")
    _, problems = read(codebook, source)
    assert problems[0].startswith("s.csv:1: one column found")
