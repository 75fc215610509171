-- What a text can be found by: its words, and in scripts that do not part words (Chinese, Japanese) or put particles
-- before and after them (Korean) every pair of neighbouring characters. A run is split into its characters first:
-- taking the n-th pair of a string walks its first n characters, which a page of a million would not end with.
CREATE OR REPLACE MACRO search_words(text) AS
    regexp_extract_all(
        regexp_replace(lower(nfc_normalize(text)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+', ' ', 'g'),
        '[\p{L}\p{N}]+'
    ) || flatten(list_transform(
        list_transform(
            regexp_extract_all(lower(nfc_normalize(text)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+'),
            lambda run: regexp_extract_all(run, '.')
        ),
        lambda letters: CASE
            WHEN len(letters) = 1 THEN letters
            ELSE list_transform(list_zip(letters[:-2], letters[2:]), lambda pair: pair[1] || pair[2])
        END
    ));
