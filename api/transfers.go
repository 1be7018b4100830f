package api

import (
	"context"
	"maps"
	"slices"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

const (
	// transferLimit is how many records one request pushes or pulls, transferPortion how many of them go with one operation.
	transferLimit   = 10_000
	transferPortion = 1000
)

// PushRecords moves named records of the ERP into stores.
func (s *server) PushRecords(ctx context.Context, in gen.PushRecordsRequestObject) (gen.PushRecordsResponseObject, error) {
	done, err := s.transfer(ctx, flow.Export, *in.Body)
	return gen.PushRecords202JSONResponse(done), err
}

// PullRecords moves named records of stores into the ERP, over the records there that they are linked to.
func (s *server) PullRecords(ctx context.Context, in gen.PullRecordsRequestObject) (gen.PullRecordsResponseObject, error) {
	done, err := s.transfer(ctx, flow.Import, *in.Body)
	return gen.PullRecords202JSONResponse(done), err
}

// transfer starts operations on the records that are named, or counts them. Which records of an instance they are is told by its links.
func (s *server) transfer(ctx context.Context, d flow.Direction, wanted gen.Transfer) (gen.Transfers, error) {
	done := gen.Transfers{Refused: []gen.TransferRefusal{}, Owners: []gen.PartOwner{}, Operations: []gen.Operation{}}
	if err := s.checkTransfer(ctx, d, wanted); err != nil {
		return done, err
	}
	picked := make([][]string, len(wanted.Instances))
	for i, id := range wanted.Instances {
		var refused []gen.TransferRefusal
		var err error
		if picked[i], refused, err = s.pick(ctx, d, id, wanted); err != nil {
			return done, err
		}
		done.Count += len(picked[i])
		done.Refused = append(done.Refused, refused...)
		owners, err := s.ownersOf(ctx, d, id, wanted)
		if err != nil {
			return done, err
		}
		done.Owners = append(done.Owners, owners...)
	}
	if wanted.DryRun {
		return done, nil
	}
	for i, id := range wanted.Instances {
		entities, err := s.movedIn(ctx, d, id, wanted)
		if err != nil {
			return done, err
		}
		for portion := range slices.Chunk(picked[i], transferPortion) {
			op, err := s.start(ctx, work{
				direction: d, instances: []string{id}, entities: entities, trigger: "api",
				filter: flow.Filter{Kind: flow.IDs, IDs: portion, Overwrite: d == flow.Import, Force: wanted.Force, Parts: partNames(wanted.Parts)},
			})
			if err != nil {
				return done, err
			}
			done.Operations = append(done.Operations, op)
		}
	}
	return done, nil
}

// ownersOf gives the parts of what is moved that may be kept back in an instance, as they have an owner.
func (s *server) ownersOf(ctx context.Context, d flow.Direction, id string, wanted gen.Transfer) ([]gen.PartOwner, error) {
	if wanted.Force {
		return nil, nil
	}
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return nil, err
	}
	own := instance.OwnedByERP
	if d == flow.Import {
		own = instance.OwnedByStore
	}
	chosen := in.Config.Ownership.Chosen(wanted.Entity)
	var owners []gen.PartOwner
	for _, part := range slices.Sorted(maps.Keys(chosen)) {
		moved := len(wanted.Parts) == 0 || slices.Contains(wanted.Parts, gen.PushPart(part))
		if owner := chosen[part]; moved && owner != own {
			owners = append(owners, gen.PartOwner{Instance: id, Part: part, Owner: string(owner)})
		}
	}
	return owners, nil
}

// checkTransfer refuses what checkNamed does, and what cannot go in the direction as the instances are.
func (s *server) checkTransfer(ctx context.Context, d flow.Direction, wanted gen.Transfer) error {
	if err := checkNamed(d, wanted); err != nil {
		return err
	}
	return s.checkInstances(ctx, d, wanted.Instances, moved(wanted))
}

// moved gives the entities that a push or pull is of. The quantities of products are an entity of their own.
func moved(wanted gen.Transfer) []string {
	switch {
	case !slices.Contains(wanted.Parts, gen.PushPartStock):
		return []string{wanted.Entity}
	case len(wanted.Parts) == 1:
		return []string{entity.StockName}
	default:
		return []string{wanted.Entity, entity.StockName}
	}
}

