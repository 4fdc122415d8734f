"""How well a model predicts: predictors, baselines, metrics with intervals, reports, comparison."""
