"""Quality and speed of dechaff beside other tools. Not installed with the package; run from the repository."""
