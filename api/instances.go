package api

import (
	"context"
	"encoding/json"
	"maps"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// ListInstances lists all instances, ordered by id.
func (s *server) ListInstances(ctx context.Context, _ gen.ListInstancesRequestObject) (gen.ListInstancesResponseObject, error) {
	list, err := s.DB.Instances(ctx)
	return gen.ListInstances200JSONResponse{Items: collect(list, s.instanceView)}, err
}

// CreateInstance keeps a new draft. What the request leaves out of connection and config gets its default.
func (s *server) CreateInstance(ctx context.Context, in gen.CreateInstanceRequestObject) (gen.CreateInstanceResponseObject, error) {
	created := instance.Instance{
		ID: in.Body.ID, Name: in.Body.Name, StoreURL: in.Body.StoreURL, Backend: in.Body.Backend,
		State: instance.Draft, Connection: instance.DefaultConnection(), Config: instance.DefaultConfig(),
	}
	if created.Backend == "" {
		created.Backend = s.ERPs[0].Name
	}
	err := overlay(&created, in.Body.Connection, in.Body.ERPConnection, in.Body.Config)
	if err != nil {
		return nil, err
	}
	if created, err = s.normalize(ctx, created); err != nil {
		return nil, err
	}
	keys := instance.Credentials{
		ConsumerKey: in.Body.ConsumerKey, ConsumerSecret: in.Body.ConsumerSecret, ERPSecret: in.Body.ERPSecret,
	}
	if err := s.checkNew(ctx, created, keys); err != nil {
		return nil, err
	}
	if created, err = s.DB.CreateInstance(ctx, created, keys); err != nil {
		return nil, err
	}
	return gen.CreateInstance201JSONResponse{
		Body:    s.instanceView(created),
		Headers: gen.CreateInstance201ResponseHeaders{Location: located("instances", created.ID)},
	}, nil
}

// UpdateInstance changes what the request names, and nothing else.
func (s *server) UpdateInstance(ctx context.Context, in gen.UpdateInstanceRequestObject) (gen.UpdateInstanceResponseObject, error) {
	before, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	after, err := patched(before, *in.Body)
	if err != nil {
		return nil, err
	}
	if after, err = s.normalize(ctx, after); err != nil {
		return nil, err
	}
	if after, err = s.moved(before, after); err != nil {
		return nil, err
	}
	// Nothing can be chosen of another ERP before it is asked for its options; activation checks what was.
	if before.SameERP(after, s.ERPs) && len(in.Body.Config) > 0 {
		if err := s.checkChoices(ctx, after); err != nil {
			return nil, err
		}
	}
	keys := instance.Credentials{
		ConsumerKey: in.Body.ConsumerKey, ConsumerSecret: in.Body.ConsumerSecret, ERPSecret: in.Body.ERPSecret,
	}
	if err := s.refuseERPSecret(after, keys); err != nil {
		return nil, err
	}
	if after, err = s.DB.UpdateInstanceAndKeys(ctx, after, keys); err != nil {
		return nil, err
	}
	view := s.instanceView(after)
	view.Woken, view.Operation, err = s.wakeConfigured(ctx, before, after)
	return gen.UpdateInstance200JSONResponse(view), err
}

// patched lays the request over the instance.
func patched(before instance.Instance, patch gen.InstancePatch) (instance.Instance, error) {
	in := before
	in.ERPConnection = maps.Clone(before.ERPConnection)
	for _, change := range []struct {
		field *string
		value string
	}{{&in.Name, patch.Name}, {&in.StoreURL, patch.StoreURL}, {&in.Backend, patch.Backend}} {
		if change.value != "" {
			*change.field = change.value
		}
	}
	if patch.Version != 0 {
		in.Version = patch.Version
	}
	if patch.Backend != "" && patch.Backend != before.Backend {
		in.ERPConnection = nil // the way to one ERP leads to no other
	}
	err := overlay(&in, patch.Connection, patch.ERPConnection, patch.Config)
	return in, err
}

// overlay decodes the parts of a request over the values there are: what it does not name stays. The contract's check
// has seen to types and names before.
func overlay(in *instance.Instance, connection, erpConnection, config json.RawMessage) error {
	for _, part := range []struct {
		field string
		text  json.RawMessage
		into  any
	}{
		{"connection", connection, &in.Connection}, {"erp_connection", erpConnection, &in.ERPConnection},
		{"config", config, &in.Config},
	} {
		if len(part.text) == 0 {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return fault.Wrap(fault.Invalid, fault.Field(part.field, "cannot be read"), "the request cannot be read")
		}
	}
	return nil
}

// moved decides what a new address or ERP means: nothing is known about it yet, so the instance is a draft again.
func (s *server) moved(before, after instance.Instance) (instance.Instance, error) {
	if before.StoreURL == after.StoreURL && before.SameERP(after, s.ERPs) {
		return after, nil
	}
	if before.State == instance.Active {
		return after, fault.New(fault.Conflict, "the instance is active: deactivate it before giving it another store or ERP")
	}
	after.State, after.Store, after.ERP = instance.Draft, instance.StoreInfo{}, instance.ERPInfo{}
	return after, nil
}

// GetInstanceCounters counts what an instance has.
func (s *server) GetInstanceCounters(ctx context.Context, in gen.GetInstanceCountersRequestObject) (gen.GetInstanceCountersResponseObject, error) {
	if _, err := s.DB.Instance(ctx, in.Instance); err != nil {
		return nil, err
	}
	c, err := s.DB.Counters(ctx, in.Instance)
	return gen.GetInstanceCounters200JSONResponse{Links: c.Links, Jobs: c.Jobs, Orders: c.OrderRuns}, err
}

// shownConnection leaves out a connection in which nothing is set: rows of older versions have one for the ledger too.
func shownConnection(c erp.Connection) erp.Connection {
	for _, value := range c {
		if value != "" {
			return c
		}
	}
	return nil
}

func (s *server) instanceView(in instance.Instance) gen.Instance {
	view := gen.Instance{
		ID: in.ID, Name: in.Name, StoreURL: in.StoreURL, State: in.State, Backend: in.Backend,
		ERPConnection: shownConnection(in.ERPConnection), Connection: in.Connection, Config: withLists(in.Config), Store: in.Store, ERP: in.ERP,
		Version: in.Version, CreatedAt: in.CreatedAt, UpdatedAt: in.UpdatedAt, ConnectedAt: in.ConnectedAt,
		Warnings: in.Warnings(), ERPPages: s.ERPs.WebPages(in.Backend, in.ERPConnection, in.ERP.Version),
	}
	for _, missing := range instance.MissingForActivation(in) {
		view.Missing = append(view.Missing, configField(missing.Field))
	}
	return view
}

// withLists makes empty lists of absent ones: the contract promises lists.
func withLists(c instance.Config) instance.Config {
	for _, list := range []*[]string{&c.General.Currencies, &c.Order.Statuses, &c.Tax.VATNumberFields, &c.Stock.Warehouses, &c.Webhook.Topics, &c.Email.Recipients} {
		if *list == nil {
			*list = []string{}
		}
	}
	if c.Order.Workflows == nil {
		c.Order.Workflows = []instance.WorkflowRule{}
	}
	if c.Order.StatusUpdates == nil {
		c.Order.StatusUpdates = []instance.StatusUpdate{}
	}
	return c
}
