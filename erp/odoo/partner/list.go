package partner

import (
	"context"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

const model = "res.partner"

// List reads customers with their addresses: those that are accounts of the store, and of the others those that Odoo knows as customers.
// Guests, companies of one's own and colleagues are none.
func (w *Writer) List(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Partner], error) {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return erp.RecordPage[erp.Partner]{}, err
	}
	accounts, err := w.records.Linked(ctx, q, model, erp.AccountEntity)
	if err != nil {
		return erp.RecordPage[erp.Partner]{}, err
	}
	guests, err := w.records.Linked(ctx, q, model, "guest")
	if err != nil {
		return erp.RecordPage[erp.Partner]{}, err
	}
	feed := record.Feed{Model: model, Changed: []string{"write_date", "child_ids.write_date"}}
	feed.Where = []any{"|", rpc.In("id", accounts), "&", "&", "&", "&", rpc.Where("parent_id", "=", false), rpc.Where("active", "=", true),
		rpc.Where("partner_share", "=", true), rpc.Where("id", "not in", guests), rpc.Where("customer_rank", ">", 0)}
	r := reader{w, s, q.Instance}
	return record.ReadPage(ctx, w.records, feed, q, r.read)
}

// reader reads partners for an instance.
type reader struct {
	*Writer
	setup    *record.Setup
	instance string
}

// heldContact is a partner or an address as Odoo has it.
type heldContact struct {
	rpc.Row
	Parent  rpc.Link `json:"parent_id"`
	Type    rpc.Text `json:"type"`
	Name    rpc.Text `json:"name"`
	Company bool     `json:"is_company"`
	Firm    rpc.Text `json:"company_name"`
	Email   rpc.Text `json:"email"`
	Phone   rpc.Text `json:"phone"`
	TaxID   rpc.Text `json:"vat"`
	Lang    rpc.Text `json:"lang"`
	Street  rpc.Text `json:"street"`
	Street2 rpc.Text `json:"street2"`
	City    rpc.Text `json:"city"`
	Zip     rpc.Text `json:"zip"`
	State   rpc.Link `json:"state_id"`
	Country rpc.Link `json:"country_id"`
}

var contactColumns = []string{
	"parent_id", "type", "name", "is_company", "company_name", "email", "phone", "vat", "lang", "street", "street2", "city", "zip", "state_id", "country_id",
}

func (r reader) read(ctx context.Context, ids []int64) (record.Held[erp.Partner], error) {
	held := record.Held[erp.Partner]{Records: make(map[int64]erp.Partner, len(ids)), Merge: r.merge}
	partners, err := rpc.SearchByID[heldContact](ctx, r.rpc, model, ids, contactColumns...)
	if err != nil {
		return held, err
	}
	children, err := rpc.SearchBy[heldContact](ctx, r.rpc, model, "parent_id", ids,
		[]any{rpc.Where("active", "=", true), rpc.In("type", []string{string(erp.InvoiceAddress), string(erp.DeliveryAddress)})}, contactColumns...)
	if err != nil {
		return held, err
	}
	all := slices.Concat(ids, rpc.Map(children, func(c heldContact) int64 { return c.ID }))
	keys, err := r.records.KeysIn(ctx, r.instance, model, all)
	for id, c := range partners {
		p := erp.Partner{
			Key: keys.OrPending(erp.AccountEntity, id), Company: c.Company, Name: string(c.Name), Email: string(c.Email), Phone: string(c.Phone),
			TaxID: string(c.TaxID), Language: string(c.Lang),
		}
		if !c.Company {
			p.FirstName, p.LastName = splitName(p.Name)
		}
		held.Records[id] = p
	}
	for _, c := range children {
		p := held.Records[c.Parent.ID]
		p.Addresses = append(p.Addresses, c.address(r.setup, keys.OrPending("address", c.ID)))
		held.Records[c.Parent.ID] = p
	}
	for id, c := range partners {
		held.Records[id] = r.withOwnAddress(held.Records[id], c)
	}
	return held, err
}

// withOwnAddress adds the address that a partner itself has, where it has none for invoices below it. It has no key: it is no record.
func (r reader) withOwnAddress(p erp.Partner, c heldContact) erp.Partner {
	if c.Street+c.City+c.Zip == "" || slices.ContainsFunc(p.Addresses, func(a erp.Address) bool { return a.Kind == erp.InvoiceAddress }) {
		return p
	}
	own := c.address(r.setup, erp.Key{})
	own.Kind = erp.InvoiceAddress
	if c.Company {
		own.Name, own.Company = "", string(c.Name)
	}
	p.Addresses = append(p.Addresses, own)
	return p
}

