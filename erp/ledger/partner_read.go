package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/partnerbook"
)

// mailbox is an e-mail as it identifies a partner: within an instance, without case.
type mailbox struct{ instance, email string }

func (m mailbox) String() string { return m.instance + "/" + m.email }

func mailboxOf(record *erp.Partner) mailbox {
	return mailbox{instance: record.Key.Instance, email: partnerbook.EmailKey(record.Email)}
}

// mailboxName is what the book knows a record's e-mail by.
func mailboxName(record *erp.Partner) string {
	if box := mailboxOf(record); box.email != "" {
		return box.String()
	}
	return ""
}

// openBook locks and reads what the records may touch.
func openBook(ctx context.Context, tx *sqlx.Tx, records []*erp.Partner) (*partnerbook.Book, error) {
	var keys, addressKeys []erp.Key
	var names []string
	var boxes []mailbox
	for _, record := range records {
		keys = append(keys, record.Key)
		names = append(names, "partner/"+record.Key.String())
		if box := mailboxOf(record); box.email != "" {
			boxes = append(boxes, box)
			names = append(names, "mailbox/"+box.String())
		}
		for i := range record.Addresses {
			addressKeys = append(addressKeys, record.Addresses[i].Key)
		}
	}
	if err := lockNames(ctx, tx, names); err != nil {
		return nil, err
	}
	held, err := resolve(ctx, tx, "partner", keys)
	if err != nil {
		return nil, err
	}
	r := bookReader{tx: tx, book: partnerbook.New(mailboxName), byID: map[int64]*partnerbook.Partner{}}
	for key, h := range held {
		r.book.EnterKey(key, r.partner(h.ID, h.Digest))
	}
	if err := r.readMailboxes(ctx, boxes); err != nil {
		return nil, err
	}
	return r.book, r.readAddresses(ctx, addressKeys)
}

// bookReader fills a book with what the ledger has.
type bookReader struct {
	tx   *sqlx.Tx
	book *partnerbook.Book
	byID map[int64]*partnerbook.Partner
}

// partner gives the one partner in memory that stands for an id.
func (r bookReader) partner(id int64, digest string) *partnerbook.Partner {
	if r.byID[id] == nil {
		r.byID[id] = &partnerbook.Partner{ID: id, Digest: digest}
	}
	return r.byID[id]
}

// readMailboxes finds the partners that have an e-mail and a key of the same instance, and whether they are accounts; of
// several the oldest.
func (r bookReader) readMailboxes(ctx context.Context, boxes []mailbox) error {
	instances, emails := make([]string, len(boxes)), make([]string, len(boxes))
	for i, box := range boxes {
		instances[i], emails[i] = box.instance, box.email
	}
	var rows []struct {
		Instance string
		Email    string
		ID       int64
		Digest   string
		Account  bool
	}
	err := r.tx.SelectContext(ctx, &rows, `
		SELECT DISTINCT ON (k.instance, k.email) k.instance, k.email, p.id, e.digest, e.entity = $3 AS account
		FROM unnest($1::text[], $2::text[]) k (instance, email)
		CROSS JOIN LATERAL (
			SELECT id FROM ledger.partners WHERE email_key = k.email AND email_key <> '' OFFSET 0
		) p
		CROSS JOIN LATERAL (
			SELECT digest, entity FROM ledger.external_ids WHERE model = 'partner' AND record_id = p.id AND instance = k.instance OFFSET 0
		) e
		ORDER BY k.instance, k.email, p.id, e.entity = $3 DESC`, pq.Array(instances), pq.Array(emails), erp.AccountEntity)
	for _, row := range rows {
		found := r.partner(row.ID, row.Digest)
		r.book.EnterMailbox(mailbox{row.Instance, row.Email}.String(), found)
		if row.Account {
			r.book.EnterAccount(row.Instance, found)
		}
	}
	return classify(err)
}

func (r bookReader) readAddresses(ctx context.Context, keys []erp.Key) error {
	if len(keys) == 0 {
		return nil
	}
	instances, entities, ids := columnsOfKeys(keys)
	var rows []struct {
		Instance  string
		Entity    string
		ExtID     string `db:"ext_id"`
		ID        int64
		Digest    string
		PartnerID int64 `db:"partner_id"`
	}
	err := r.tx.SelectContext(ctx, &rows, `
		SELECT k.instance, k.entity, k.ext_id, a.id, e.digest, a.partner_id
		FROM `+boundKeys+`
		JOIN ledger.addresses a ON a.id = e.record_id`, pq.Array(instances), pq.Array(entities), pq.Array(ids), "address")
	for _, row := range rows {
		key := erp.Key{Instance: row.Instance, Entity: row.Entity, ID: row.ExtID}
		// An owner the batch does not touch is only told apart from those it does, so its digest is of no interest.
		r.book.EnterAddress(&partnerbook.Address{Key: key, ID: row.ID, Digest: row.Digest, Owner: r.partner(row.PartnerID, "")})
	}
	return classify(err)
}
