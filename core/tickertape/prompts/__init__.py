"""What a person asked, who asked it and where, and the keys by which all of it is found again."""
