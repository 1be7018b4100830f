package odoo

import (
	"strings"

	"tandem/erp"
)

// partnerBook is the part of Odoo's partners that a batch touches. The batch is applied to it record by record, which
// keeps the rules simple; what changed is written afterwards.
type partnerBook struct {
	byKey     map[erp.Key]*partner
	byEmail   map[string]*partner // by the name of the e-mail's external id
	addresses map[erp.Key]*address

	partners []*partner // every one that was touched
	moved    []*address // those with new content or another partner
}

// partner is one partner as Odoo holds it, with what the batch did to it so far.
type partner struct {
	id      int64 // 0 until a new one is landed
	created bool
	digest  string       // of the content
	content *erp.Partner // new content, nil when there is none
	keys    []erp.Key    // that are new to it
	email   string       // external id of the e-mail it is found by, "" for none
	dropped []string     // those it is no longer found by
	refused *refusal
}

type address struct {
	id      int64
	owner   *partner
	digest  string
	content *erp.Address
	key     erp.Key
	refused *refusal
}

// partnerDraft is what became of one record.
type partnerDraft struct {
	key       erp.Key
	partner   *partner
	addresses []*address
	created   bool
	wrote     bool
	before    []string // digests of the content and of the addresses named
	after     []string
}

// take applies one record to the book.
func (b *partnerBook) take(record *erp.Partner) (*partnerDraft, error) {
	digest, err := partnerDigest(*record)
	if err != nil {
		return nil, err
	}
	d := &partnerDraft{key: record.Key}
	d.partner, d.wrote = b.find(record)
	if d.partner == nil {
		d.partner, d.created = &partner{created: true}, true
		b.bind(record.Key, d.partner)
	}
	b.partners = append(b.partners, d.partner)
	d.before = append(d.before, d.partner.digest)
	if d.created || !record.KeepExisting && d.partner.digest != digest {
		b.fill(d.partner, record, digest)
		d.wrote = true
	}
	d.after = append(d.after, d.partner.digest)
	for i := range record.Addresses {
		if err := b.takeAddress(d, &record.Addresses[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// find gives the partner under the record's key, or else under its e-mail; bound reports that the key is new to it.
func (b *partnerBook) find(record *erp.Partner) (found *partner, bound bool) {
	if found = b.byKey[record.Key]; found != nil {
		return found, false
	}
	if found = b.byEmail[emailName(record)]; found != nil {
		b.bind(record.Key, found)
	}
	return found, found != nil
}

func (b *partnerBook) bind(key erp.Key, p *partner) {
	b.byKey[key] = p
	p.keys = append(p.keys, key)
}

// fill gives a partner new content. Its old e-mail no longer finds it; the new one does, unless it finds another.
func (b *partnerBook) fill(p *partner, record *erp.Partner, digest string) {
	p.content, p.digest = record, digest
	next := emailName(record)
	if p.email != "" && p.email != next && b.byEmail[p.email] == p {
		delete(b.byEmail, p.email)
		p.dropped = append(p.dropped, p.email)
		p.email = ""
	}
	if next != "" && b.byEmail[next] == nil {
		b.byEmail[next], p.email = p, next
	}
}

func (b *partnerBook) takeAddress(d *partnerDraft, record *erp.Address) error {
	digest, err := digestOf(*record, func(a *erp.Address) *erp.Key { return &a.Key })
	if err != nil {
		return err
	}
	held := b.addresses[record.Key]
	if held == nil {
		held = &address{key: record.Key}
		b.addresses[record.Key] = held
	}
	d.addresses = append(d.addresses, held)
	d.before, d.after = append(d.before, held.digest), append(d.after, digest)
	if held.owner != d.partner || held.digest != digest {
		if held.content == nil {
			b.moved = append(b.moved, held)
		}
		held.owner, held.digest, held.content = d.partner, digest, record
		d.wrote = true
	}
	return nil
}

func (d *partnerDraft) outcome() erp.Outcome {
	if r := d.refusal(); r != nil {
		outcome := r.outcome(d.key)
		if !d.partner.created {
			outcome.Before = joinDigests(d.before)
			outcome.After = outcome.Before
		}
		return outcome
	}
	outcome := erp.Outcome{Key: d.key, ID: idText(d.partner.id), After: joinDigests(d.after)}
	switch {
	case d.created:
		outcome.Status = erp.Created
		return outcome
	case d.wrote:
		outcome.Status = erp.Updated
	default:
		outcome.Status = erp.Unchanged
	}
	outcome.Before = joinDigests(d.before)
	return outcome
}

func (d *partnerDraft) refusal() *refusal {
	if d.partner.refused != nil {
		return d.partner.refused
	}
	for _, a := range d.addresses {
		if a.refused != nil {
			return a.refused
		}
	}
	return nil
}

// joinDigests makes one digest of a partner's and those of its addresses.
func joinDigests(digests []string) string {
	if len(digests) == 1 {
		return digests[0]
	}
	return hashOf(strings.Join(digests, "+"))
}

// partnerDigest names a partner's own content: addresses are compared by themselves, and KeepExisting is no content.
func partnerDigest(record erp.Partner) (string, error) {
	record.Addresses, record.KeepExisting = nil, false
	return digestOf(record, func(p *erp.Partner) *erp.Key { return &p.Key })
}

// emailName gives the external id under which an e-mail finds its partner within an instance, so that the database
// keeps two partners from getting one e-mail. It holds a digest, not the address. "" without an e-mail.
func emailName(record *erp.Partner) string {
	email := strings.ToLower(strings.TrimSpace(record.Email))
	if email == "" {
		return ""
	}
	return externalName(erp.Key{Entity: "email", Instance: record.Key.Instance, ID: hashOf(email)[:32]})
}
