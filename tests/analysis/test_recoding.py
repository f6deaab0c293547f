from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.analysis.recoding import CodingsWouldBeLost
from bwa_study.model.codebook import Codebook
from bwa_study.model.codebook_changes import MigrationMap

CODER = "simulated-human-A"


def with_codes(book: Codebook, **changes: object) -> Codebook:
    """The codebook, version 2, with codes taken out (None) or changed (fields)."""
    codes = []
    for code in book:
        change = changes.get(code.id, {})
        if change is not None:
            codes.append(replace(code, **change))  # type: ignore[arg-type]
    return Codebook(book.id, "2", book.themes, tuple(codes), book.languages)


def renamed(study: bwa.Study, book: Codebook, **ids: str) -> bwa.Study:
    frame = study.codings.frame
    frame["code"] = frame["code"].map(lambda id: ids.get(id, id))
    return replace(study, codebook=book, codings=bwa.Codings(frame))


def test_renamed_codes_need_no_recoding(lite_study):
    new = with_codes(lite_study.codebook, follow_up={"id": "checking", "merged_from": ("follow_up",)})
    assert len(bwa.recoding_queue(lite_study, new).frame) == 0


def test_every_coding_of_a_split_or_redefined_code_is_listed_in_the_order_of_the_texts(lite_study):
    new = with_codes(lite_study.codebook, follow_up=None, fear_retaliation={"definition": "Something else."})
    split = MigrationMap(split={"follow_up": ("client_influence", "sustained_attention")})

    table = bwa.recoding_queue(lite_study, new, map=split).frame

    counts = lite_study.codings.frame["code"].value_counts()
    assert table["code"].value_counts().to_dict() == {
        code: int(counts[code]) for code in ("follow_up", "fear_retaliation")
    }
    assert table.query("code == 'follow_up'")["choices"].unique().tolist() == ["client_influence;sustained_attention"]
    assert table.query("code == 'fear_retaliation'")["choices"].unique().tolist() == ["fear_retaliation"]
    order = [t.id for t in lite_study.corpus]
    assert table["transcript"].map(order.index).is_monotonic_increasing
    row = table.iloc[0]
    turn = next(t for t in lite_study.corpus[row["transcript"]].turns if t.number == row["turn"])
    assert turn.span.start <= row["start"] < turn.span.end


def test_a_code_of_which_only_the_wording_changed_sends_nothing_back(lite_study):
    new = with_codes(lite_study.codebook, fear_retaliation={"definition": "Something else."})
    assert len(bwa.recoding_queue(lite_study, new, map=MigrationMap(keep=("fear_retaliation",))).frame) == 0


def test_no_coding_is_lost_in_silence(lite_study):
    counts = lite_study.codings.frame.query("code == 'follow_up'")["coder"].value_counts(sort=False)
    listed = ", ".join(f"{n} by {coder}" for coder, n in counts.items())
    with pytest.raises(CodingsWouldBeLost) as caught:
        bwa.recoding_queue(lite_study, with_codes(lite_study.codebook, follow_up=None))
    assert str(caught.value) == (
        f"codebook 2: code 'follow_up' is gone and has {counts.sum()} codings ({listed}) — say in the map where they "
        "go: carry, split or retire"
    )
    assert len(bwa.recoding_queue(lite_study, with_codes(lite_study.codebook, follow_up=None),
                                  map=MigrationMap(retire=("follow_up",))).frame) == 0  # fmt: skip


def effect(before: bwa.Study, after: bwa.Study) -> pd.DataFrame:
    one, other = (bwa.matrix(study, coders=[CODER]) for study in (before, after))
    return bwa.version_effect(one, other, by=("group",)).frame


def test_the_same_codings_give_no_difference(lite_study):
    table = effect(lite_study, replace(lite_study, codebook=with_codes(lite_study.codebook)))
    assert table["difference"].abs().max() == 0
    assert (table["what"] == "").all()


def test_a_renamed_code_is_compared_with_its_former_self(lite_study):
    new = with_codes(lite_study.codebook, follow_up={"id": "checking", "merged_from": ("follow_up",)})
    table = effect(lite_study, renamed(lite_study, new, follow_up="checking"))
    row = table.query("code == 'checking'")
    assert row["what"].unique().tolist() == ["renamed: follow_up → checking"]
    assert row["difference"].tolist() == [0.0] * len(row)
    assert "follow_up" not in set(table["code"])


def test_a_merged_code_shows_what_the_merge_did(lite_study):
    new = with_codes(lite_study.codebook, follow_up=None, client_influence={"merged_from": ("follow_up",)})
    after = renamed(lite_study, new, follow_up="client_influence")
    row = effect(lite_study, after).query("code == 'client_influence' and group == 'worker' and polarity == 'present'")

    workers = {t.id for t in lite_study.corpus if t.group == "worker"}
    frame = lite_study.codings.frame.query("coder == @CODER and polarity == 'present' and status != 'rejected'")
    frame = frame[frame["transcript"].isin(workers) & frame["time_ref"].isin(["", "now"])]
    before = frame.query("code == 'client_influence'")["transcript"].nunique()
    both = frame.query("code in ['client_influence', 'follow_up']")["transcript"].nunique()
    assert row[["n_before", "n_after"]].values.tolist() == [[before, both]]
    assert both > before
    assert row["what"].tolist() == ["merged: client_influence, follow_up → client_influence"]
