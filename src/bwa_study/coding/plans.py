"""Patterns made ready for matching on numbers: which tokens they ask for, and what they cannot do without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bwa_study.model.patterns import Choice, Gap, Item, Pattern, Sequence, Token

Pieces = tuple[str, ...]
"""A word of a pattern, as its parts between the stars."""

Run = tuple[int, ...]
"""Numbers of token sets that stand one after the other."""

Need = tuple[Run, ...]
"""Runs of which a sentence must have one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One token out of a set."""

    token: int


@dataclass(frozen=True, slots=True)
class Ways:
    """One of several ways on; with none of them too if `optional`."""

    options: tuple[tuple[Step | Gap | Ways, ...], ...]
    optional: bool


Node = Step | Gap | Ways


@dataclass(frozen=True, slots=True)
class Plan:
    """A pattern over numbered token sets.

    Parameters
    ----------
    nodes
        What follows on what.
    needs
        Runs of which at least one must be there, for each need: a sentence without one cannot match.
    run
        The whole pattern, where it is nothing but a run.
    """

    nodes: tuple[Node, ...]
    needs: tuple[Need, ...]
    run: Run

    @property
    def must(self) -> tuple[int, ...]:
        """Token sets of which each must be somewhere."""
        return tuple({number for need in self.needs if len(need) == 1 for number in need[0]})


class TokenSets:
    """The sets of tokens that patterns ask for, numbered from 0; two patterns that ask for the same share a number.

    A set is what one word of a pattern stands for, or all the one-word alternatives of a choice.
    """

    def __init__(self) -> None:
        self.members: list[tuple[Pieces, ...]] = []
        self._known: dict[tuple[Pieces, ...], int] = {}
        self._steps: dict[Pieces, Step] = {}

    def number(self, members: Iterable[Pieces]) -> int:
        """The number of a set of tokens, each given by its pieces."""
        key = tuple(members)
        if len(key) > 1:
            key = tuple(sorted(set(key)))
        if key not in self._known:
            self._known[key] = len(self.members)
            self.members.append(key)
        return self._known[key]

    def plan(self, pattern: Pattern) -> Plan:
        """The plan of a pattern."""
        nodes = self._nodes(pattern.sequence)
        run = tuple(node.token for node in nodes if isinstance(node, Step))
        needs = tuple(dict.fromkeys(_needs(nodes)))
        return Plan(nodes, needs, run if len(run) == len(nodes) else ())

    def _nodes(self, sequence: Sequence) -> tuple[Node, ...]:
        return tuple(map(self._node, sequence.items))

    def _node(self, item: Item) -> Node:
        if isinstance(item, Token):
            step = self._steps.get(item.pieces)
            if step is None:
                step = self._steps[item.pieces] = Step(self.number((item.pieces,)))
            return step
        if isinstance(item, Gap):
            return item
        return self._ways(item)

    def _ways(self, choice: Choice) -> Step | Ways:
        words: list[Pieces] = []
        options: list[tuple[Node, ...]] = []
        for option in choice.options:
            first = option.items[0]
            if len(option.items) == 1 and isinstance(first, Token):
                words.append(first.pieces)
            else:
                options.append(self._nodes(option))
        if words:
            options.insert(0, (Step(self.number(words)),))
        if len(options) == 1 and len(options[0]) == 1 and isinstance(options[0][0], Step) and not choice.optional:
            return options[0][0]
        return Ways(tuple(options), choice.optional)


def _needs(nodes: tuple[Node, ...]) -> Iterator[Need]:
    """Each need as the runs that can meet it."""
    run: list[int] = []
    for node in (*nodes, None):
        if isinstance(node, Step):
            run.append(node.token)
            continue
        if run:
            yield (tuple(run),)
            run = []
        if isinstance(node, Ways) and not node.optional:
            yield from _common(node)


def _common(ways: Ways) -> Iterator[Need]:
    """A need that holds whatever way is taken: of each way its longest run, or all ways of a need inside it."""
    runs: list[Run] = []
    for option in ways.options:
        of_option = list(_needs(option))
        if not of_option:
            return
        runs += of_option[0] if len(of_option) == 1 else max(of_option, key=_shortest)
    yield tuple(runs)


def _shortest(need: Iterable[Run]) -> int:
    return min(map(len, need))
