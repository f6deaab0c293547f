"""The indicator coder: patterns of the codebook propose codes, sentence by sentence.

The corpus is turned into numbers once, a block at a time, and patterns are matched on the numbers
(`bwa_study.coding.fast`); `bwa_study.coding.reference` is the plain version of the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bwa_study.coding.fast import FastCoder, Kept, Proposals
from bwa_study.coding.other_text import Text, both, check_text, on_their_turns, other_texts
from bwa_study.coding.reading import Block, blocks
from bwa_study.coding.rows import INDICATORS, Chosen, Columns, coding_ids, codings_table, indicator_text, joined_columns
from bwa_study.coding.vocabulary import Vocabulary
from bwa_study.model.codebook import Codebook
from bwa_study.model.codings import Codings
from bwa_study.model.corpus import Corpus

Progress = Callable[[str, int, int], None]


def apply_codebook(
    corpus: Corpus, codebook: Codebook, *, text: Text = "own", progress: Progress | None = None
) -> Codings:
    """Propose codings with the indicators of a codebook.

    A sentence of a respondent gets a code when one of its patterns matches. Of one code, a sentence gets one proposal:
    ``absent`` if an absent pattern matches, or if a present match is negated (and the code allows it); else
    ``present``.

    Parameters
    ----------
    corpus
        Transcripts; interviewers' turns are never coded.
    codebook
        Its indicators; Chinese ones are matched by characters, all others by words.
    text
        Which text of an interview in two languages is read: the transcript's ``own``, the ``other``, or ``both``.
    progress
        Told of every transcript done.

    Returns
    -------
    Codings
        Coder ``indicators``, status ``proposed``. Span and quote are the sentence; ``match_start`` and ``match_end``
        the words that matched; ``indicator`` is the pattern as ``language:polarity:pattern``, with ``[negated]``
        after it where a negation turned it and ``[wish]`` where it is said of a wish or a plan; ``time_ref`` is the
        time the sentence speaks of, where its cues say so (``future`` for a wish). Ids depend on the content alone.
        What was found in the other language stands on the whole turn that says the same, as what people code there
        does: ``other_quote`` is the sentence that was read, ``match_start`` and ``match_end`` are missing.

    Raises
    ------
    UnknownName
        If there is no such text.

    Notes
    -----
    With ``both``, what the other language says of a code is taken for the turns in which the transcript's own text says
    nothing of it, so that a code of a turn is found once, and the polarity is that of what the transcript says.

    The text is read in blocks of about 16 million characters, so that what is needed at a time does not grow with the
    corpus. To code one corpus several times, use `ReadCorpus`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> proposals = bwa.apply_codebook(study.corpus, study.codebook)
    >>> proposals.coders
    ('indicators',)
    """
    check_text(text)
    if text != "own":
        found = on_their_turns(apply_codebook(other_texts(corpus), codebook, progress=progress), corpus)
        return found if text == "other" else both(apply_codebook(corpus, codebook, progress=progress), found, corpus)
    vocabulary = Vocabulary()
    coder = FastCoder(codebook)
    return _coded(blocks(corpus, vocabulary), coder, vocabulary, codebook, len(corpus), progress)


@dataclass(slots=True)
class ReadCorpus:
    """A corpus whose words are kept as numbers, to be coded again and again.

    Only patterns that were not matched before are matched, so a codebook with one changed indicator takes a moment.
    It needs about two and a half times the memory of the text.

    Parameters
    ----------
    corpus
        Transcripts.
    text
        Which text of an interview in two languages is read, as in `apply_codebook`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> read = bwa.ReadCorpus(study.corpus)
    >>> len(read.code(study.codebook)) == len(bwa.apply_codebook(study.corpus, study.codebook))
    True
    """

    corpus: Corpus
    text: Text = "own"
    other: ReadCorpus | None = field(default=None, init=False, repr=False)
    vocabulary: Vocabulary = field(default_factory=Vocabulary, init=False, repr=False)
    blocks: list[tuple[Block, Kept]] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        check_text(self.text)
        if self.text != "other":
            self.blocks = [(block, Kept()) for block in blocks(self.corpus, self.vocabulary)]
        if self.text != "own":
            self.other = ReadCorpus(other_texts(self.corpus))

    def code(self, codebook: Codebook) -> Codings:
        """The same proposals as `apply_codebook` makes."""
        if self.other is None:
            return self._own(codebook)
        found = on_their_turns(self.other.code(codebook), self.corpus)
        return found if self.text == "other" else both(self._own(codebook), found, self.corpus)

    def _own(self, codebook: Codebook) -> Codings:
        coder = FastCoder(codebook)
        kept = {id(block): matches for block, matches in self.blocks}
        listed = (block for block, _ in self.blocks)
        return _coded(listed, coder, self.vocabulary, codebook, len(self.corpus), None, kept)


def _coded(
    listed: Iterable[Block],
    coder: FastCoder,
    vocabulary: Vocabulary,
    codebook: Codebook,
    total: int,
    progress: Progress | None,
    kept: dict[int, Kept] | None = None,
) -> Codings:
    parts = []
    done = 0
    for block in listed:
        found = coder.proposals(block, vocabulary.words, (kept or {}).get(id(block)))
        parts.append(columns_of(block, found, coder, codebook))
        for _ in block.transcripts if progress else ():
            done += 1
            assert progress is not None
            progress("coding transcripts", done, total)
    return codings_table(joined_columns(parts)) if parts else Codings.empty()


def columns_of(block: Block, found: Proposals, coder: FastCoder, codebook: Codebook) -> Columns:
    """The proposals for a block as the columns of codings."""
    transcripts = block.transcripts
    owner, start, end = (column[found.sentence] for column in (block.owner, block.starts, block.ends))
    which = found.indicator * 4 + found.negated * 2 + found.wish
    used = np.flatnonzero(np.bincount(which, minlength=1))
    name = np.zeros(4 * len(coder.indicators) + 4, dtype=np.int64)
    name[used] = np.arange(len(used))
    name = name[which]
    indicators = [(coder.indicators[n // 4], n % 4 > 1, n % 2 == 1) for n in used.tolist()]
    polarity = ["absent" if negated else str(i.polarity) for i, negated, _ in indicators]
    text = [indicator_text(i, negated=negated, wish=wish) for i, negated, wish in indicators]
    code = [codebook.codes[coder.code_of[n // 4]].id for n in used.tolist()]
    named = ["\t".join(parts) for parts in zip(code, polarity, text, strict=True)]
    return {
        "id": coding_ids(transcripts, owner, start, end, named, name),
        "transcript": Chosen([t.id for t in transcripts], owner),
        "start": start,
        "end": end,
        "quote": _quotes(block, found.sentence),
        "code": Chosen(code, name),
        "polarity": Chosen(polarity, name),
        "coder": INDICATORS.name,
        "coder_kind": INDICATORS.kind,
        "status": "proposed",
        "time_ref": found.time_ref,
        "indicator": Chosen(text, name),
        "match_start": found.start,
        "match_end": found.end,
        "codebook_version": codebook.version,
        "text_digest": Chosen([t.digest for t in transcripts], owner),
    }


def _quotes(block: Block, sentence: npt.NDArray[np.int64]) -> Chosen:
    """The words of the sentences; the rows of one sentence, which follow each other, share theirs."""
    new = np.ones(len(sentence), dtype=bool)
    np.not_equal(sentence[1:], sentence[:-1], out=new[1:])
    which = sentence[new]
    texts = [t.text for t in block.transcripts]
    places = (column[which].tolist() for column in (block.owner, block.starts, block.ends))
    return Chosen([texts[n][a:b] for n, a, b in zip(*places, strict=True)], np.cumsum(new) - 1)
