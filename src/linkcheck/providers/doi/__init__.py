"""DOI: registered names, settled by the handle service and never by the publisher."""
