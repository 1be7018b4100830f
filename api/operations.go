package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/workflows"
)

// ListOperations lists operations, newest first.
func (s *server) ListOperations(ctx context.Context, in gen.ListOperationsRequestObject) (gen.ListOperationsResponseObject, error) {
	p := in.Params
	filter := db.OperationFilter{Instance: p.Instance, State: string(p.State), Trigger: string(p.Trigger)}
	if err := s.checkListed(ctx, p.Instance, ""); err != nil {
		return nil, err
	}
	list, next, err := s.DB.Operations(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	if err != nil {
		return nil, err
	}
	items, err := s.operations(list)
	return gen.ListOperations200JSONResponse{
		Body:    gen.OperationPage{Items: items, Next: next},
		Headers: gen.ListOperations200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// GetOperation reads one operation.
func (s *server) GetOperation(ctx context.Context, in gen.GetOperationRequestObject) (gen.GetOperationResponseObject, error) {
	body, err := s.readOperation(ctx, in.Operation)
	return gen.GetOperation200JSONResponse(body), err
}

func (s *server) readOperation(ctx context.Context, id string) (gen.Operation, error) {
	op, err := s.DB.Operation(ctx, id)
	if err != nil {
		return gen.Operation{}, err
	}
	return s.operation(op)
}

// CreateOperation accepts a request to import or export. Everything that can be refused is refused now, each with its field.
func (s *server) CreateOperation(ctx context.Context, in gen.CreateOperationRequestObject) (gen.CreateOperationResponseObject, error) {
	wanted := *in.Body
	direction := flow.Direction(cmp.Or(wanted.Direction, gen.NewOperationDirectionImport))
	if len(wanted.Entities) == 0 {
		var err error
		if wanted.Entities, err = s.everyEntity(ctx, direction, wanted.Instances, wanted.Filter); err != nil {
			return nil, err
		}
	}
	if err := checkFilter(wanted.Filter); err != nil {
		return nil, err
	}
	if err := checkIDs(wanted.Instances, wanted.Entities, wanted.Filter); err != nil {
		return nil, err
	}
	if err := checkEntities(direction, wanted.Entities, wanted.Filter); err != nil {
		return nil, err
	}
	if err := s.checkInstances(ctx, direction, wanted.Instances, wanted.Entities); err != nil {
		return nil, err
	}
	op, err := s.start(ctx, work{
		direction: direction, instances: wanted.Instances, entities: wanted.Entities, filter: wanted.Filter, trigger: "api",
	})
	if err != nil {
		return nil, err
	}
	return gen.CreateOperation202JSONResponse{
		Body:    op,
		Headers: gen.CreateOperation202ResponseHeaders{Location: located("operations", op.ID)},
	}, nil
}

// work is what an operation is to do.
type work struct {
	direction           flow.Direction
	instances, entities []string
	filter              flow.Filter
	trigger             string
}

// start keeps an operation and asks Temporal to run it. Once the row is kept, the work is: when Temporal does not take it
// now, a worker finds the row and starts it. The id comes from the request's idempotency key if it has one, so that a
// request which died half-way is completed rather than doubled.
func (s *server) start(ctx context.Context, w work) (gen.Operation, error) {
	filter, err := json.Marshal(w.filter)
	if err != nil {
		return gen.Operation{}, err
	}
	op, _, err := s.DB.CreateOperation(ctx, db.Operation{
		ID: subjectOf(ctx), Kind: string(w.direction), Direction: string(w.direction), Instances: w.instances,
		Entities: w.entities, Filter: filter, Trigger: w.trigger, RequestedBy: callerOf(ctx).name,
	})
	if err != nil {
		return gen.Operation{}, err
	}
	err = s.Runs.StartOperation(ctx, workflows.OperationInput{
		ID: op.ID, Direction: op.Direction, Instances: op.Instances, Entities: op.Entities, Filter: w.filter,
	})
	if err != nil {
		cause := fault.From(err)
		s.Logger.WarnContext(ctx, "the operation waits for Temporal",
			"operation", op.ID, "error", cause, "kind", cause.Kind, "cause", fmt.Sprintf("%T", cause.Err))
	}
	return s.operation(op)
}

// checkFilter refuses what the contract cannot say: fields of one kind of filter given with another.
func checkFilter(f flow.Filter) error {
	var p instance.Problems
	if len(f.Rules) > 0 || f.Matched != "" {
		p = append(p, fault.Field("filter.rules", "is for matchings only, and so is filter.matched: see POST /matches"))
	}
	if f.Overwrite || f.Force || len(f.Parts) > 0 {
		p = append(p, fault.Field("filter.overwrite", "is for pulls only, filter.parts for pushes, and filter.force for both: see POST /pull and POST /push"))
	}
	dated := !f.From.IsZero() || !f.To.IsZero()
	switch {
	case f.Kind == flow.IDs && len(f.IDs) == 0:
		p = append(p, fault.Field("filter.ids", "is missing: give the ids of the records"))
	case f.Kind != flow.IDs && len(f.IDs) > 0:
		p = append(p, fault.Field("filter.ids", "needs the filter kind ids"))
	}
	switch {
	case f.Kind == flow.Range && !dated:
		p = append(p, fault.Field("filter.from", "is missing: give from, to or both"))
	case f.Kind == flow.Range && !f.To.IsZero() && !f.From.Before(f.To):
		p = append(p, fault.Field("filter.to", "must be later than from"))
	case f.Kind != flow.Range && dated:
		p = append(p, fault.Field("filter.from", "needs the filter kind range, and so does filter.to"))
	}
	return p.Err()
}

// checkIDs refuses ids without one place they are of: another store or entity has other records under the same ids.
func checkIDs(instances, entities []string, f flow.Filter) error {
	if f.Kind != flow.IDs {
		return nil
	}
	var p instance.Problems
	if len(instances) > 1 {
		p = append(p, fault.Field("instances", "must be one: ids are those of one store"))
	}
	if len(entities) > 1 {
		p = append(p, fault.Field("entities", "must name one: ids are those of one entity"))
	}
	return p.Err()
}

// everyEntity names what a request is for that names no entities: all that are imported, or those whose export is switched on in all of
// its instances and that can do its filter. When none is, all that can are named, so that the refusal says what to switch on.
func (s *server) everyEntity(ctx context.Context, d flow.Direction, instances []string, filter flow.Filter) ([]string, error) {
	all := entity.Names(d)
	if d != flow.Export {
		return all, nil
	}
	if able := namesThatAccept(d, filter); len(able) > 0 {
		all = able
	}
	allowed := slices.Clone(all)
	for _, id := range instances {
		in, err := s.DB.Instance(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		movable := entity.Movable(d, in)
		allowed = slices.DeleteFunc(allowed, func(name string) bool { return !slices.Contains(movable, name) })
	}
	if len(allowed) == 0 {
		return all, nil
	}
	return allowed, nil
}

// namesThatAccept gives the entities of a direction that can do a filter, whatever ids it names.
func namesThatAccept(d flow.Direction, filter flow.Filter) []string {
	var names []string
	for _, e := range entity.List(d) {
		if filter.Kind == flow.IDs || e.Accepts(filter) == nil {
			names = append(names, e.Name())
		}
	}
	return names
}

// checkEntities refuses entities that do not exist and those that cannot do the filter, with the reason.
func checkEntities(d flow.Direction, names []string, filter flow.Filter) error {
	var p instance.Problems
	for i, name := range names {
		field := fmt.Sprintf("entities[%d]", i)
		e, err := entity.Get(d, name)
		if err != nil {
			p = append(p, fault.Field(field, "%s", fault.From(err).Message))
			continue
		}
		if err := e.Accepts(filter); err != nil {
			p = append(p, fault.Field(field, "%s: %s", name, fault.From(err).Message))
		}
	}
	return p.Err()
}

// checkInstances refuses instances that do not exist, and those whose entities cannot go in that direction as they are.
func (s *server) checkInstances(ctx context.Context, d flow.Direction, ids, entities []string) error {
	var p instance.Problems
	for i, id := range ids {
		field := fmt.Sprintf("instances[%d]", i)
		in, err := s.DB.Instance(ctx, id)
		if fault.Is(err, fault.NotFound) {
			p = append(p, fault.Field(field, "there is no instance %q", id))
			continue
		}
		if err != nil {
			return err
		}
		if err := entity.Check(d, in, entities); err != nil {
			p = append(p, fault.Field(field, "%s", fault.From(err).Message))
		}
	}
	return p.Err()
}

func (s *server) operations(list []db.Operation) ([]gen.Operation, error) {
	items := make([]gen.Operation, len(list))
	for i, op := range list {
		var err error
		if items[i], err = s.operation(op); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (s *server) operation(op db.Operation) (gen.Operation, error) {
	var filter flow.Filter
	if err := json.Unmarshal(op.Filter, &filter); err != nil {
		return gen.Operation{}, fault.Wrap(fault.Internal, err, "the operation's filter cannot be read")
	}
	return gen.Operation{
		ID: op.ID, Direction: gen.OperationDirection(op.Direction), Instances: op.Instances, Entities: op.Entities,
		Filter: filter, State: gen.OperationState(op.State), Trigger: gen.Trigger(op.Trigger), RequestedBy: op.RequestedBy,
		Error: op.Error, ErrorKind: op.ErrorKind, CreatedAt: op.CreatedAt, StartedAt: op.StartedAt,
		PausedAt: op.PausedAt, FinishedAt: op.FinishedAt, Progress: collect(op.Progress, progress),
		TemporalURL: s.runURL(workflows.OperationID(op.ID), ""),
	}, nil
}

func progress(p db.Progress) gen.Progress {
	var waiting db.Waiting
	if p.Waiting != nil {
		waiting = *p.Waiting
	}
	return gen.Progress{
		Instance: p.Instance, Entity: p.Entity, State: gen.OperationState(p.State), Total: p.Total, Read: p.Read,
		Created: p.Created, Updated: p.Updated, Unchanged: p.Unchanged, Parked: p.Parked, Failed: p.Failed,
		Requests: p.Requests, Error: p.Error, ErrorKind: p.ErrorKind, StartedAt: p.StartedAt, FinishedAt: p.FinishedAt,
		Waiting: waiting,
	}
}

// milliseconds is a duration as the contract gives it.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
