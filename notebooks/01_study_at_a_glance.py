# %% [markdown]
# # 1 · The study at a glance
#
# **Question 1: who did we talk to, where and when, and what is missing?** ([All twelve questions](../docs/explanation/twelve_questions.md),
# with the notebook and the part of the report that answers each.)
#
# The study in `data/` is **synthetic**: it was made for demonstration, nobody said any of it, and nothing here is a finding.
# Run this notebook from the folder `notebooks/` of the project; for your own study, change the path in the first cell.

# %%
import bwa_study as bwa

study = bwa.load_study("../data")
print(study.title, "·", len(study.corpus), "interviews,", study.withdrawn, "left out because consent was withdrawn")

# %% [markdown]
# ## Who was interviewed
#
# Every number counts interviews. Brand staff speak about several factories, so one of their interviews counts at each of
# them, and once in the total.

# %%
sample = bwa.sample_table(study)
sample

# %% [markdown]
# ## What is missing
#
# A zero in the table is a place where nobody was visited. It is never shown as "0%": nobody there could have said anything.

# %%
sample.gaps.query("kind == 'not visited'")

# %% [markdown]
# Some interviews have only notes, some people did not agree to be quoted, and some questions were not asked in some rounds.
# Each of these changes what may be concluded, so each is listed with its place.

# %%
sample.gaps.groupby("kind", sort=False)["interviews"].sum()

# %% [markdown]
# ## What is looked for
#
# The codebook says what each code means. Each code has two polarities: a thing can be said to be *present* or to be *absent*,
# and silence is neither.

# %%
matrix = bwa.matrix(study, unit="turn", coders=["simulated-human-A"])
bwa.codebook_summary(matrix)

# %% [markdown]
# ## What happened at each factory
#
# Marks are events that the team noted; the dots below each line show how many of the interviews of that round mention a thing.

# %%
bwa.timeline(matrix, codes=["covid", "order_volume", "key_staff_change"], counts=["client_visits"]).plot()

# %% [markdown]
# The figure shows that Covid is spoken of in the second and third round only, and that the client stopped visiting F09 and F10
# before the third. It does not show what either of them did to the factories; that is for the notebooks that follow.
