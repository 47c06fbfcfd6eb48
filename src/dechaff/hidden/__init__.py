"""Text that a reader does not see but a scraper collects, and orders to machines that read."""
