-- The days of a thing as a rectangle, for exclusion constraints: one column of the thing wide, from the first
-- to the last day high. Days without an end reach infinitely far, none at all are NULL. Numbers are exact up to
-- 2^53.
CREATE FUNCTION days_of(thing bigint, days daterange) RETURNS box
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN NOT isempty(days) THEN box(
        point(thing, coalesce(lower(days) - DATE '2000-01-01', '-infinity'::double precision)),
        point(thing, coalesce(upper(days) - DATE '2000-01-01' - 1, 'infinity'::double precision))
    ) END;
