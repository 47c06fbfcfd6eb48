"""The model: arrays that are checked when loaded, and a forward pass over them in numpy."""
