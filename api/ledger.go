package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// ledgerRecords is how requests see the ledger's records of one kind: T is the ERP's, V the contract's.
type ledgerRecords[T, V any] struct {
	schema string // of V in the contract
	desk   func(erp.Desk) erp.RecordDesk[T]
	view   func(erp.Version[T]) V
	// apply makes a record of what a request says, over the record as it is, which is zero for a new one. Errors name fields.
	apply func(s *server, ctx context.Context, said V, record T) (T, error)
}

// builtIn gives the ERP that is built in.
func (s *server) builtIn(ctx context.Context) (erp.Backend, error) {
	for _, driver := range s.ERPs {
		if driver.BuiltIn() {
			return s.Backends.Backend(ctx, instance.Instance{Backend: driver.Name})
		}
	}
	return nil, fault.New(fault.Unsupported, "no ERP is built into this program: work in the one your stores are on")
}

// desk gives the desk of the ERP that is built in.
func (s *server) desk(ctx context.Context) (erp.Desk, error) {
	backend, err := s.builtIn(ctx)
	if err != nil {
		return nil, err
	}
	return erp.Desks.Of(backend)
}

func (r ledgerRecords[T, V]) open(ctx context.Context, s *server) (erp.RecordDesk[T], error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	return r.desk(desk), nil
}

func (r ledgerRecords[T, V]) search(ctx context.Context, s *server, text, after string, limit int) (items []V, next string, err error) {
	desk, err := r.open(ctx, s)
	if err != nil {
		return nil, "", err
	}
	page, err := desk.Search(ctx, erp.RecordSearch{Text: strings.TrimSpace(text), After: after, Limit: cmp.Or(limit, pageSize)})
	return collect(page.Records, r.view), page.Next, err
}

func (r ledgerRecords[T, V]) get(ctx context.Context, s *server, id string) (view V, etag string, err error) {
	desk, err := r.open(ctx, s)
	if err != nil {
		return view, "", err
	}
	found, err := desk.Get(ctx, id)
	return r.view(found), etagOf(found.Number), err
}

func (r ledgerRecords[T, V]) create(ctx context.Context, s *server, said V) (view V, id string, err error) {
	desk, err := r.open(ctx, s)
	if err != nil {
		return view, "", err
	}
	var none T
	record, err := r.apply(s, ctx, said, none)
	if err != nil {
		return view, "", err
	}
	made, err := desk.Create(ctx, cmp.Or(subjectOf(ctx), uuid.NewString()), record)
	return r.view(made), made.ID, err
}

// update lays a merge patch over the record as it is read. Without a version to compare, it is what is read now that is patched.
func (r ledgerRecords[T, V]) update(ctx context.Context, s *server, id, ifMatch string, patch json.RawMessage) (view V, etag string, err error) {
	desk, err := r.open(ctx, s)
	if err != nil {
		return view, "", err
	}
	before, err := desk.Get(ctx, id)
	if err != nil {
		return view, "", err
	}
	said, same, err := r.patched(s, before, ifMatch, patch)
	if err != nil || same {
		return r.view(before), etagOf(before.Number), err
	}
	record, err := r.apply(s, ctx, said, before.Record)
	if err != nil {
		return view, "", err
	}
	now, err := desk.Update(ctx, before, record)
	return r.view(now), etagOf(now.Number), err
}

// patched gives what a record is to be, and whether it is that already.
func (r ledgerRecords[T, V]) patched(s *server, before erp.Version[T], ifMatch string, patch json.RawMessage) (said V, same bool, err error) {
	was, err := jsonObject(r.view(before))
	if err != nil {
		return said, false, err
	}
	changes, err := jsonObject(patch)
	if err != nil {
		return said, false, err
	}
	schema := s.contract.doc.Components.Schemas[r.schema].Value
	if err := checkVersion(before.Number, ifMatch, changes); err != nil {
		return said, false, err
	}
	if err := checkFixed(schema, was, changes); err != nil {
		return said, false, err
	}
	merged, _ := mergePatch(was, changes).(map[string]any)
	if reflect.DeepEqual(merged, was) {
		return said, true, nil
	}
	said, err = r.read(schema, merged)
	return said, false, err
}

// read checks a whole record against the contract, as the body of a request is.
func (r ledgerRecords[T, V]) read(schema *openapi3.Schema, record map[string]any) (said V, err error) {
	for name, property := range schema.Properties {
		if property.Value.ReadOnly {
			delete(record, name)
		}
	}
	if err := schema.VisitJSON(record, openapi3.VisitAsRequest(), openapi3.MultiErrors()); err != nil {
		var problems []error
		for _, problem := range contractErrors("", err) {
			problems = append(problems, fault.Field(problem.Field, "%s", problem.Message))
		}
		return said, errors.Join(problems...)
	}
	text, err := json.Marshal(record)
	if err != nil {
		return said, err
	}
	return said, json.Unmarshal(text, &said)
}

// checkVersion refuses a change of another version than the one that was read.
func checkVersion(now, ifMatch string, changes map[string]any) error {
	said, _ := changes["version"].(string)
	delete(changes, "version")
	match := strings.Trim(strings.TrimPrefix(ifMatch, "W/"), `"`)
	for _, version := range []string{said, match} {
		if version != "" && version != "*" && version != now {
			return erp.ChangedSince()
		}
	}
	return nil
}

// checkFixed refuses a change of what nobody can change. Sent along unchanged, it does no harm.
func checkFixed(schema *openapi3.Schema, was, changes map[string]any) error {
	var problems []error
	for name, property := range schema.Properties {
		value, named := changes[name]
		if !property.Value.ReadOnly || !named {
			continue
		}
		if !reflect.DeepEqual(value, was[name]) {
			problems = append(problems, fault.Field(name, "cannot be changed: leave it out"))
		}
		delete(changes, name)
	}
	return errors.Join(problems...)
}

// mergePatch lays a patch over a JSON value, as RFC 7396 says.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := map[string]any{}
	if before, ok := target.(map[string]any); ok {
		for name, value := range before {
			merged[name] = value
		}
	}
	for name, change := range changes {
		if change == nil {
			delete(merged, name)
		} else {
			merged[name] = mergePatch(merged[name], change)
		}
	}
	return merged
}

// jsonObject gives a value as JSON has it.
func jsonObject(value any) (map[string]any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&object); err != nil || object == nil {
		return nil, fault.New(fault.Invalid, "the body must be an object: { … }")
	}
	return object, nil
}

func etagOf(version string) string { return `"` + version + `"` }

// ownKeys names the ledger's terms of one kind.
func ownKeys(kind erp.TermKind, ids []string) []erp.Key {
	var keys []erp.Key
	for _, id := range ids {
		keys = append(keys, erp.OwnKey(string(kind), id))
	}
	return keys
}

func optionalOwnKey(kind erp.TermKind, id string) erp.Key { return optionalKey(string(kind), id) }

// optionalKey names a record of the ledger; zero when none is named.
func optionalKey(entity, id string) erp.Key {
	if id == "" {
		return erp.Key{}
	}
	return erp.OwnKey(entity, id)
}
