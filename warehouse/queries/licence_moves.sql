-- Who moved from which licence to which?
--
-- Variables
--   since    DATE     2019-01-01  First day counted.
--   until    DATE     today       Last day counted.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--
-- Gives one row per pair of licences, the commonest move first, then the newest
--   licence_from  VARCHAR    Licence before: of the artefact itself or of its predecessor.
--   class_from    VARCHAR    Its class; NULL when it is not in the registry.
--   licence_to    VARCHAR    Licence after.
--   class_to      VARCHAR    Its class; NULL when it is not in the registry.
--   effect        VARCHAR    opening, closing or mixed; what most of the moves are.
--   shifts        BIGINT     Moves.
--   actors        VARCHAR[]  Who moved.
--   last_on       DATE       Day of the newest move.
SELECT
    licence_from,
    any_value(class_from) AS class_from,
    licence_to,
    any_value(class_to) AS class_to,
    mode(effect) AS effect,
    count(*) AS shifts,
    list_sort(list(DISTINCT actor)) AS actors,
    max(first_on) AS last_on
FROM all_shifts
WHERE licence_from <> licence_to
  AND first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND first_on <= coalesce(getvariable('until')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
GROUP BY licence_from, licence_to
ORDER BY shifts DESC, last_on DESC, licence_from, licence_to;
