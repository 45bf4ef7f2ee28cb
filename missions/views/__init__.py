"""The pages: lists, single records, and the way in."""
