"""Training of the shipped models: data → lines → features → weights. Imports `dechaff`, never the other way round."""
