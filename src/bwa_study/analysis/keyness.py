"""Which words set two groups or rounds apart: log-odds with an informative Dirichlet prior, G2 and chi-square."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.families import adjusted
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.words import word_spans

Floats = npt.NDArray[np.float64]
Prior = Literal["informative", "uniform"]
PRIORS: tuple[Prior, ...] = ("informative", "uniform")


@dataclass(frozen=True, eq=False, repr=False)
class Keyness(Result):
    """A row a word, most typical of the first level first.

    ``table`` has the columns ``word``, ``n_first``, ``n_second`` (uses), ``interviews_first``, ``interviews_second``
    (interviews that use it), ``log_odds`` (above 0: typical of the first), ``error``, ``z``, ``p`` (normal, words taken
    for independent draws: too small), ``p_adjusted`` (Benjamini-Hochberg over all words), ``g2`` and ``chi2``.
    """

    levels: tuple[str, str] = ("", "")

    def compact(self) -> pd.DataFrame:
        """The fifteen most typical words of each level."""
        both = pd.concat([self.table.head(15), self.table.tail(15)]).drop_duplicates("word")
        return both.set_index("word")[["n_first", "n_second", "log_odds", "z"]].round(2)


def keyness(
    study: Study,
    *,
    between: str,
    levels: tuple[str, str],
    language: str,
    prior: Prior = "informative",
    strength: float = 100.0,
    min_uses: int = 5,
) -> Keyness:
    """Compare the words of two groups, rounds or other kinds of interviews.

    Parameters
    ----------
    study
        Its respondents' turns are read, not the codings.
    between
        ``group``, ``round`` or a field of the manifest.
    levels
        The two levels.
    language
        Only turns of one language are compared. Chinese is taken in pairs of neighbouring characters, for the text has
        no word limits.
    prior
        ``informative``: words are pulled to their share in both levels together; ``uniform``: all alike.
    strength
        Weight of the prior in words: all together where it is informative, each word where it is uniform.
    min_uses
        Words used less often in both levels together are left out of the table, not of the totals.

    Returns
    -------
    Keyness

    Raises
    ------
    UnknownName
        If a level, the field, the language or the prior does not exist.
    WrongCall
        If a level has no words.

    References
    ----------
    Monroe, B. L., Colaresi, M. P. & Quinn, K. M. (2008). Fightin' words. *Political Analysis* 16, 372-403, equations 15
    to 22; see `log_odds`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> found = bwa.keyness(study, between="group", levels=("manager", "worker"), language="en")
    >>> bool(found.frame["z"].iloc[0] > 2 > -2 > found.frame["z"].iloc[-1])
    True
    """
    if prior not in PRIORS:
        raise UnknownName("prior", prior, PRIORS)
    if language not in study.levels("language"):
        raise UnknownName("language", language, study.levels("language"))
    known = study.levels(between)
    for level in levels:
        if level not in known or not level:
            raise UnknownName(between, level, [k for k in known if k])
    uses, interviews = _counted(study, between, levels, language)
    for level, of in zip(levels, uses, strict=True):
        if not of:
            raise WrongCall(f"keyness needs words of {level} in {language}, found none")
    words = sorted(set(uses[0]) | set(uses[1]))
    first, second = (np.array([of[w] for w in words], dtype=np.float64) for of in uses)
    table = log_odds(first, second, prior=prior, strength=strength)
    table.insert(0, "word", words)
    table.insert(3, "interviews_first", [interviews[0][w] for w in words])
    table.insert(4, "interviews_second", [interviews[1][w] for w in words])
    table = table[table["n_first"] + table["n_second"] >= min_uses]
    table = table.assign(p_adjusted=adjusted(table["p"].to_numpy(np.float64), correction="benjamini-hochberg"))
    order = [*(c for c in table.columns if c not in ("p_adjusted", "g2", "chi2")), "p_adjusted", "g2", "chi2"]
    weights = f"{strength:g} words in all" if prior == "informative" else f"{strength:g} a word"
    return Keyness(
        table=table[order].sort_values("z", ascending=False, kind="stable").reset_index(drop=True),
        title=f"Words of {levels[0]} against {levels[1]} ({language})",
        method=f"Log-odds with {'an informative' if prior == 'informative' else 'a uniform'} Dirichlet prior "
        f"({weights}); {int(first.sum())} and {int(second.sum())} words. Words of one interview are not independent: "
        "read z as an order, and the number of interviews beside it, not as a test.",
        source="Monroe, Colaresi & Quinn (2008)",
        provenance={"language": language, "least uses": str(min_uses)},
        synthetic=study.synthetic,
        levels=levels,
    )


def log_odds(first: Floats, second: Floats, *, prior: Prior, strength: float) -> pd.DataFrame:
    r"""Log-odds ratios of words with a Dirichlet prior, and the older measures of keyness beside them.

    Parameters
    ----------
    first, second
        Uses of each word in the two texts; all words of both.
    prior, strength
        As in `keyness`.

    Returns
    -------
    pandas.DataFrame
        A row a word: n_first, n_second, log_odds, error, z, p, g2 (Rayson and Garside's, over the two cells of the
        word), chi2 (with Yates' correction, over all four cells). g2 and chi2 have no sign.

    Notes
    -----
    With counts y, totals n, prior :math:`\alpha_w` and :math:`\alpha_0 = \sum_w \alpha_w`,

    .. math:: \delta_w = \log \frac{y_{1w} + \alpha_w}{n_1 + \alpha_0 - y_{1w} - \alpha_w}
              - \log \frac{y_{2w} + \alpha_w}{n_2 + \alpha_0 - y_{2w} - \alpha_w}, \quad
              \sigma^2_w = \frac{1}{y_{1w} + \alpha_w} + \frac{1}{y_{2w} + \alpha_w}

    References
    ----------
    Monroe et al. (2008), equations 15, 20 and 22. Rayson, P. & Garside, R. (2000). Comparing corpora using frequency
    profiling. *Workshop on Comparing Corpora*, 1-6.

    Examples
    --------
    >>> found = log_odds(np.array([25.0, 2.0]), np.array([3.0, 22.0]), prior="uniform", strength=0.5)
    >>> bool(found["z"].iloc[0] > 0 > found["z"].iloc[1])
    True
    """
    from scipy import stats

    n1, n2 = first.sum(), second.sum()
    together = first + second
    alpha = strength * together / together.sum() if prior == "informative" else np.full(len(first), strength)
    a0 = alpha.sum()
    a, b = first + alpha, second + alpha
    delta = np.log(a / (n1 + a0 - a)) - np.log(b / (n2 + a0 - b))
    error = np.sqrt(1 / a + 1 / b)
    z = delta / error
    e1, e2 = n1 * together / (n1 + n2), n2 * together / (n1 + n2)
    g2 = 2 * (_xlog(first, e1) + _xlog(second, e2))
    cross = np.abs(first * (n2 - second) - second * (n1 - first)) - (n1 + n2) / 2
    spread = together * (n1 + n2 - together) * n1 * n2
    chi2 = (n1 + n2) * np.square(np.maximum(cross, 0)) / np.where(spread > 0, spread, np.nan)
    columns = {
        "n_first": first.astype(np.int64),
        "n_second": second.astype(np.int64),
        "log_odds": delta,
        "error": error,
    }
    return pd.DataFrame({**columns, "z": z, "p": 2 * stats.norm.sf(np.abs(z)), "g2": g2, "chi2": chi2})


def _xlog(x: Floats, expected: Floats) -> Floats:
    return np.where(x > 0, x * np.log(np.where(x > 0, x, 1) / expected), 0.0)


def _counted(
    study: Study, between: str, levels: tuple[str, str], language: str
) -> tuple[tuple[Counter[str], Counter[str]], tuple[Counter[str], Counter[str]]]:
    uses, interviews = (Counter[str](), Counter[str]()), (Counter[str](), Counter[str]())
    for t in study.corpus:
        level = {"group": t.group, "round": t.round}.get(between) or t.attribute(between)
        if level not in levels:
            continue
        at = levels.index(level)
        here: Counter[str] = Counter()
        for turn in t.respondent_turns:
            if turn.language == language:
                here.update(_words(t.quote(turn.span), language))
        uses[at].update(here)
        interviews[at].update(set(here))
    return uses, interviews


def _words(text: str, language: str) -> list[str]:
    spans = word_spans(text)
    words = [unicodedata.normalize("NFKC", text[s.start : s.end]).casefold() for s in spans]
    if not language.startswith(("zh", "yue")):
        return words
    return [a + b for a, b, s, t in zip(words, words[1:], spans, spans[1:], strict=False) if s.end == t.start]
