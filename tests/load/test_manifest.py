from __future__ import annotations

import pytest

from bwa_study.load.gate import Source, read_source
from bwa_study.load.manifest import load_manifest, load_sites, split_ids
from bwa_study.load.study_file import load_study_file
from bwa_study.model.errors import TableError
from bwa_study.model.study import Site

SITES = (Site("F01", ("B1",)), Site("F02", ("B1", "B2")))


@pytest.fixture
def load(make_study, manifest_text):
    study = load_study_file(make_study())

    def read(*rows: dict[str, str] | str | bytes, sites: tuple[Site, ...] = SITES):
        text = rows[0] if isinstance(rows[0], (str, bytes)) else manifest_text(*rows)
        data = text.encode() if isinstance(text, str) else text
        return load_manifest(Source("m.csv", data, ""), study, sites)

    return read


@pytest.fixture
def problems(load):
    def found(*rows: dict[str, str] | str | bytes, **kwargs: tuple[Site, ...]) -> list[str]:
        with pytest.raises(TableError) as caught:
            load(*rows, **kwargs)
        return [str(p) for p in caught.value.problems]

    return found


def test_a_good_row_arrives_typed_with_every_column(load, row):
    frame, warnings = load(row(duration_min="45", recorded="yes", synthetic="true", hobby="chess"))
    assert warnings == []
    (one,) = frame.to_dict("records")
    assert (one["duration_min"], one["recorded"], one["synthetic"]) == (45, True, True)
    assert (one["hobby"], one["dialect"]) == ("chess", "")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"round": "R3"}, ("column 'round', value 'R3': not a round of this study — "
         "use R1, R2, or add it to study.yaml")),
        ({"language": "english"}, "column 'language', value 'english': not a language tag — use a tag such as en, zh"),
        ({"language": "EN"}, "column 'language', value 'EN': not a language tag"),
        ({"n_participants": "-3"}, "column 'n_participants', value '-3': not a number of anything — use 1 or more"),
        ({"brand_id": "B9"}, "column 'brand_id', value 'B9': no factory has this brand"),
        ({"round": ""}, "column 'round', value '': nothing is filled in — fill in 'round'"),
        ({"group": "wroker"}, ("column 'group', value 'wroker': not a group of this study, did you mean 'worker'? — "
         "use brand_staff, manager, worker, or add it to study.yaml")),
        ({"factory_ids": "F1"}, ("column 'factory_ids', value 'F1': 'F1' is not a factory of this study, "
         "did you mean 'F01'? — correct it, or add the factory to its table")),
        ({"date": "2020-09-10"}, ("column 'date', value '2020-09-10': outside of round R1 (2019-09-01 to 2019-10-31) — "
         "correct the date or the round, or the round's days in study.yaml")),
        ({"date": "2019-08-31"}, "column 'date', value '2019-08-31': outside of round R1"),
        ({"date": "03/04/2019"}, "column 'date', value '03/04/2019': not a date — write it as YYYY-MM-DD"),
        ({"date": "2019-02-30"}, "column 'date', value '2019-02-30': not a date"),
        ({"factory_ids": ""}, "column 'factory_ids', value '': a worker without a factory — fill in the factory"),
        ({"group": "manager", "factory_ids": " ;"}, "column 'factory_ids', value '': a manager without a factory"),
        ({"group": "brand_staff"}, "column 'brand_id', value '': brand staff without a brand — fill in the brand"),
        ({"consent": ""}, "column 'consent', value '': nothing is filled in — fill in 'consent'"),
        ({"consent": "wrtten"}, ("column 'consent', value 'wrtten': 'wrtten' is not one of the values, "
         "did you mean 'written'? — use written, oral, refused_recording")),
        ({"language": ""}, "column 'language', value '': nothing is filled in"),
        ({"interview_id": "R1 F01"}, "column 'interview_id', value 'R1 F01': not an id"),
        ({"interview_id": "a\u202eb"}, "column 'interview_id', value 'a\\u202eb': not an id"),
        ({"participant_id": ""}, "column 'participant_id', value '': nothing is filled in"),
        ({"gender": "w"}, "column 'gender', value 'w': 'w' is not one of the values"),
        ({"withdrawn": "yes"}, "column 'withdrawn', value 'yes': not a date"),
        ({"recorded": "maybe"}, "column 'recorded', value 'maybe': neither yes nor no"),
        ({"duration_min": "1,5"}, "column 'duration_min', value '1,5': not a whole number"),
        ({"consent_quotes": "some"}, "column 'consent_quotes', value 'some': 'some' is not one of the values"),
        ({"encoding": "latin-1"}, "column 'encoding', value 'latin-1': 'latin-1' is not one of the values"),
    ],
)  # fmt: skip
def test_a_bad_value_names_file_row_column_and_value(problems, row, fields, message):
    found = problems(row(), row(interview_id="second", participant_id="P-2", transcript_file="b.txt") | fields)
    assert len(found) == 1
    assert found[0].startswith(f"m.csv:3: {message}")


