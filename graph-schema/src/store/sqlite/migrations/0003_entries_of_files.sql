-- Which of the records of a file something was said about.
ALTER TABLE import_diagnostic ADD COLUMN entry TEXT;
