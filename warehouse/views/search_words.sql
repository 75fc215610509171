-- What a text can be found by: its words, and in scripts that do not part words (Chinese, Japanese) or put particles
-- before and after them (Korean) every pair of neighbouring characters.
CREATE OR REPLACE MACRO search_words(text) AS
    regexp_extract_all(
        regexp_replace(lower(nfc_normalize(text)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+', ' ', 'g'),
        '[\p{L}\p{N}]+'
    ) || flatten(list_transform(
        regexp_extract_all(lower(nfc_normalize(text)), '[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+'),
        lambda run: list_transform(range(1, greatest(length(run), 2)), lambda place: run[place:place + 1])
    ));
