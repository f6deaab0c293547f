# %% [markdown]
# # 6 · Were oversight and openness necessary?
#
# **Question 6: was each condition necessary, were both together, and how much hangs on one factory or one cut-off?**
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
#
# ## Question 7: which cases contradict the finding, and what explains them?
#
# Every factory that speaks against a claim, and what was said there of its circumstances, in interviews of those asked.

# %%
against = bwa.deviant_cases(cases)
against.frame.query("case == 'F05'")

# %% [markdown]
# F05 had both conditions and its improvement faded. Its people speak of Covid-19, but so do those of nearly all others, so this does not set it
# apart. Its orders fell by half in February 2021 (the timeline of notebook 1): a likely reason, and nothing here proves that it was.
#
# ## Question 12: what else could explain the change, and how strong is the claim?
#
# Each link of the theory is put to the tests that `study.yaml` declares, beside the rival explanations that people named.

# %%
links = bwa.contribution(matrix)
links.frame[["claim", "tests", "rivals", "reliability", "strength"]]

# %% [markdown]
# A hoop test that fails weakens a link whatever else speaks for it; a rival that stands at half of the factories lowers the strength. The
# strength is a written rule, no probability, and a team may judge otherwise: the sentences behind each count are named in the table.
