"""One answer's life: its states, the running ones, and the reading of a model's stream."""
