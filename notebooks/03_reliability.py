# %% [markdown]
# # 3 · Can the coding be trusted?
#
# **Question 8: for which codes, and what must be revised?** Two coders read a fifth of the answers independently. How far they agree decides
# which numbers may be reported.
#
# The study in `data/` is **synthetic**, and so are its coders: their mistakes were planted, so we can see whether they are found.

# %%
import pandas as pd

import bwa_study as bwa

study = bwa.load_study("../data")
both = bwa.matrix(study, unit="turn", coders=["simulated-human-A", "simulated-human-B"])
agreement = bwa.reliability(both)
agreement

# %% [markdown]
# ## Which codes may be used
#
# The status goes by the *lower end* of the interval, not by the value: an alpha of .82 that may as well be .60 is no licence to
# report. The lines are Krippendorff's (2004): from .800 a code may be used, from .667 only with a note.

# %%
agreement.plot()

# %% [markdown]
# The figure shows each theme and code with its 95% interval, transcripts being the unit that varies. It does not show *why* coders
# disagree.
#
# ## What is confused with what
#
# For every code the table names the code that was most often given in its place, and the rule the codebook has for the pair.

# %%
table = agreement.frame.query("code != ''").sort_values("confused", ascending=False)
table[["code", "alpha", "low", "confused_with", "confused", "told_apart_by", "status"]].head(4)

# %% [markdown]
# `client_influence` and `commercial_incentive` were swapped in 35% of cases: this was planted, and it is found. After the rule
# was sharpened, the second coder went through the same answers again:

# %%
again = bwa.matrix(study, unit="turn", coders=["simulated-human-A", "simulated-human-B-second-pass"])
after = bwa.reliability(again).frame.set_index("code")
before = agreement.frame.set_index("code")
pair = ["client_influence", "commercial_incentive"]
columns = ["alpha", "low", "status"]
before.loc[pair, columns].join(after.loc[pair, columns].add_suffix(" after the rule"))

# %% [markdown]
# ## Does a coder change while she codes?
#
# Her agreement with the other in the first third of her work against the last third. `falls` and `rises` are said only where the
# change survives a correction for all codes tested. In a fifth of the answers a rare code has too few uses for that. So coder B was
# also given the answers in which coder A had found fear of retaliation, among as many others, without knowing which are which:

# %%
sample = bwa.drift(both, coder="simulated-human-B")
coder = "simulated-human-B-check"
check = bwa.drift(bwa.matrix(study, unit="turn", coders=["simulated-human-A", coder]), coder=coder)
columns = ["given_first", "given_last", "sensitivity_first", "sensitivity_last", "p_holm", "drift"]
fear = [found.frame.set_index("code").loc["fear_retaliation", columns] for found in (sample, check)]
pd.DataFrame(fear, index=["a fifth of the answers", "the check"])

# %% [markdown]
# Sensitivity is the share of the other coder's uses of a code that she gives too. For fear of retaliation it was planted to fall from
# .9 to .6; the check finds it. "Not seen" is no proof of steadiness: with a dozen uses of a code in each third, only a collapse is
# noticed. In [reliability](../docs/reliability.md): in how many of 200 such studies it is found.

# %% [markdown]
# ## After the codebook changed, what must be coded again, and does any result change?
#
# **Question 9.** Say the definition of *client influence* was sharpened. What was coded with it is listed to be read again; nothing is lost.

# %%
queue = bwa.recoding_queue(study, study.codebook, map=bwa.MigrationMap(reread=("client_influence",)))
queue.frame.groupby("coder", sort=False)["transcript"].agg(codings="size", transcripts="nunique")


# %% [markdown]
# Does any result hang on them? The shares as they are, beside those if *none* of these codings stood: the most that reading them again
# can change.

# %%
from dataclasses import replace

without = replace(study, codings=study.codings.where(lambda coding: coding.code != "client_influence"))
before, after = (bwa.matrix(one, unit="turn", coders=["simulated-human-A"]) for one in (study, without))
effect = bwa.version_effect(before, after, by=("round",)).frame
effect.query("theme == 'oversight' and code in ('', 'client_influence') and polarity == 'present'")[
    ["theme", "code", "round", "n_before", "n_after", "denominator_after", "share_before", "share_after"]
]

# %% [markdown]
# The theme (the rows without a code) stands on its other codes and loses little; the code itself has to wait. How a study is moved to a new
# codebook: [a new codebook version](../docs/howto/new_codebook.md).
