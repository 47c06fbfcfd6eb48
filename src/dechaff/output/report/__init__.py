"""Results → a self-contained HTML report that a person can judge by, and correct. Needs the extra `report`."""

from dechaff.output.report.render import to_overview, to_report, write_folder

__all__ = ["to_overview", "to_report", "write_folder"]
