-- +goose Up

-- What a run is stamped with: a step or a command of another plan, from before the run was started again, changes nothing.
ALTER TABLE tandem.order_runs ADD COLUMN plan_id uuid NOT NULL DEFAULT gen_random_uuid();

-- A plan without steps has no workflow that could end its run.
UPDATE tandem.order_runs SET plan = next_plan, next_plan = NULL, state = 'due', code = '', reason = '', plan_id = gen_random_uuid()
WHERE state IN ('due', 'running', 'blocked', 'paused') AND next_plan IS NOT NULL
  AND coalesce(plan -> 'steps', 'null') IN ('null', '[]');
UPDATE tandem.order_runs SET state = 'done', code = '', reason = ''
WHERE state IN ('due', 'running', 'blocked', 'paused') AND coalesce(plan -> 'steps', 'null') IN ('null', '[]');

-- How the jobs that a worker does from time to time went, for metrics and for people.
CREATE TABLE tandem.periodic_jobs (
    name         text PRIMARY KEY,
    ran_at       timestamptz NOT NULL DEFAULT now(), -- the last try
    succeeded_at timestamptz,
    failures     integer NOT NULL DEFAULT 0,         -- in a row
    error        text NOT NULL DEFAULT ''            -- of the last try, when it failed
);

CREATE INDEX queue_jobs_age ON tandem.queue_jobs USING brin (updated_at); -- pruning
CREATE INDEX operations_instances ON tandem.operations USING gin (instances);
CREATE INDEX links_erp ON tandem.links (instance, entity, erp_id);