func (c heldContact) address(s *record.Setup, key erp.Key) erp.Address {
	a := erp.Address{
		Key: key, Kind: erp.AddressKind(c.Type), Name: string(c.Name), Company: string(c.Firm), Street: string(c.Street), Street2: string(c.Street2),
		City: string(c.City), Zip: string(c.Zip), Email: string(c.Email), Phone: string(c.Phone),
	}
	for code, id := range s.Countries {
		if id == c.Country.ID && c.Country.ID != 0 {
			a.Country = code
		}
	}
	for code, id := range s.States {
		if id == c.State.ID && c.State.ID != 0 {
			_, a.State, _ = strings.Cut(code, "-")
		}
	}
	return a
}

// splitName takes the last word of a name for the last name, as Odoo keeps the whole.
func splitName(name string) (first, last string) {
	i := strings.LastIndex(name, " ")
	return strings.TrimSpace(name[:max(i, 0)]), strings.TrimSpace(name[i+1:])
}

// merge takes over what was edited of a partner and of the addresses that the store has. Of the others there is one for each kind that
// the store has none of.
func (r reader) merge(held, stored erp.Partner) erp.Partner {
	merged := stored
	merged.Key, merged.Company = held.Key, held.Company
	if held.Name != landedName(&stored) {
		merged.Name = held.Name
		if !held.Company {
			merged.FirstName, merged.LastName = held.FirstName, held.LastName
		}
	}
	if held.Email != "" && !strings.EqualFold(strings.TrimSpace(stored.Email), strings.TrimSpace(held.Email)) {
		merged.Email = held.Email
	}
	merged.Phone, merged.TaxID = held.Phone, held.TaxID
	merged.Addresses = nil
	kinds := map[erp.AddressKind]bool{}
	for _, a := range stored.Addresses {
		kinds[a.Kind] = true
		at := slices.IndexFunc(held.Addresses, func(h erp.Address) bool { return h.Key == a.Key })
		if at >= 0 {
			a = r.mergeAddress(held.Addresses[at], a)
		}
		merged.Addresses = append(merged.Addresses, a)
	}
	for _, a := range held.Addresses {
		if _, pending := erp.PendingID(a.Key); !kinds[a.Kind] && (pending || a.Key.IsZero()) {
			kinds[a.Kind] = true
			merged.Addresses = append(merged.Addresses, a)
		}
	}
	return merged
}

// mergeAddress takes over what Odoo has otherwise than the address lands. The name of a company stays: Odoo empties it by itself.
func (r reader) mergeAddress(held, stored erp.Address) erp.Address {
	merged := held
	merged.Key, merged.Kind = stored.Key, stored.Kind
	state, street2 := statePlace(r.setup, &stored)
	if street2 == held.Street2 && (state == 0) == (held.State == "") && (state == 0 || held.State == stored.State) {
		merged.State, merged.Street2 = stored.State, stored.Street2
	}
	if held.Company == "" {
		merged.Company = stored.Company
	}
	if r.setup.Countries[stored.Country] == 0 && held.Country == "" {
		merged.Country = stored.Country
	}
	return merged
}

// Adopt binds keys to partners and, with them, to their addresses.
func (w *Writer) Adopt(ctx context.Context, batch []erp.Adoption[erp.Partner]) error {
	var records []record.Adopted
	for i := range batch {
		own := batch[i]
		own.Record.Addresses = nil
		adopted, err := record.NewAdopted(&own, func(p *erp.Partner) *erp.Key { return &p.Key }, record.ExternalName)
		if err != nil {
			return err
		}
		records = append(records, adopted)
		for _, a := range batch[i].Record.Addresses {
			id := batch[i].Parts[a.Key]
			if id == "" {
				continue
			}
			part := erp.Adoption[erp.Address]{ID: id, Record: a}
			address, err := record.NewAdopted(&part, func(a *erp.Address) *erp.Key { return &a.Key }, record.ExternalName)
			if err != nil {
				return err
			}
			records = append(records, address)
		}
	}
	return w.records.Adopt(ctx, model, records, nil)
}
