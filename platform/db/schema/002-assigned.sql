-- Assignments that were taken back are counted as assigned no more. Those of
-- before leave the months in which they were counted; the tier is that of the
-- last membership, as when they were taken back. The month in Japan comes from
-- days by the rule for civil dates, with years that begin in March.
INSERT INTO rollup_delta (id, organisation, metric, key, tier, period, amount)
SELECT id, organisation, 'assigned', course, tier,
	CASE WHEN mp < 10 THEN y * 100 + mp + 3
		ELSE (y + 1) * 100 + mp - 9 END, -1
FROM (SELECT id, organisation, course, tier, y,
		(5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153 AS mp
	FROM (SELECT id, organisation, course, tier, doe, yoe,
			yoe + era * 400 AS y
		FROM (SELECT id, organisation, course, tier, doe, era,
				(doe - doe / 1460 + doe / 36524 - doe / 146096)
					/ 365 AS yoe
			FROM (SELECT id, organisation, course, tier,
					day / 146097 AS era,
					day - day / 146097 * 146097 AS doe
				FROM (SELECT a.id, a.organisation, a.course,
						COALESCE((SELECT m.tier
							FROM membership m
							WHERE m.person = a.person
							AND m.organisation
								= a.organisation
							ORDER BY m.from_at DESC
							LIMIT 1), '') AS tier,
						(a.assigned_at + 32400000)
							/ 86400000 + 719468
							AS day
					FROM assignment a
					WHERE a.cancelled_at IS NOT NULL) AS d
			) AS e
		) AS y4
	) AS yy
) AS m;
