package api

import (
	"cmp"
	"context"
	"strings"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// ListJobs lists queue jobs, newest first.
func (s *server) ListJobs(ctx context.Context, in gen.ListJobsRequestObject) (gen.ListJobsResponseObject, error) {
	p := in.Params
	filter := db.JobFilter{Instance: p.Instance, Entity: p.Entity, State: string(p.State), Operation: p.Operation, WooID: p.WooID, Code: p.Code}
	if err := s.checkListed(ctx, p.Instance, p.Entity); err != nil {
		return nil, err
	}
	list, next, err := s.DB.Jobs(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListJobs200JSONResponse{
		Body:    gen.JobPage{Items: collect(list, job), Next: next},
		Headers: gen.ListJobs200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// GetJob reads one queue job.
func (s *server) GetJob(ctx context.Context, in gen.GetJobRequestObject) (gen.GetJobResponseObject, error) {
	j, err := s.DB.Job(ctx, in.Job)
	return gen.GetJob200JSONResponse(job(j)), err
}

// ProcessJob syncs the job's record again, as an operation of its own.
func (s *server) ProcessJob(ctx context.Context, in gen.ProcessJobRequestObject) (gen.ProcessJobResponseObject, error) {
	j, err := s.DB.Job(ctx, in.Job)
	if err != nil {
		return nil, err
	}
	w := recordWork(j, "process")
	if err := s.checkInstances(ctx, w.direction, w.instances, w.entities); err != nil {
		return nil, asConflict(err)
	}
	op, err := s.start(ctx, w)
	return gen.ProcessJob202JSONResponse{
		Body:    op,
		Headers: gen.ProcessJob202ResponseHeaders{Location: located("operations", op.ID)},
	}, err
}

// DecideJob keeps what a person chose for a parked record, and syncs the record again: it lands as was decided.
func (s *server) DecideJob(ctx context.Context, in gen.DecideJobRequestObject) (gen.DecideJobResponseObject, error) {
	j, err := s.DB.Job(ctx, in.Job)
	if err != nil {
		return nil, err
	}
	if err := mayChoose(j, in.Body.Choice); err != nil {
		return nil, err
	}
	w := decidedWork(j, in.Body.Choice)
	if err := s.checkInstances(ctx, w.direction, w.instances, w.entities); err != nil {
		return nil, asConflict(err)
	}
	if err := s.DB.Decide(ctx, j, in.Body.Choice, callerOf(ctx).name); err != nil {
		return nil, err
	}
	op, err := s.start(ctx, w)
	if err == nil && j.Code == mapping.BothChanged { // it may be parked in both directions
		err = s.DB.CloseDecided(ctx, j)
	}
	return gen.DecideJob202JSONResponse{
		Body:    op,
		Headers: gen.DecideJob202ResponseHeaders{Location: located("operations", op.ID)},
	}, err
}

// mayChoose refuses a choice that a job does not offer.
func mayChoose(j db.Job, choice string) error {
	choices := choicesOf(j)
	if len(choices) == 0 {
		return fault.New(fault.Conflict, "job %d is %s and offers nothing to choose", j.ID, j.State)
	}
	return offers(j.Code, choices, choice)
}

func offers(code string, choices []mapping.Choice, choice string) error {
	var names []string
	for _, c := range choices {
		if c.Name == choice {
			return nil
		}
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return fault.Field("code", "jobs that are parked as %q offer nothing to choose", code)
	}
	return fault.Field("choice", "must be one of %s", strings.Join(names, ", "))
}

// choicesOf lists what a person may choose for a job.
func choicesOf(j db.Job) []mapping.Choice {
	if j.State != db.JobParked {
		return nil
	}
	return mapping.ChoicesOf(j.Code)
}

func jobChoice(c mapping.Choice) gen.JobChoice { return gen.JobChoice{Name: c.Name, Means: c.Means} }

// ProcessJobs processes what a filter picks. The picked jobs are woken in one statement, and one operation carries them.
func (s *server) ProcessJobs(ctx context.Context, in gen.ProcessJobsRequestObject) (gen.ProcessJobsResponseObject, error) {
	wanted := *in.Body
	found, err := s.DB.Instance(ctx, wanted.Instance)
	if err != nil {
		return nil, asInstanceField(err)
	}
	if err := s.checkListed(ctx, "", wanted.Entity); err != nil {
		return nil, err
	}
	direction := flow.Direction(cmp.Or(wanted.Direction, gen.JobSelectionDirectionImport))
	picked := db.JobSelection{Instance: found.ID, Direction: direction, States: wanted.States, Entity: wanted.Entity, Operation: wanted.FromOperation}
	if len(picked.States) == 0 {
		picked.States = []string{db.JobParked, db.JobFailed}
	}
	if wanted.Code != "" {
		picked.Codes = []string{wanted.Code}
	}
	if wanted.Choice != "" {
		if picked.States, err = decidable(wanted); err != nil {
			return nil, err
		}
		direction = directionOf(direction, wanted.Code, wanted.Choice)
	}
	if wanted.DryRun {
		count, err := s.DB.CountJobs(ctx, picked)
		return gen.ProcessJobs202JSONResponse{Count: count}, err
	}
	if err := entity.Check(direction, found, processable(direction, found, wanted)); err != nil {
		return nil, err
	}
	if wanted.Choice != "" {
		if err := s.DB.DecideJobs(ctx, picked, wanted.Choice, callerOf(ctx).name); err != nil {
			return nil, err
		}
	}
	count, err := s.DB.WakeJobsFor(ctx, picked, direction)
	if err != nil || count == 0 {
		return gen.ProcessJobs202JSONResponse{Count: count}, err
	}
	if wanted.Code == mapping.BothChanged && wanted.Choice != "" {
		if err := s.DB.CloseAllDecided(ctx, found.ID, wanted.Code); err != nil {
			return nil, err
		}
	}
	operation, err := s.carryWokenIn(ctx, direction, found, "process")
	return gen.ProcessJobs202JSONResponse{Count: count, Operation: operation}, err
}

// decidable refuses a choice that jobs parked with the code do not offer, and says in which state they are.
func decidable(wanted gen.JobSelection) (states []string, err error) {
	if wanted.Code == "" {
		return nil, fault.Field("code", "is missing: a choice is made for jobs that are parked with one code")
	}
	return []string{db.JobParked}, offers(wanted.Code, mapping.ChoicesOf(wanted.Code), wanted.Choice)
}

// processable names the entities that jobs which are picked may move. A choice for jobs of any entity is written where that is allowed, and
// waits where it is not.
func processable(d flow.Direction, in instance.Instance, wanted gen.JobSelection) []string {
	if wanted.Choice != "" && wanted.Entity == "" {
		return entity.Movable(d, in)
	}
	return namedBy(d, wanted.Entity)
}

// namedBy names the entities that a filter by one entity may move; all when it names none.
func namedBy(d flow.Direction, name string) []string {
	if name == "" {
		return entity.Names(d)
	}
	return []string{name}
}

// recordWork is the operation that syncs one record.
func recordWork(j db.Job, trigger string) work {
	id := j.WooID
	if j.Direction == flow.Export {
		id = j.ERPID
	}
	return work{
		direction: j.Direction, instances: []string{j.Instance}, entities: []string{j.Entity}, trigger: trigger,
		filter: flow.Filter{Kind: flow.IDs, IDs: []string{id}},
	}
}

// decidedWork is the operation that writes what a person chose. Where both sides changed a record, that is in the direction in which the
// chosen values go.
func decidedWork(j db.Job, choice string) work {
	j.Direction = directionOf(j.Direction, j.Code, choice)
	return recordWork(j, "process")
}

// directionOf gives the direction in which is written what a person chose for a job of a direction.
func directionOf(d flow.Direction, code, choice string) flow.Direction {
	switch {
	case code != mapping.BothChanged:
		return d
	case choice == mapping.TakeERP:
		return flow.Export
	default:
		return flow.Import
	}
}

func job(j db.Job) gen.Job {
	return gen.Job{
		ID: j.ID, Operation: j.Operation, Instance: j.Instance, Entity: j.Entity,
		Direction: j.Direction, WooID: j.WooID, ERPID: j.ERPID,
		State: gen.JobState(j.State), Outcome: j.Outcome, Code: j.Code, Reason: j.Reason, Waits: j.Waits,
		Choices: collect(choicesOf(j), jobChoice), Differences: j.Differences, Attempts: j.Attempts, DurationMS: milliseconds(j.Duration), CreatedAt: j.CreatedAt, UpdatedAt: j.UpdatedAt,
	}
}
