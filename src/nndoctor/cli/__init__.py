"""One module per command: options in, renderer out."""
