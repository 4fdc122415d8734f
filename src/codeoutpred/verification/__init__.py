"""`Sample` + `Prediction` -> `Verdict`: verifiers judge an answer and never execute it."""
