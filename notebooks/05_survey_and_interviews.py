# %% [markdown]
# # 5 · Survey and interviews
#
# **Question 10: do the survey and the interviews tell the same story?** Beside the interviews, forty workers and four managers of each factory answered a
# short survey in every round.
#
# The study in `data/` is **synthetic**: nobody answered any of this.

# %%
import bwa_study as bwa

study = bwa.load_study("../data")
for wave in study.surveys:
    print(wave.round, len(wave.respondents), "respondents")

# %% [markdown]
# ## What was answered
#
# *Don't know* is an answer of its own: workers often cannot know whether a client follows up. It is never averaged.

# %%
items = bwa.survey_items(study, by=("group", "round"))
items

# %% [markdown]
# ## Do the items of a scale belong together?

# %%
scales = bwa.survey_scales(study, by=("group", "round"))
scales

# %% [markdown]
# ## Survey beside interviews
#
# For each construct the change in the survey, the change in what is said, and a verdict by a written rule: confirm, expand, discord or
# silent.

# %%
matrix = bwa.matrix(study, unit="turn", coders=["simulated-human-A"])
both = bwa.joint_display(matrix)
both

# %%
both.plot()

# %% [markdown]
# Productivity among workers is the discord that was planted: the survey says that lines run more smoothly everywhere, the interviews do
# not. (On staying, the two are at odds as well: the survey moved a little, the interviews the other way.) The figure shows that they
# differ, not which of them is right; a team has to go back and ask.
#
# ## Question 11: in their own words
#
# Quotes that may be printed: one a person, as unlike as can be, at least one that says the opposite, and an attribution that fits at least five
# people of the study.

# %%
quotes = bwa.quotes(study, code="productivity_improved", n=4)
quotes

# %% [markdown]
# Who did not agree to be quoted is in the counts and not here. Names inside the words are not looked for: read each quote before it is printed.