def test_an_interview_id_given_twice_names_both_lines(problems, row):
    assert problems(row(), row(participant_id="P-2", transcript_file="b.txt")) == [
        "m.csv:3: column 'interview_id', value 'R1-F01-W-01': the id is taken by line 2 — give each its own id"
    ]


def test_a_transcript_of_two_interviews_would_count_twice_and_is_refused(problems, row):
    assert problems(row(), row(interview_id="i2")) == [
        (
            "m.csv:3: column 'transcript_file', value 'interviews/w1.txt': the file is taken by line 2 — "
            "give each its own file"
        )
    ]


@pytest.mark.parametrize(("column", "values"), [("gender", ("f", "m")), ("group", ("worker", "manager"))])
def test_a_participant_with_two_genders_or_groups_is_refused(problems, row, column, values):
    first, second = values
    found = problems(
        row(**{column: first}),
        row(interview_id="i2", transcript_file="b.txt", round="R2", date="2020-09-10") | {column: second},
    )
    assert found == [
        (
            f"m.csv:3: column '{column}', value '{second}': participant P-1 has {column} '{first}' in line 2 — "
            "correct one of the two, or give the second person an own id"
        )
    ]


def test_a_gender_that_is_not_given_contradicts_nothing(load, row):
    rows = [row(interview_id=f"i{n}", transcript_file=f"{n}.txt", gender=g) for n, g in enumerate(["f", "", "na", "f"])]
    assert len(load(*rows)[0]) == 4


def test_several_problems_of_several_rows_come_at_once_in_the_order_of_lines(problems, row):
    found = problems(
        row(round="R9", consent=""),
        row(interview_id="i2", participant_id="P-2", transcript_file="b.txt"),
        row(interview_id="i2", participant_id="P-2", transcript_file="c.txt", date="soon", factory_ids="F01;F77"),
        row(interview_id="i4", participant_id="P-2", transcript_file="d.txt", gender="m", group="brand_staff"),
    )
    assert [p.split(",")[0] for p in found] == [
        "m.csv:2: column 'consent'",
        "m.csv:2: column 'round'",
        "m.csv:4: column 'date'",
        "m.csv:4: column 'interview_id'",
        "m.csv:4: column 'factory_ids'",
        "m.csv:5: column 'brand_id'",
        "m.csv:5: column 'gender'",
        "m.csv:5: column 'group'",
    ]


def test_rounds_out_of_order_undeclared_or_with_impossible_days_are_each_reported(problems, row):
    cases = [("R2", "2019-09-05"), ("R1", "2020-09-05"), ("Round 2", "2020-13-45"), ("", "2019-02-30"),
             ("1.5", "03/04/2019")]  # fmt: skip
    rows = [
        row(interview_id=f"i{n}", transcript_file=f"{n}.txt", round=round, date=day)
        for n, (round, day) in enumerate(cases)
    ]
    assert [p.split(":")[1] for p in problems(*rows)] == ["2", "3", "4", "4", "5", "5", "6", "6"]


@pytest.mark.parametrize("name", ["missing_column.csv", "out_of_order_rounds.csv"])
def test_a_table_of_other_columns_lists_what_is_missing_and_what_is_there(problems, bad_inputs, name):
    file = read_source(bad_inputs / "csv" / name)
    found = [p for p in problems(file.data) if p.startswith("m.csv:1: column '")]
    assert {p.split("'")[1] for p in found} >= {"interview_id", "participant_id", "language", "consent"}
    columns = file.data.decode().splitlines()[0].replace(",", ", ")
    assert all(f"is missing; columns found: {columns} — add the column '" in p for p in found)


def test_a_missing_group_column_is_named(problems, row):
    without = {name: value for name, value in row().items() if name != "group"}
    (problem,) = problems(without)
    assert problem.startswith("m.csv:1: column 'group' is missing; columns found: interview_id, participant_id, round,")


