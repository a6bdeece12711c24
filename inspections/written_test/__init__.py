"""Written tests (笔试): a visit that takes its findings from an exam of the project's people."""
