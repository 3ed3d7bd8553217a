"""Train the tagger of attributions: python scripts/train_tagger.py [spans=FILE] [training.max_minutes=60]

It learns from the spans that are annotated in the corpus (data/corpus/attributions), or from ``spans``, articles that
hold theirs. Who annotated them stands in data/README.md; say so beside the scores.
"""

from dataclasses import asdict, dataclass, field

from stance.command_line import resolved_yaml, run
from stance.tracking import TrackingOptions, track
from stance.training.options import ModelOptions, TaggerOptions
from stance.training.tagger import read_spanned, train_tagger


@dataclass
class Config:
    """configs/train_tagger.yaml"""

    model: ModelOptions = field(default_factory=ModelOptions)
    training: TaggerOptions = field(default_factory=TaggerOptions)
    tracking: TrackingOptions = field(default_factory=TrackingOptions)
    corpus: str = ""
    spans: str = ""
    model_dir: str = ""


def main(config: Config) -> float:
    """Spans -> tagger in model_dir; returns the F1 of the contents of the validation articles."""
    spanned = read_spanned(config.corpus, config.spans)
    with track(config.tracking) as tracker:
        tracker.params({"model": config.model.name, "articles": len(spanned), **asdict(config.training)})
        tracker.text(resolved_yaml(config), "config.yaml")
        facts = {"model": config.model.name, "run_id": tracker.run_id}
        trained = train_tagger(spanned, config.model_dir, config.model, config.training, tracker.metrics, facts)
        content, source = trained.scores.content.f1, trained.scores.source.f1
        numbers = {key: value for key, value in trained.facts.items() if isinstance(value, int | float)}
        tracker.metrics(numbers | {"validation_content_f1": content, "validation_source_f1": source})
        tracker.text(str(trained.scores), "validation.txt")
        tracker.tags({"kind": "attribution tagger", "model": config.model.name})
        tracker.describe(f"attribution tagger, {trained.facts['train_articles']} articles: content F1 {content:.3f}")
    print(f"{trained.facts['validation_articles']} validation articles\n{trained.scores}")
    print(f"content F1 {content:.3f}, content and source F1 {source:.3f}; tagger in {trained.folder}")
    return content


if __name__ == "__main__":
    run("train_tagger", Config, main)
