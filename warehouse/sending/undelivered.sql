-- How many alerts of each channel were given up or never answered, when the last was tried, and why it failed.
SELECT
    channel,
    status,
    count(*) AS alerts,
    max(claimed_at) AS last_tried_at,
    arg_max(error, claimed_at) AS last_error
FROM alerts
WHERE status IN ('dead', 'unconfirmed')
GROUP BY channel, status
ORDER BY channel, status;
