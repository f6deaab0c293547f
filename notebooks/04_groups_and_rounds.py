# %% [markdown]
# # 4 · Groups and rounds
#
# **Questions 2 to 5: what changed, for whom, did it last, and do the groups in one factory agree?**
#
# The study in `data/` is **synthetic**: nobody said any of this, and what is found here was planted.

# %%
import bwa_study as bwa

study = bwa.load_study("../data")
matrix = bwa.matrix(study, unit="turn", coders=["simulated-human-A"])
themes = bwa.frequency(matrix, by=("group", "round"))
themes

# %% [markdown]
# Each cell is a share with its two numbers. "not asked" and "not visited" are not zeros.

# %%
themes.plot()

# %% [markdown]
# Darker is more. Oversight is spoken of more after the training, by all groups; workers speak least of it. The figure does not show
# whether a difference could be chance.
#
# ## Question 2: did brand staff change how they deal with suppliers?

# %%
bwa.interaction_modes(matrix, group="brand_staff")

# %% [markdown]
# Eight brand staff in four brands are few, and people of one brand are alike. So the intervals below are wide: they count brands, not
# sentences.

# %%
bwa.compare(matrix, between="round", within=["group"], codes=["coaching_mode", "audit_mode"])

# %% [markdown]
# ## Question 3: how does follow-up by the client look to the groups in one factory?
#
# A sign a group: + more say it is there, - more say it is not, +/- mixed, . nobody spoke of it though asked. The sentences behind the signs
# stand side by side, with their translation where there is one.

# %%
signs = bwa.triangulate(matrix, rounds=["R2"], codes=["follow_up", "freedom_of_expression"])
signs

# %%
signs.side_by_side("F12", "follow_up", round="R2").head(6)

# %% [markdown]
# ## Question 4: where do managers and workers disagree most?
#
# The test exchanges people between the groups *within* a factory, so a factory that is different for everybody counts for nothing.

# %%
gaps = bwa.divergence(matrix, round="R2", groups=["manager", "worker"])
gaps.frame.sort_values("gap", ascending=False)[
    ["code", "manager_share", "worker_share", "gap", "sites_wider", "sites", "p_adjusted"]
].head(6)

# %%
from bwa_study.present.dumbbell import plot_dumbbell

plot_dumbbell(gaps)

# %% [markdown]
# Managers speak of openness far more than workers of the same factories do. The figure does not say who is right: the sentences do.

# %%
signs.side_by_side("F07", "freedom_of_expression", round="R2").head(6)

# %% [markdown]
# ## Question 5: where did improvement last, fade, or never start?
#
# The rule asks for at least three interviews from two groups before it says anything.

# %%
lasting = bwa.durability(matrix, codes=["change_endures"])
lasting.frame[["site", "R3_present", "R3_absent", "R3_asked", "verdict"]]

# %%
bwa.condition_scores(matrix).plot()

# %% [markdown]
# Purple: more statements for it than against it. Oversight came everywhere and left F09 and F10; openness came only to some. The figure
# does not show what caused what; notebook 6 asks what was necessary.
