"""Claims meet the speakers that have a bearing on them."""

from collections import Counter

from stance.attribution import attribute
from stance.claims import claims_of
from stance.pairs import MAX_NEAR, candidates_of, pair_of, speakers_of
from stance.schema import Article, Attribution

TEXT = (
    "Both Karvia and Norland denied that Karvia sold ferries to Norland.\n\n"
    "The Herald said Karvia sold ferries to Norland.\n\n"
    "Coach Bo Lind said the team would train on Monday.\n\nPaula Reyes said Norland would host the talks in May."
)


def test_joint_sources_are_several_speakers() -> None:
    def of(name: str) -> list[str]:
        return speakers_of(Attribution("a", (), (), (), name, "indirect"))

    assert of("Both Karvia and Norland") == ["Karvia", "Norland"]
    assert of("the ministry of trade and industry") == ["the ministry of trade and industry"]
    assert of("Ankara and Tokyo") == ["Turkey", "Japan"]
    assert of("US") == ["United States"]
    assert of("us") == []


def test_a_claim_meets_its_speakers_and_one_silent_one_at_most() -> None:
    article, attributions = next(attribute([Article("a", TEXT)]))
    found = list(candidates_of(article, attributions, claims_of(article, attributions)))
    ferries = {c.speaker: c for c in found if "ferries" in c.claim}
    assert all(ferries["Karvia"].denied)
    assert all(ferries["Norland"].denied)
    assert not any(ferries["Herald"].denied)
    assert ferries["Herald"].own
    assert ferries["Paula Reyes"].silent
    assert "Bo Lind" not in ferries
    pair = pair_of(ferries["Karvia"])
    assert pair.context == TEXT
    assert pair.extra["provenance"][0]["rule"] == "verb_clause"


def test_a_claim_meets_no_more_speakers_beside_its_own_than_may_be() -> None:
    text = "\n".join(f'"The dam {i} is quite safe," said Ana{i} Ruiz{i}.' for i in range(MAX_NEAR + 6))
    article, attributions = next(attribute([Article("a", text)]))
    found = list(candidates_of(article, attributions, claims_of(article, attributions)))
    met = Counter(candidate.claim for candidate in found if not candidate.own)
    assert max(met.values()) == MAX_NEAR
    assert sum(bool(candidate.own) for candidate in found) > MAX_NEAR


def test_a_citing_outlet_and_the_source_it_cites_both_meet_the_report() -> None:
    text = "Karvia sold the old mine to Borund, the Herald reported, citing an aide to the minister and two officials."
    article, attributions = next(attribute([Article("a", text)]))
    found = {c.speaker: c for c in candidates_of(article, attributions, claims_of(article, attributions))}
    assert {"an aide to the minister", "two officials"} <= found.keys()
    assert found["two officials"].own[0].rule == "cited"
    outlet = next(c for name, c in found.items() if "Herald" in name)
    assert any("citing" in outlet.cue(a) for a in outlet.near)
