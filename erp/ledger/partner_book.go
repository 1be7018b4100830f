package ledger

import (
	"strconv"
	"strings"

	"tandem/erp"
)

// partnerBook is the part of the ledger's partners that a batch touches. The batch is applied to it record by record,
// which keeps the rules simple; what changed is written afterwards in one go.
type partnerBook struct {
	byKey     map[erp.Key]*partner
	byEmail   map[mailbox]*partner
	addresses map[erp.Key]*address

	bound  []boundPartner // keys that are new to the ledger
	filled []*partner     // those with new content
	moved  []*address     // those with new content or another partner
}

// mailbox is an e-mail as it identifies a partner.
type mailbox struct{ instance, email string }

// partner is one partner as the ledger holds it, with what the batch did to it so far.
type partner struct {
	id      int64
	created bool
	digest  string       // of the content
	content *erp.Partner // new content, nil when there is none
	mailbox mailbox      // under which it is in byEmail
}

type address struct {
	id      int64
	created bool
	owner   *partner
	digest  string
	content *erp.Address
}

type boundPartner struct {
	key     erp.Key
	partner *partner
}

// partnerDraft is what became of one record.
type partnerDraft struct {
	key     erp.Key
	partner *partner
	created bool
	wrote   bool
	before  []string // digests of the content and of the addresses named
	after   []string
}

// take applies one record to the book.
func (b *partnerBook) take(record *erp.Partner) (partnerDraft, error) {
	digest, err := partnerDigest(*record)
	if err != nil {
		return partnerDraft{}, err
	}
	d := partnerDraft{key: record.Key}
	d.partner, d.wrote = b.find(record)
	if d.partner == nil {
		d.partner, d.created = &partner{created: true}, true
		b.bind(record.Key, d.partner)
	}
	d.before = append(d.before, d.partner.digest)
	if d.created || !record.KeepExisting && d.partner.digest != digest {
		b.fill(d.partner, record, digest)
		d.wrote = true
	}
	d.after = append(d.after, d.partner.digest)
	for i := range record.Addresses {
		if err := b.takeAddress(&d, &record.Addresses[i]); err != nil {
			return partnerDraft{}, err
		}
	}
	return d, nil
}

// find gives the partner under the record's key, or else under its e-mail; bound reports that the key is new to it.
func (b *partnerBook) find(record *erp.Partner) (found *partner, bound bool) {
	if found = b.byKey[record.Key]; found != nil {
		return found, false
	}
	if found = b.byEmail[mailboxOf(record)]; found != nil {
		b.bind(record.Key, found)
	}
	return found, found != nil
}

func (b *partnerBook) bind(key erp.Key, p *partner) {
	b.byKey[key] = p
	b.bound = append(b.bound, boundPartner{key: key, partner: p})
}

// fill gives a partner new content. Its old e-mail no longer finds it; the new one does, unless it finds another.
func (b *partnerBook) fill(p *partner, record *erp.Partner, digest string) {
	if p.content == nil {
		b.filled = append(b.filled, p)
	}
	p.content, p.digest = record, digest
	next := mailboxOf(record)
	if b.byEmail[p.mailbox] == p && p.mailbox != next {
		delete(b.byEmail, p.mailbox)
	}
	if next.email != "" && b.byEmail[next] == nil {
		b.byEmail[next], p.mailbox = p, next
	}
}

func (b *partnerBook) takeAddress(d *partnerDraft, record *erp.Address) error {
	digest, err := digestOf(*record, func(a *erp.Address) *erp.Key { return &a.Key })
	if err != nil {
		return err
	}
	held := b.addresses[record.Key]
	if held == nil {
		held = &address{created: true}
		b.addresses[record.Key] = held
	}
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
	outcome := erp.Outcome{Key: d.key, ID: strconv.FormatInt(d.partner.id, 10), After: joinDigests(d.after)}
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

func mailboxOf(record *erp.Partner) mailbox {
	return mailbox{instance: record.Key.Instance, email: emailKey(record.Email)}
}

// emailKey is the form in which e-mails are compared.
func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
