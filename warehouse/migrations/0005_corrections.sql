-- What people know better about which reports belong together.
CREATE TABLE corrections (
    report VARCHAR PRIMARY KEY,
    story VARCHAR NOT NULL,
    because VARCHAR NOT NULL
);
COMMENT ON TABLE corrections IS 'The file corrections.csv as last loaded: reports that people have put together or apart. Grain: report.';
COMMENT ON COLUMN corrections.report IS 'Address of an article.';
COMMENT ON COLUMN corrections.story IS 'Any name; reports with one name are one shift, and join no report without it.';
COMMENT ON COLUMN corrections.because IS 'Why, in the words of who corrected it.';
