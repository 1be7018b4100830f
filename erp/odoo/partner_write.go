package odoo

import (
	"context"
)

// writePartners writes what a batch did to the book: e-mails given up, partners, the names they are found by, addresses.
func (b *Backend) writePartners(ctx context.Context, book *partnerBook, s *setup) error {
	partners := distinct(book.partners)
	if err := b.dropEmails(ctx, partners); err != nil {
		return err
	}
	names := map[string]int64{}
	for _, p := range partners {
		if !p.created {
			p.nameInto(names)
		}
	}
	if err := b.bind(ctx, "res.partner", names); err != nil {
		return err
	}
	if err := b.loadPartners(ctx, partners, s); err != nil {
		return err
	}
	fresh := map[string]int64{}
	for _, p := range partners {
		if p.created && p.refused == nil {
			p.nameInto(fresh)
		}
	}
	if err := b.bind(ctx, "res.partner", fresh); err != nil {
		return err
	}
	return b.loadAddresses(ctx, book.moved, s)
}

// nameInto collects the external ids a partner is to be found by and is not yet.
func (p *partner) nameInto(names map[string]int64) {
	for _, key := range p.keys {
		names[externalName(key)] = p.id
	}
	if p.content != nil && p.email != "" {
		names[p.email] = p.id
	}
}

func (b *Backend) dropEmails(ctx context.Context, partners []*partner) error {
	var names []string
	for _, p := range partners {
		if !p.created {
			names = append(names, p.dropped...)
		}
	}
	if len(names) == 0 {
		return nil
	}
	known, err := b.resolve(ctx, names)
	if err != nil {
		return err
	}
	var rows []int64
	for _, k := range known {
		rows = append(rows, k.ID)
	}
	return b.unlink(ctx, "ir.model.data", rows)
}

func (b *Backend) loadPartners(ctx context.Context, partners []*partner, s *setup) error {
	var changed []*partner
	for _, p := range partners {
		if p.content != nil {
			changed = append(changed, p)
		}
	}
	results, err := b.load(ctx, "res.partner", mapped(changed, func(p *partner) *record { return partnerRecord(p, s) }))
	if err != nil {
		return err
	}
	for i, p := range changed {
		if p.refused = results[i].refused; p.refused == nil {
			p.id = results[i].id
		}
	}
	return nil
}

func (b *Backend) loadAddresses(ctx context.Context, moved []*address, s *setup) error {
	var ready []*address
	for _, a := range moved {
		if a.refused = a.owner.refused; a.refused == nil {
			ready = append(ready, a)
		}
	}
	results, err := b.load(ctx, "res.partner", mapped(ready, func(a *address) *record { return addressRecord(a, s) }))
	if err != nil {
		return err
	}
	for i, a := range ready {
		a.refused, a.id = results[i].refused, results[i].id
	}
	return nil
}
