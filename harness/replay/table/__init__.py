"""The tables that replay reads: patterns of lines by the log that has them, causes, codes, components. Data only."""
