// Package partnerbook decides who is who among the partners of a batch: a record's partner is the one under its key, or
// else the one its e-mail finds, unless that one is another account of the shop. Backends enter what they have into a
// book, let it take the records one by one, which keeps the rules simple, and write what changed afterwards in one go.
package partnerbook

import (
	"strings"

	"tandem/erp"
	"tandem/erp/landing"
)

// Book is the part of the ERP's partners that a batch touches.
type Book struct {
	Partners []*Partner // every one a record was for, once, in the order they came
	Moved    []*Address // those with new content or another partner, once, in the order they came

	mailbox   func(*erp.Partner) string
	byKey     map[erp.Key]*Partner
	byEmail   map[string]*Partner
	addresses map[erp.Key]*Address
	touched   map[*Partner]bool
	accounts  map[account]bool
}

// account says that a partner is an account of an instance's shop.
type account struct {
	partner  *Partner
	instance string
}

// Partner is one partner as the ERP holds it, with what the batch did to it so far.
type Partner struct {
	ID      int64        // 0 until a new one is given one
	Created bool         // the ERP did not have it
	Digest  string       // of the content
	Content *erp.Partner // new content, nil when there is none
	Keys    []erp.Key    // those that are new to it
	Mailbox string       // by which it is found, "" for none
	Claimed bool         // the mailbox is new to it
	Dropped []string     // mailboxes by which it is no longer found
	Refused *landing.Refusal
	Steps   []string // what else was done about it
}

// Address is one address as the ERP holds it, with what the batch did to it so far.
type Address struct {
	Key     erp.Key
	ID      int64 // 0 until a new one is given one
	Created bool
	Owner   *Partner
	Digest  string
	Content *erp.Address // new content, nil when there is none
	Refused *landing.Refusal
}

// New makes an empty book. Mailbox gives what a record's e-mail is known by within its instance, in whatever form the
// backend keeps it; "" for no e-mail.
func New(mailbox func(*erp.Partner) string) *Book {
	return &Book{mailbox: mailbox, byKey: map[erp.Key]*Partner{}, byEmail: map[string]*Partner{},
		addresses: map[erp.Key]*Address{}, touched: map[*Partner]bool{}, accounts: map[account]bool{}}
}

// EmailKey is the form in which e-mails are compared: without case and without blanks around them.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// EnterKey notes that the ERP has a partner under a key.
func (b *Book) EnterKey(key erp.Key, p *Partner) {
	b.byKey[key] = p
	if key.Entity == erp.AccountEntity {
		b.EnterAccount(key.Instance, p)
	}
}

// EnterAccount notes that a partner is an account of an instance's shop. Backends say so of each partner that a mailbox
// finds, whatever records the batch is of.
func (b *Book) EnterAccount(instance string, p *Partner) { b.accounts[account{p, instance}] = true }

// EnterMailbox notes that a mailbox finds a partner.
func (b *Book) EnterMailbox(mailbox string, p *Partner) { b.byEmail[mailbox], p.Mailbox = p, mailbox }

// EnterAddress notes that the ERP has an address, under its key.
func (b *Book) EnterAddress(a *Address) { b.addresses[a.Key] = a }

// Take applies one record to the book.
func (b *Book) Take(record *erp.Partner) (*Draft, error) {
	digest, err := digestOf(*record)
	if err != nil {
		return nil, err
	}
	d := &Draft{Key: record.Key}
	d.Partner, d.wrote = b.find(record)
	if d.Partner == nil {
		d.Partner, d.created = &Partner{Created: true}, true
		b.bind(record.Key, d.Partner)
	}
	b.touch(d.Partner)
	d.before = append(d.before, d.Partner.Digest)
	if d.created || !record.KeepExisting && d.Partner.Digest != digest {
		b.fill(d.Partner, record, digest)
		d.wrote = true
	}
	if !record.KeepExisting && d.Partner.Mailbox == "" {
		b.claim(b.mailbox(record), d.Partner) // another partner, which bore the same e-mail, may have given it up
	}
	d.after = append(d.after, d.Partner.Digest)
	for i := range record.Addresses {
		if err := b.takeAddress(d, &record.Addresses[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// find returns the partner under the record's key, or else under its e-mail; bound reports that the key is new to it. One
// person may order as a guest first and with an account later, but two accounts are two customers even if an order of one
// bears the e-mail of the other.
func (b *Book) find(record *erp.Partner) (found *Partner, bound bool) {
	if found = b.byKey[record.Key]; found != nil {
		return found, false
	}
	found = b.byEmail[b.mailbox(record)]
	if found == nil || record.Key.Entity == erp.AccountEntity && b.accounts[account{found, record.Key.Instance}] {
		return nil, false
	}
	b.bind(record.Key, found)
	return found, true
}

func (b *Book) bind(key erp.Key, p *Partner) {
	b.EnterKey(key, p)
	p.Keys = append(p.Keys, key)
}

func (b *Book) touch(p *Partner) {
	if !b.touched[p] {
		b.touched[p] = true
		b.Partners = append(b.Partners, p)
	}
}

// fill gives a partner new content. Its old e-mail no longer finds it, but whoever of the batch has that e-mail now; the
// new one does, unless it finds another.
func (b *Book) fill(p *Partner, record *erp.Partner, digest string) {
	p.Content, p.Digest = record, digest
	if record.InvalidTaxID != "" {
		p.Steps = append(p.Steps, "VAT number not valid: kept as a note on the contact")
	}
	given := p.Mailbox
	next := b.mailbox(record)
	if given != "" && given != next && b.byEmail[given] == p {
		delete(b.byEmail, given)
		p.Dropped, p.Mailbox, p.Claimed = append(p.Dropped, given), "", false
		b.inherit(given)
	}
	b.claim(next, p)
}

// inherit lets a mailbox find the partner of the batch that has its e-mail: two customers may have swapped theirs.
func (b *Book) inherit(mailbox string) {
	for _, p := range b.Partners {
		if p.Content != nil && p.Mailbox == "" && b.mailbox(p.Content) == mailbox {
			b.claim(mailbox, p)
		}
	}
}

// claim lets a mailbox find a partner, unless it finds another.
func (b *Book) claim(mailbox string, p *Partner) {
	if mailbox != "" && b.byEmail[mailbox] == nil {
		b.byEmail[mailbox], p.Mailbox, p.Claimed = p, mailbox, true
	}
}

func (b *Book) takeAddress(d *Draft, record *erp.Address) error {
	digest, err := landing.Digest(*record, func(a *erp.Address) *erp.Key { return &a.Key })
	if err != nil {
		return err
	}
	held := b.addresses[record.Key]
	if held == nil {
		held = &Address{Key: record.Key, Created: true}
		b.addresses[record.Key] = held
	}
	d.addresses = append(d.addresses, held)
	d.before, d.after = append(d.before, held.Digest), append(d.after, digest)
	if held.Owner != d.Partner || held.Digest != digest {
		if held.Content == nil {
			b.Moved = append(b.Moved, held)
		}
		held.Owner, held.Digest, held.Content = d.Partner, digest, record
		d.wrote = true
	}
	return nil
}

// digestOf names a partner's own content: addresses are compared by themselves, and KeepExisting is no content.
func digestOf(record erp.Partner) (string, error) {
	record.Addresses, record.KeepExisting = nil, false
	return landing.Digest(record, func(p *erp.Partner) *erp.Key { return &p.Key })
}
