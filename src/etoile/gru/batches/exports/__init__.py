"""A list of cases as a table for a spreadsheet: columns, three formats, written row by row."""
