"""Search for a recipe: trainings over a space of settings, in a study that survives a kill."""

from stance.sweep.options import SweepOptions
from stance.sweep.study import format_trials
from stance.sweep.trials import sweep, winner_file, write_winner

__all__ = ["SweepOptions", "format_trials", "sweep", "winner_file", "write_winner"]
