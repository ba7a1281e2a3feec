"""Import of equipment from spreadsheets: read the file, plan what would change, write all of it or nothing."""
