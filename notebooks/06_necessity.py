# %% [markdown]
# # 6 · Were oversight and openness necessary?
#
# A condition is *necessary* if no factory has the outcome without it. With twelve factories a perfect pattern can be chance, and a condition
# that is true everywhere is "necessary" without meaning anything. So the claim is never shown without its relevance, its exact p, and what
# happens if any one factory is left out.
#
# The study in `data/` is **synthetic**: the pattern below was planted.

# %%
import bwa_study as bwa

study = bwa.load_study("../data")
matrix = bwa.matrix(study, unit="turn", coders=["simulated-human-A"])
cases = bwa.cases(matrix)
cases

# %% [markdown]
# Openness is read from *workers*, at the second round; the outcome from all groups, at the third. These rules stand in `study.yaml`.
# A factory without enough evidence would be "cannot classify", and never 0.
#
# ## Necessary for improvements that endure?

# %%
bwa.necessity(cases, consistency=1.0, combinations=["oversight*openness", "oversight + openness"])

# %% [markdown]
# Oversight alone and openness alone are each found in all four factories that endure, but so are they in others: p is .14 and .07. Both together
# are found in five factories, four of which endure: p = .010. "Client trained" is true of all twelve and so says nothing: it carries the
# warning.

# %%
from bwa_study.present.two_by_two import plot_two_by_two

plot_two_by_two(cases)

# %% [markdown]
# Necessity reads off as empty corners: no factory endures outside of the corner that has both. The figure does not show that both are
# *enough*: F05 has both and faded.
#
# ## Which configurations, and which of them contradict each other?

# %%
table = bwa.truth_table(cases, conditions=["oversight", "openness", "shock"], consistency=0.8)
table

# %%
table.plot()

# %% [markdown]
# One configuration holds two factories with different ends: F03 endures and F05 does not, with the same three conditions. Something else
# must tell them apart; the interviews are the place to look.
#
# ## In words

# %%
from bwa_study.analysis.necessity.study_table import study_necessity
from bwa_study.present.necessity_words import claims

result, ranges = study_necessity(cases, bootstrap=0)
for sentence in claims(result):
    print(sentence, "\n")

# %%
ranges.plot()

# %% [markdown]
# Each dot is the claim under another choice: other informants, other cut-offs, one factory less. With managers as informants openness is
# found nearly everywhere, and the claim becomes trivial.
