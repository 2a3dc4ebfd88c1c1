"""The pages that people read stay true: their links, files, names, commands, tables and sentences."""
