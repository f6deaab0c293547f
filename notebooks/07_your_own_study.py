# %% [markdown]
# # 7 · Your own study
#
# From a pile of files to a first table. The pile here is made on the spot: three small transcripts, as they might come by mail.

# %%
import tempfile
from pathlib import Path

import bwa_study as bwa

pile = Path(tempfile.mkdtemp()) / "pile"
pile.mkdir()
words = {
    "R1_F01_worker_01": "I: What changed?\nR1: We are afraid to complain. Nobody listens.",
    "R1_F02_worker_02": "I: What changed?\nR1: The client visits every month, and they listen to us.",
    "R2_F01_worker_01": "访谈员：有什么变化？\n受访者：现在主管会听我们的意见。",
}
for name, text in words.items():
    (pile / f"{name}.txt").write_text(text + "\n", encoding="utf-8")

# %% [markdown]
# `bwa-study init` makes a study folder of it: a manifest with what it could read from the names, and a list of what is left to fill. It never
# guesses consent, and it never writes over a file.

# %%
from bwa_study.present.new_study import init_study

folder = pile.parent / "my-study"
made = init_study(folder, pile=pile)
print(made.lines[-1])
print("Left to fill:", *made.to_fill, sep="\n  ")

# %% [markdown]
# Open `raw/interviews.csv` in a spreadsheet and fill in what is missing. Here a few lines of Python do it.

# %%
import pandas as pd

manifest = folder / "raw" / "interviews.csv"
table = pd.read_csv(manifest, dtype=str, keep_default_na=False)
table["consent"], table["consent_quotes"] = "oral", "anonymous"
table.to_csv(manifest, index=False)
table.T

# %% [markdown]
# Then check. Every problem is named with its place and the way out.

# %%
for problem in bwa.check_study(folder):
    print(problem.severity, "·", Path(problem.file).name, "·", problem.what)

# %% [markdown]
# ## A codebook of two codes
#
# `init` wrote a codebook to start from; this one replaces it. Each code has patterns for both polarities, in English and Chinese.

# %%
codebook = """
id: my-codebook
version: "0.1.0"
languages: [en, zh]
themes:
  - {id: talk, label: {en: Talk}}
codes:
  - id: listening
    theme: talk
    label: {en: Listening}
    definition: "Managers listen to workers, or do not."
    indicators:
      en: {present: ["listen to us"], absent: ["nobody listens"]}
      zh: {present: ["听我们"]}
  - id: fear
    theme: talk
    label: {en: Fear}
    definition: "People are afraid to speak."
    indicators:
      en: {present: ["afraid to (complain|speak)"]}
"""
(folder / "codebook.yaml").write_text(codebook, encoding="utf-8")
study = bwa.load_study(folder)
proposals = bwa.apply_codebook(study.corpus, study.codebook)
proposals.frame[["transcript", "code", "polarity", "quote", "indicator"]]

# %% [markdown]
# ## A first table
#
# These are proposals of patterns, not people's codings: good enough to see that everything is in its place.

# %%
coded = study.with_codings(proposals, examined_whole="indicators")
table = bwa.frequency(bwa.matrix(coded, coders=["indicators"]), by=("group", "round"), polarity=("present", "absent"))
table

# %%
table.plot()

# %% [markdown]
# One worker of two speaks of fear in the first round, and the one of the second round speaks of being listened to. The figure shows that the
# machinery works; with three interviews it shows nothing else. Now replace the pile with your own.
