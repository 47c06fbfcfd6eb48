"""What a `Result` is written as: text, Markdown, HTML, a pruned soup. Pure functions of what was found."""
