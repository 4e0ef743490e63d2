"""Lines of files: sources, encodings, forms, times, hosts, order."""
