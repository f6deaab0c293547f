"""How brand staff deal with suppliers (T5): coaching against auditing, brand by brand and round by round."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bwa_study.analysis.frequency import Frequency, frequency, shown_cell
from bwa_study.analysis.gate import reliability_gate
from bwa_study.model.errors import UnknownName
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

MODES = ("coaching_mode", "audit_mode")
"""The codes of the two modes in the codebook of the Better Work Academy."""


@dataclass(frozen=True, eq=False, repr=False)
class InteractionModes(Result):
    """Shares of interviews with either mode, a row a brand and round, and a last one of all brands.

    ``table`` has the columns ``brand`` (empty for all together), ``round``, then for each of the two codes
    ``<code>_n``, ``<code>_of`` and ``<code>_share`` (NaN where nobody was asked), and ``net`` (the first share less
    the second, -1 to 1; NaN where either is).
    """

    codes: tuple[str, str] = ("", "")
    labels: tuple[str, str] = ("", "")
    brand_field: str = "brand_id"
    group: str = ""
    cells: Frequency | None = field(default=None, repr=False)

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.cells.matrix if self.cells else None

    def quotes(self, brand: str, code: str, *, round: str) -> pd.DataFrame:
        """The words behind one share: those of as many interviews as its ``n``; an empty `brand` is all brands.

        Raises
        ------
        UnknownName
            If there is no such brand, code or round.
        """
        assert self.cells is not None
        if code not in self.codes:
            raise UnknownName("mode", code, self.codes)
        where = {self.brand_field: brand} if brand else {}
        return self.cells.quotes(code, group=self.group, round=round, **where)

    def compact(self) -> pd.DataFrame:
        """Brands down; for each mode and the net, rounds across."""
        parts = []
        for code, label in zip(self.codes, self.labels, strict=True):
            shares = [
                shown_cell({"status": "ok" if of else "–", "share": share, "n": n, "denominator": of})
                for share, n, of in self.table[[f"{code}_share", f"{code}_n", f"{code}_of"]].itertuples(index=False)
            ]
            parts.append(self.table.assign(mode=label, cell=shares))
        net = ["–" if value != value else f"{100 * value:+.0f} points" for value in self.table["net"]]
        parts.append(self.table.assign(mode="net", cell=net))
        table = pd.concat(parts, ignore_index=True)
        table["brand"] = table["brand"].replace("", "All")
        order = list(dict.fromkeys(table["brand"]))
        wide = table.pivot_table(index="brand", columns=["mode", "round"], values="cell", aggfunc="first", sort=False)
        return wide.reindex(order)


def interaction_modes(
    matrix: CodingMatrix,
    *,
    group: str,
    codes: tuple[str, str] = MODES,
    brand_field: str = "brand_id",
) -> InteractionModes:
    r"""Compare two ways of dealing with suppliers, as one group tells it.

    Parameters
    ----------
    matrix
        Of one coder.
    group
        Whose interviews count, such as brand staff.
    codes
        The two modes; the net is the first less the second.
    brand_field
        Column of the manifest that names the brand.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If the group, a code or the column does not exist.

    Notes
    -----
    .. math:: net = share(first) - share(second)

    Both shares are of interviews in which the code was asked about and that the coder examined.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> everybody = bwa.interaction_modes(m, group="brand_staff").frame.query("brand == ''").set_index("round")
    >>> bool(everybody.loc["R2", "net"] > everybody.loc["R1", "net"])
    True
    """
    study = matrix.study
    if group not in study.levels("group"):
        raise UnknownName("group", group, study.levels("group"))
    for code in codes:
        study.codebook[code]
    by_brand = frequency(matrix, by=(brand_field, "group", "round"), polarity=("present",), themes=False)
    together = frequency(matrix, by=("group", "round"), polarity=("present",), themes=False).table
    rows = []
    brands = [b for b in study.levels(brand_field) if b]
    for brand, table in [*((b, by_brand.table[by_brand.table[brand_field] == b]) for b in brands), ("", together)]:
        own = table[table["group"] == group]
        if brand and not own["denominator"].sum():
            continue
        for round in study.levels("round"):
            row: dict[str, object] = {"brand": brand, "round": round}
            shares = []
            for code in codes:
                cell = own[(own["code"] == code) & (own["round"] == round)].iloc[0]
                row |= {f"{code}_n": cell["n"], f"{code}_of": cell["denominator"], f"{code}_share": cell["share"]}
                shares.append(cell["share"])
            rows.append({**row, "net": shares[0] - shares[1]})
    label, gate = study.label("group", group), reliability_gate(study)
    return InteractionModes(
        table=pd.DataFrame(rows),
        title=f"Mode of interaction, as told by: {label}",
        method="Share of interviews that say the mode is there, of those asked and examined; net: the first less the "
        "second, in points. No interval: a brand has a handful of interviews. "
        f"{gate.note(matrix.coders)} {', '.join(f'{code}: {gate.status(code)}' for code in codes)}.",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        codes=codes,
        brand_field=brand_field,
        group=group,
        cells=by_brand,
        labels=(study.label("code", codes[0]), study.label("code", codes[1])),
    )
