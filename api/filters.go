package api

import (
	"context"
	"slices"
	"strings"

	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
)

// checkListed refuses a list filtered by an instance or an entity that does not exist: an empty list would look as if all
// were well. Empty ones filter nothing.
func (s *server) checkListed(ctx context.Context, instance, name string) error {
	if instance != "" {
		if _, err := s.DB.Instance(ctx, instance); err != nil {
			return asInstanceField(err)
		}
	}
	if name == "" {
		return nil
	}
	names := collect(entity.Known(), mapping.Entity.Name)
	if !slices.Contains(names, name) {
		return fault.Field("entity", "must be one of %s", strings.Join(names, ", "))
	}
	return nil
}

// logStatuses are those of a record's attempts, and the states of a sale workflow's steps.
var logStatuses = []string{db.Created, db.Updated, db.Unchanged, db.Parked, db.Failed, db.Gone, "done", "retrying", "blocked"}

// checkLogs is checkListed for logs, whose status is checked too.
func (s *server) checkLogs(ctx context.Context, instance, entity, status string) error {
	if err := s.checkListed(ctx, instance, entity); err != nil || status == "" || slices.Contains(logStatuses, status) {
		return err
	}
	return fault.Field("status", "must be one of %s", strings.Join(logStatuses, ", "))
}

// asInstanceField turns an instance that a request names and that does not exist into a fault of that field.
func asInstanceField(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Field("instance", "%s", fault.From(err).Message)
	}
	return err
}

// fieldsNamed names the field at fault as requests do.
func fieldsNamed(names map[string]string, err error) error {
	f := fault.From(err)
	if f == nil || names[f.Field] == "" {
		return err
	}
	named := *f
	named.Field = names[f.Field]
	return &named
}
