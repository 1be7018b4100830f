package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// ListLinks lists links, newest first.
func (s *server) ListLinks(ctx context.Context, in gen.ListLinksRequestObject) (gen.ListLinksResponseObject, error) {
	p := in.Params
	filter := db.LinkFilter{Instance: p.Instance, Entity: p.Entity, State: string(p.State), WooID: p.WooID, ERPID: p.ERPID, ParentID: p.ParentID}
	if err := s.checkListed(ctx, p.Instance, p.Entity); err != nil {
		return nil, err
	}
	list, next, err := s.DB.Links(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListLinks200JSONResponse{
		Body:    gen.LinkPage{Items: collect(list, link), Next: next},
		Headers: gen.ListLinks200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// GetLink reads the link of one store record.
func (s *server) GetLink(ctx context.Context, in gen.GetLinkRequestObject) (gen.GetLinkResponseObject, error) {
	l, err := s.DB.Link(ctx, in.Instance, in.Entity, in.WooID)
	return gen.GetLink200JSONResponse(link(l)), err
}

// SetLink maps by hand. The ERP is told first: it alone knows whether the record exists.
func (s *server) SetLink(ctx context.Context, in gen.SetLinkRequestObject) (gen.SetLinkResponseObject, error) {
	if _, err := entity.Get(flow.Import, in.Entity); err != nil {
		return nil, fault.New(fault.NotFound, "there is no entity %q", in.Entity)
	}
	_, backend, err := s.backendOf(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	key := erp.Key{Instance: in.Instance, Entity: in.Entity, ID: in.WooID}
	err = backend.Adopt(ctx, key, in.Body.ERPID)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Field("erp_id", "the ERP has no %s with the id %q", in.Entity, in.Body.ERPID)
	}
	if err != nil {
		return nil, fieldsNamed(linkFields, err)
	}
	l, err := s.DB.SetLink(ctx, db.Link{Instance: in.Instance, Entity: in.Entity, WooID: in.WooID, ERPID: in.Body.ERPID})
	if err != nil {
		return nil, err
	}
	woken, operation, err := s.wake(ctx, in.Instance, []string{key.String()})
	return gen.SetLink200JSONResponse{Link: link(l), Woken: woken, Operation: operation}, err
}

// linkFields says how requests name what a backend finds at fault in a mapping.
var linkFields = map[string]string{"id": "erp_id", "key": "entity"}

// DeleteLink unlinks a store record. The ERP is told first: the link is the smaller loss when it does not answer.
func (s *server) DeleteLink(ctx context.Context, in gen.DeleteLinkRequestObject) (gen.DeleteLinkResponseObject, error) {
	if _, err := s.DB.Link(ctx, in.Instance, in.Entity, in.WooID); err != nil {
		return nil, err
	}
	if in.Entity == "order" || in.Entity == "refund" {
		return nil, fault.New(fault.Conflict, "an order or a refund is not unlinked: it would be booked a second time. Cancel it in the ERP instead")
	}
	_, backend, err := s.backendOf(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if err := backend.Release(ctx, erp.Key{Instance: in.Instance, Entity: in.Entity, ID: in.WooID}); err != nil {
		return nil, fieldsNamed(linkFields, err)
	}
	return gen.DeleteLink204Response{}, s.DB.DeleteLink(ctx, in.Instance, in.Entity, in.WooID)
}

// wake lets the records go on that waited for one of some keys. One of them begins the operation, which takes the others along.
func (s *server) wake(ctx context.Context, id string, keys []string) (woken int, operation string, err error) {
	woken, err = s.DB.Wake(ctx, id, keys)
	if err != nil || woken == 0 {
		return woken, "", err
	}
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return woken, "", err
	}
	operation, err = s.carryWoken(ctx, in, "wake")
	return woken, operation, err
}

func link(l db.Link) gen.Link {
	return gen.Link{
		Instance: l.Instance, Entity: l.Entity, WooID: l.WooID, WooType: l.WooType, Label: l.Label, ERPID: l.ERPID,
		State: gen.LinkState(l.State), Digest: l.Digest, StoreDigest: l.StoreDigest, ERPDigest: l.ERPDigest, ChangedIn: l.ChangedIn(),
		ERPChangedAt: l.ERPChanged, StoreChangedAt: l.StoreChanged, CreatedAt: l.CreatedAt, StoreModifiedAt: l.StoreModified,
		LastSyncedAt: l.LastSyncedAt, StoreState: l.StoreState, Relation: l.Relation, ParentID: l.ParentID,
	}
}
