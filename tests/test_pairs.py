"""Claims meet the speakers that have a bearing on them."""

from stance.attribution import attribute
from stance.claims import claims_of
from stance.pairs import candidates_of, pair_of, speakers_of
from stance.schema import Article, Attribution

TEXT = (
    "Both Iran and Russia denied that Iran sold drones to Russia.\n\nThe Herald said Iran sold drones to Russia.\n\n"
    "Coach Bo Lind said the team would train on Monday."
)


def test_joint_sources_are_several_speakers() -> None:
    def of(name: str) -> list[str]:
        return speakers_of(Attribution("a", (), (), (), name, "indirect"))

    assert of("Both Iran and Russia") == ["Iran", "Russia"]
    assert of("the ministry of trade and industry") == ["the ministry of trade and industry"]


def test_a_claim_meets_its_speakers_and_one_silent_one_at_most() -> None:
    article, attributions = next(attribute([Article("a", TEXT)]))
    found = list(candidates_of(article, attributions, claims_of(article, attributions)))
    drones = {c.speaker: c for c in found if "drones" in c.claim}
    assert all(drones["Iran"].denied)
    assert all(drones["Russia"].denied)
    assert not any(drones["Herald"].denied)
    assert drones["Herald"].own
    assert not drones["Bo Lind"].attributions
    pair = pair_of(drones["Iran"])
    assert pair.context == TEXT
    assert pair.extra["provenance"][0]["rule"] == "verb_clause"
    assert not any(c.speaker == "Bo Lind" and c.attributions for c in found if "drones" in c.claim)
