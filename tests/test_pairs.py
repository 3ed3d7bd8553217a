"""Claims meet the speakers that have a bearing on them."""

from stance.attribution import attribute
from stance.claims import claims_of
from stance.pairs import candidates_of, pair_of, speakers_of
from stance.schema import Article, Attribution

TEXT = (
    "Both Iran and Russia denied that Iran sold drones to Russia.\n\nThe Herald said Iran sold drones to Russia.\n\n"
    "Coach Bo Lind said the team would train on Monday.\n\nPaula Reyes said Russia would host the talks in May."
)


def test_joint_sources_are_several_speakers() -> None:
    def of(name: str) -> list[str]:
        return speakers_of(Attribution("a", (), (), (), name, "indirect"))

    assert of("Both Iran and Russia") == ["Iran", "Russia"]
    assert of("the ministry of trade and industry") == ["the ministry of trade and industry"]
    assert of("Moscow and Tehran") == ["Russia", "Iran"]
    assert of("US") == ["United States"]
    assert of("us") == []


def test_a_claim_meets_its_speakers_and_one_silent_one_at_most() -> None:
    article, attributions = next(attribute([Article("a", TEXT)]))
    found = list(candidates_of(article, attributions, claims_of(article, attributions)))
    drones = {c.speaker: c for c in found if "drones" in c.claim}
    assert all(drones["Iran"].denied)
    assert all(drones["Russia"].denied)
    assert not any(drones["Herald"].denied)
    assert drones["Herald"].own
    assert drones["Paula Reyes"].silent
    assert "Bo Lind" not in drones
    pair = pair_of(drones["Iran"])
    assert pair.context == TEXT
    assert pair.extra["provenance"][0]["rule"] == "verb_clause"


def test_a_citing_outlet_and_the_source_it_cites_both_meet_the_report() -> None:
    text = "Karvia sold the old mine to Borund, the Herald reported, citing an aide to the minister and two officials."
    article, attributions = next(attribute([Article("a", text)]))
    found = {c.speaker: c for c in candidates_of(article, attributions, claims_of(article, attributions))}
    assert {"an aide to the minister", "two officials"} <= found.keys()
    assert found["two officials"].own[0].rule == "cited"
    outlet = next(c for name, c in found.items() if "Herald" in name)
    assert any("citing" in outlet.cue(a) for a in outlet.near)
