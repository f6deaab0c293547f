"""Files become the model: one file a format, one gate in front of all."""
