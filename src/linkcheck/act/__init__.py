"""Acting on findings: edits to files, and issues and pull requests on the forge."""
