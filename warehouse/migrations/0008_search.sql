-- The words of the articles, so that a search need not read the texts.

CREATE TABLE search_terms (
    term VARCHAR NOT NULL,
    term_id INTEGER NOT NULL
);
COMMENT ON TABLE search_terms IS 'What can be searched for: words, and pairs of Chinese, Japanese and Korean characters. Grain: term.';
COMMENT ON COLUMN search_terms.term IS 'As the macro search_words gives it.';
COMMENT ON COLUMN search_terms.term_id IS 'Its number in search_postings.';

CREATE TABLE search_documents (
    document INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    text_id BIGINT NOT NULL,
    words INTEGER NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    language VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE search_documents IS 'Articles that can be searched, as last read. Grain: article.';
COMMENT ON COLUMN search_documents.document IS 'Number of the article in search_postings.';
COMMENT ON COLUMN search_documents.article_id IS 'Article.';
COMMENT ON COLUMN search_documents.text_id IS 'Version of its text in article_texts.';
COMMENT ON COLUMN search_documents.words IS 'Terms in title and text.';
COMMENT ON COLUMN search_documents.told_at IS 'Publication; the first sight when undated.';
COMMENT ON COLUMN search_documents.language IS 'Language, ISO 639-1.';
COMMENT ON COLUMN search_documents.source IS 'Source.';

CREATE TABLE search_postings (
    term_id INTEGER NOT NULL,
    document INTEGER NOT NULL,
    weight INTEGER NOT NULL
);
COMMENT ON TABLE search_postings IS 'Which article holds which term. Appended in the order of terms. Grain: term, article.';
COMMENT ON COLUMN search_postings.term_id IS 'Term.';
COMMENT ON COLUMN search_postings.document IS 'Article, by its number in search_documents.';
COMMENT ON COLUMN search_postings.weight IS 'Times it stands in the text, and five for each time in the title.';

CREATE TABLE search_waiting (
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE search_waiting IS 'Articles loaded since their words were last taken down. Grain: article and load.';
COMMENT ON COLUMN search_waiting.article_id IS 'Article.';

INSERT INTO search_waiting SELECT article_id FROM article_facts;
