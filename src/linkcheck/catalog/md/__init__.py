"""Reading Markdown as GitHub renders it: where every link stands, and what it belongs to."""
