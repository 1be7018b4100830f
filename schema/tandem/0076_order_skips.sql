-- +goose Up

-- Steps that a person left out of an order's sale workflow, and why. The reason is kept here alone: a person wrote it.
CREATE TABLE tandem.order_skips (
    run     bigint NOT NULL REFERENCES tandem.order_runs ON DELETE CASCADE,
    step    text NOT NULL,
    reason  text NOT NULL,
    skipped_by text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, step)
);

-- The plan of an order without the steps that were skipped: an import asks for all of them again.
-- +goose StatementBegin
CREATE FUNCTION tandem.plan_without(plan jsonb, skipped jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN skipped IS NULL THEN plan ELSE
    jsonb_set(plan, '{steps}', coalesce((
      SELECT jsonb_agg(s.name ORDER BY s.place) FROM jsonb_array_elements(plan -> 'steps') WITH ORDINALITY AS s(name, place)
      WHERE NOT skipped @> s.name), '[]')) || jsonb_build_object('skipped', skipped) END
$$;
-- +goose StatementEnd