// movedIn gives the entities that a push or pull moves in an instance: when nothing is chosen, a push of products moves their quantities
// too where that is switched on.
func (s *server) movedIn(ctx context.Context, d flow.Direction, id string, wanted gen.Transfer) ([]string, error) {
	if d != flow.Export || wanted.Entity != mapping.ProductName || len(wanted.Parts) > 0 {
		return moved(wanted), nil
	}
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return nil, err
	}
	if in.Config.Stock.AutoUpdate {
		return []string{wanted.Entity, entity.StockName}, nil
	}
	return []string{wanted.Entity}, nil
}

// checkNamed refuses requests that name no records, or in two ways, and what does not go in the direction.
func checkNamed(d flow.Direction, wanted gen.Transfer) error {
	ways := 0
	for _, named := range []bool{len(wanted.WooIds) > 0, len(wanted.ERPIds) > 0, wanted.State != ""} {
		if named {
			ways++
		}
	}
	var p instance.Problems
	switch {
	case ways != 1:
		p = append(p, fault.Field("woo_ids", "name the records in one way: woo_ids, erp_ids or state"))
	case len(wanted.WooIds) > 0 && len(wanted.Instances) > 1:
		p = append(p, fault.Field("woo_ids", "are those of one store: name one instance, or erp_ids"))
	}
	if len(wanted.Parts) > 0 && (d != flow.Export || wanted.Entity != mapping.ProductName) {
		p = append(p, fault.Field("parts", "are chosen for pushes of products only"))
	}
	if err := p.Err(); err != nil {
		return err
	}
	e, err := entity.Get(d, wanted.Entity)
	if err != nil {
		return err
	}
	if d == flow.Export && len(wanted.ERPIds) > 0 { // all others are those of links
		if err := e.Accepts(flow.Filter{Kind: flow.IDs, IDs: wanted.ERPIds}); err != nil {
			return fieldsNamed(map[string]string{"filter.ids": "erp_ids"}, err)
		}
	}
	return nil
}

// pick gives the ids by which the direction's source knows the records that are meant in an instance, and those that cannot be moved.
func (s *server) pick(ctx context.Context, d flow.Direction, id string, wanted gen.Transfer) ([]string, []gen.TransferRefusal, error) {
	if wanted.State != "" {
		ids, err := s.DB.LinkedIDs(ctx, db.LinkFilter{Instance: id, Entity: wanted.Entity, State: string(wanted.State)}, d, transferLimit)
		if err == nil && len(ids) > transferLimit {
			err = fault.Field("state", "picks more than %d records: move all with POST /operations", transferLimit)
		}
		return ids, nil, err
	}
	if d == flow.Export && len(wanted.ERPIds) > 0 {
		return wanted.ERPIds, nil, nil // those that the store does not have are created there
	}
	pairs, err := s.DB.LinksOf(ctx, id, wanted.Entity, wanted.WooIds, wanted.ERPIds)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	var refused []gen.TransferRefusal
	for _, named := range slices.Concat(wanted.WooIds, wanted.ERPIds) {
		at := slices.IndexFunc(pairs, func(l db.Link) bool {
			return len(wanted.WooIds) > 0 && l.WooID == named || len(wanted.ERPIds) > 0 && l.ERPID == named
		})
		switch {
		case at < 0:
			refused = append(refused, unlinked(id, wanted, named))
		case d == flow.Export:
			ids = append(ids, pairs[at].ERPID)
		default:
			ids = append(ids, pairs[at].WooID)
		}
	}
	return ids, refused, nil
}

// unlinked refuses a record that has no counterpart which it could be moved to, or by which it could be named.
func unlinked(id string, wanted gen.Transfer, named string) gen.TransferRefusal {
	r := gen.TransferRefusal{Instance: id, Code: "not_linked", Reason: "the store's " + wanted.Entity + " " + named + " is linked to no record of the ERP: " +
		"link the two (tandem links set), or import it to have it made there"}
	if len(wanted.WooIds) > 0 {
		r.WooID = named
		return r
	}
	r.ERPID = named
	r.Reason = "record " + named + " of the ERP is linked to no " + wanted.Entity + " of the store: link the two (tandem links set), or push it to have it made there"
	return r
}
