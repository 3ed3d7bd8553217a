"""The same claim in other words: content words, numbers and polarity must agree."""

from __future__ import annotations

from stance.wording import numbers, overlap, stems

SAME = 0.7
"""Two claims are one where each shares at least this part of its content stems with the other."""


def same_claim(one: str, other: str) -> bool:
    """Whether two claims in positive polarity state the same proposition, by their words and numbers."""
    first, second = stems(one), stems(other)
    if numbers(one) != numbers(other):
        return False
    return min(overlap(first, second), overlap(second, first)) >= SAME


def link(claims: list[str]) -> list[int]:
    """For each claim the index of the first claim of the list that states the same (its own index if none does)."""
    leaders: list[int] = []
    result: list[int] = []
    for index, claim in enumerate(claims):
        leader = next((i for i in leaders if same_claim(claims[i], claim)), index)
        if leader == index:
            leaders.append(index)
        result.append(leader)
    return result
