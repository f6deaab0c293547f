from __future__ import annotations

import pyarrow.parquet as pq
import pytest

import bwa_study as bwa
from bwa_study.coding import streaming
from bwa_study.coding.parquet_corpus import ParquetCorpus
from bwa_study.coding.reading import Spoken


@pytest.fixture(scope="module")
def some(lite_study):
    return bwa.Corpus(tuple(lite_study.corpus)[::5])


@pytest.fixture(scope="module")
def source(some, tmp_path_factory):
    path = tmp_path_factory.mktemp("corpus") / "corpus.parquet"
    bwa.write_corpus(some, path, row_group=20_000)
    return path


@pytest.fixture(scope="module")
def here(source, lite_study, tmp_path_factory):
    return bwa.code_parquet(source, lite_study.codebook, tmp_path_factory.mktemp("out") / "codings")


def files(store):
    return {str(p.relative_to(store.path)): p.read_bytes() for p in sorted(store.path.rglob("*")) if p.is_file()}


def test_transcripts_come_back_as_they_were_written(some, source):
    back = list(ParquetCorpus(source))
    assert [t.id for t in back] == [t.id for t in some]
    for one, other in zip(back, some, strict=True):
        assert (one.text, one.digest, one.group, one.round, one.sites) == (
            other.text, other.digest, other.group, other.round, other.sites,
        )  # fmt: skip
        assert [t.span for t in one.respondent_turns] == [t.span for t in other.respondent_turns]


def test_what_respondents_say_is_read_as_from_the_transcripts(some, source):
    stored = ParquetCorpus(source)
    read = [one for number in range(stored.row_groups) for one in stored.spoken(number)]
    assert [(one.round, one.group, one.spoken) for one in read] == [(t.round, t.group, Spoken.of(t)) for t in some]
    assert stored.row_groups > 1


def test_a_partition_holds_no_words_of_another_group(here):
    frame = here.codings().frame
    groups = {id: path.parent.name for path in here.partitions for id in pq.read_table(path)["id"].to_pylist()}
    workers_alone = set(frame["quote"][frame["id"].map(groups) == "group=worker"])
    workers_alone -= set(frame["quote"][frame["id"].map(groups) != "group=worker"])
    assert len(workers_alone) > 5
    for path in here.partitions:
        if path.parent.name != "group=worker":
            table = pq.read_table(path, read_dictionary=["quote"])
            held = {text for chunk in table["quote"].chunks for text in chunk.dictionary.to_pylist()}
            assert not held & workers_alone


def test_the_codings_are_those_of_the_corpus_in_memory(some, here, lite_study):
    expected = bwa.apply_codebook(some, lite_study.codebook).frame.sort_values("id").reset_index(drop=True)
    assert here.codings().frame.sort_values("id").reset_index(drop=True).equals(expected)


def test_a_part_of_the_codings_is_read_by_what_is_asked(some, here, lite_study):
    expected = bwa.apply_codebook(some, lite_study.codebook).select(code="covid").frame
    groups = expected["transcript"].map(lambda id: some[id].group)
    found = here.codings(code="covid", group="worker").frame
    assert sorted(found["id"]) == sorted(expected["id"][groups == "worker"])
    assert len(found) > 0


def test_counts_are_those_of_the_codings_and_need_none_of_them(here):
    assert here.counts["codings"].sum() == len(here.codings())
    assert set(here.counts["group"]) == {"brand_staff", "manager", "worker"}


def test_partitions_are_by_round_and_group(here):
    assert (here.path / "round=R2" / "group=worker").is_dir()


def test_a_folder_that_holds_something_is_refused(source, here, lite_study):
    with pytest.raises(bwa.BwaError, match="exists already — name a new folder"):
        bwa.code_parquet(source, lite_study.codebook, here.path)


def test_a_folder_that_was_not_finished_is_refused(tmp_path):
    with pytest.raises(bwa.BwaError, match="its coding was not finished"):
        bwa.CodingsStore(tmp_path)


def test_a_transcript_given_twice_is_refused(some, lite_study, tmp_path):
    bwa.write_corpus([*some, next(iter(some))], tmp_path / "c.parquet")
    with pytest.raises(bwa.BwaError, match=f"has transcript '{next(iter(some)).id}' twice"):
        bwa.code_parquet(tmp_path / "c.parquet", lite_study.codebook, tmp_path / "out")


def test_a_parquet_file_of_something_else_is_refused(tmp_path):
    import pyarrow as pa

    pq.write_table(pa.table({"text": ["x"]}), tmp_path / "x.parquet")
    with pytest.raises(bwa.BwaError, match="is no corpus: column 'transcript' is missing"):
        ParquetCorpus(tmp_path / "x.parquet")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(bwa.BwaError, match="there is no such file — write it with write_corpus"):
        ParquetCorpus(tmp_path / "c.parquet")


def test_a_file_that_was_cut_off_is_refused(source, tmp_path):
    (tmp_path / "cut.parquet").write_bytes(source.read_bytes()[:5000])
    with pytest.raises(bwa.BwaError, match=r"cut\.parquet is no Parquet file, or not all of one"):
        ParquetCorpus(tmp_path / "cut.parquet")


@pytest.mark.parametrize("given", [{"address": "tcp://127.0.0.1:8786"}, {"workers": 2}])
def test_an_address_or_workers_without_their_engine_are_refused(given, source, lite_study, tmp_path):
    with pytest.raises(bwa.BwaError, match="is for engine 'dask'"):
        bwa.code_parquet(source, lite_study.codebook, tmp_path / "out", **given)


def test_less_than_no_workers_are_refused(source, lite_study, tmp_path):
    with pytest.raises(bwa.BwaError, match="workers is -2 — give how many to start"):
        bwa.code_parquet(source, lite_study.codebook, tmp_path / "out", engine="dask", workers=-2)


def test_an_address_and_workers_together_are_refused(source, lite_study, tmp_path):
    given = {"engine": "dask", "address": "tcp://127.0.0.1:8786", "workers": 2}
    with pytest.raises(bwa.BwaError, match="give one of the two"):
        bwa.code_parquet(source, lite_study.codebook, tmp_path / "out", **given)


def test_an_engine_that_does_not_exist_is_refused(source, lite_study, tmp_path):
    with pytest.raises(bwa.BwaError, match="engine 'spark'"):
        bwa.code_parquet(source, lite_study.codebook, tmp_path / "out", engine="spark")


def test_row_groups_coded_in_any_order_and_twice_write_the_same_bytes(source, here, lite_study, tmp_path):
    book, parts = lite_study.codebook, list(range(ParquetCorpus(source).row_groups))
    assert len(parts) > 3
    for number in [*reversed(parts), parts[1]]:
        streaming.code_part(source, book, book.digest, tmp_path, number)
    written = files(here)
    written.pop("codings.json")
    found = {str(p.relative_to(tmp_path)): p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file()}
    assert found == written


def test_what_a_killed_worker_was_writing_is_not_left_behind(source, here, lite_study, tmp_path):
    def killed(step, done, total):
        half = tmp_path / "codings/round=R1/group=worker/.part-00000.parquet.0123abcd"
        half.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(b"PAR1")

    store = bwa.code_parquet(source, lite_study.codebook, tmp_path / "codings", progress=killed)
    assert files(store) == files(here)