@pytest.mark.parametrize("name", ["duplicate_header.csv", "ragged.csv", "semicolon.csv", "gb18030.csv"])
def test_a_table_that_cannot_be_read_is_a_table_error(problems, bad_inputs, name):
    assert all(p.startswith("m.csv:") for p in problems(read_source(bad_inputs / "csv" / name).data))


def test_a_study_without_factories_needs_neither_factory_nor_brand(load, row):
    assert len(load(row(factory_ids=""), sites=())[0]) == 1


def test_brand_staff_may_speak_of_several_factories_and_of_none(load, row):
    brand = {"group": "brand_staff", "brand_id": "B1"}
    frame, _ = load(
        row(factory_ids="F01; F02", **brand), row(interview_id="i2", transcript_file="b.txt", factory_ids="", **brand)
    )
    assert [split_ids(value) for value in frame["factory_ids"]] == [("F01", "F02"), ()]


def test_a_misspelt_column_is_kept_and_a_warning_guesses_what_was_meant(load, row):
    _, warnings = load(row(genderr="f"))
    assert [str(w) for w in warnings] == [
        (
            "m.csv:1: warning: column 'genderr' is not one of the manifest's, did you mean 'gender'? — "
            "it is kept as an attribute; rename it if it was meant"
        )
    ]


def test_interviews_that_do_not_say_what_was_asked_are_counted_in_a_warning(load, row):
    _, warnings = load(row(), row(interview_id="i2", transcript_file="b.txt", blocks_asked=""))
    assert "m.csv: warning: 1 of 2 interviews do not say which blocks of the guide were asked" in str(warnings[0])


def test_factories_keep_their_order_brands_and_other_columns():
    sites = load_sites(Source("f.csv", b"factory_id,brand_ids,region\nF02,B1; B2,south\nF01,,\n", ""))
    assert sites == (Site("F02", ("B1", "B2"), (("region", "south"),)), Site("F01", (), (("region", ""),)))


def test_a_factory_given_twice_or_without_id_is_refused():
    with pytest.raises(TableError) as caught:
        load_sites(Source("f.csv", b"factory_id,region\nF01,a\nF01,b\n,c\n", ""))
    assert sorted(map(str, caught.value.problems)) == [
        "f.csv:3: column 'factory_id', value 'F01': the id is taken by line 2 — give each its own id",
        "f.csv:4: column 'factory_id', value '': nothing is filled in — fill in 'factory_id'",
    ]


def test_a_table_without_factory_id_says_so():
    with pytest.raises(TableError, match="column 'factory_id' is missing; columns found: site, region"):
        load_sites(Source("f.csv", b"site,region\nF01,a\n", ""))


def test_blocks_that_no_code_belongs_to_are_a_warning(make_study, row, manifest_text):
    from bwa_study.load.study import check_study

    codebook = "version: 1\ncodes:\n  - {id: follow_up, block: oversight, patterns: [follow* up]}\n"
    files = {"codebook.yaml": codebook, "raw/interviews.csv": manifest_text(row(blocks_asked="overs1ght"))}
    folder = make_study(files)

    (found,) = [str(p) for p in check_study(folder) if "blocks_asked" in p.what]
    assert "value 'overs1ght' (1 interviews): no code has that block" in found
    assert "did you mean 'oversight'?" in found


def test_events_come_by_site_and_day_and_bad_rows_are_all_named(tmp_path):
    from bwa_study.load.gate import read_source
    from bwa_study.load.manifest import load_events
    from bwa_study.model.errors import TableError
    from bwa_study.model.study import Event, Site

    sites = (Site("F02"), Site("F01"))
    good = tmp_path / "good.csv"
    good.write_text(
        "factory_id,date,kind,note\nF01,2020-02-01,covid,\nF02,2020-03-01,training,all\nF02,2020-01-01,x,\n"
    )
    assert load_events(read_source(good), sites) == (
        Event("F02", "2020-01-01", "x"),
        Event("F02", "2020-03-01", "training", "all"),
        Event("F01", "2020-02-01", "covid"),
    )
    bad = tmp_path / "bad.csv"
    bad.write_text("factory_id,date,kind\nF03,2020-02-01,covid\nF01,1.2.2020,covid\n")
    with pytest.raises(TableError) as fault:
        load_events(read_source(bad), sites)
    first, second = str(fault.value).splitlines()
    assert first.startswith(f"{bad}:2: column 'factory_id', value 'F03': there is no such factory, did you mean 'F0")
    assert first.endswith(" — correct it, or add it to the factories")
    assert (
        second == f"{bad}:3: column 'date', value '1.2.2020': not a date — write it as YYYY-MM-DD, such as 2020-09-14"
    )
