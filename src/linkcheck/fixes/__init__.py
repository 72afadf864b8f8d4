"""Choose, apply, verify and write edits of files; independent of any forge."""
