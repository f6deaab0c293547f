# %% [markdown]
# # 2 · Coding
#
# Who puts codes on the words, and how? People do; patterns of the codebook only *propose*. This notebook looks at the proposals, tries
# a pattern before it goes into the codebook, and opens the page on which people code.
#
# The study in `data/` is **synthetic**: nobody said any of this.

# %%
import bwa_study as bwa

study = bwa.load_study("../data")
proposals = bwa.apply_codebook(study.corpus, study.codebook)
print(len(proposals), "proposals in", proposals.frame["transcript"].nunique(), "of", len(study.corpus), "interviews")

# %% [markdown]
# ## Why was a sentence proposed?
#
# Every proposal names the pattern that fired and its place in the text, so that a person can judge it.

# %%
bwa.explain(study, proposals.frame["id"].iloc[0])

# %% [markdown]
# ## Try a pattern
#
# Before a pattern goes into the codebook, see where it would fire, group by group and in its context.

# %%
trial = bwa.try_indicator(study, "complain*")
trial.by_group

# %%
trial

# %% [markdown]
# ## How good are the proposals?
#
# The planted statements of the demo were written by people who had not seen the patterns, so this is what a first draft of patterns finds
# on words it has not seen.

# %%
coded = study.with_codings(proposals, examined_whole="indicators")
bwa.recovery(coded, reference="simulated-human-A", by=("polarity", "language"))

# %% [markdown]
# Less than half is found, and of what is proposed about half is right. Proposals save time where they fire; their silence is no
# evidence, and tables for a report need people's codings.
#
# ## What changes between rounds, by proposals alone
#
# The same figure as for people's codings, made from proposals: good enough to see where reading pays, not to report.

# %%
bwa.plot_slope(
    bwa.frequency(bwa.matrix(coded, coders=["indicators"]), by=("group", "round")),
    codes=["coaching_mode", "audit_mode", "follow_up", "fear_retaliation"],
)

# %% [markdown]
# The directions are those of the people's codings; the levels are lower, because much is said in words no pattern knows. The figure does
# not show what is true of any factory: for that people must have read the interviews.
#
# ## Code by hand
#
# The page on which people code works here too, by keyboard. What is coded comes back as a table; it is kept in the study folder only if
# a log is given. (In a terminal: `bwa-study recode data --coder c1`.)

# %%
page = bwa.recode(study, study.corpus.interviews["transcript"].iloc[0], coder="me")
page

# %%
page.codings
